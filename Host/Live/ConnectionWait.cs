using System.Diagnostics;
using LockLeak.DbgEng;

namespace LockLeak.Host;

/// <summary>
/// Says on standard error that a machine is being waited for, as long as it is not there: before its first answer, and while it is
/// restarted.
/// </summary>
internal sealed class ConnectionWait : IDisposable
{
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    private readonly EngineClient engine;
    private readonly string connection;
    private readonly Action gone, back;
    private readonly Stopwatch clock = Stopwatch.StartNew();
    private readonly Timer timer;
    private TimeSpan next = Quiet;
    private bool wasThere, isAttaching, isOver;

    /// <summary>Begins to look.</summary>
    /// <param name="engine">The engine, whose own thread is about to wait for the machine.</param>
    /// <param name="connection">The connection as the user wrote it.</param>
    /// <param name="gone">Done when the machine that was there has gone down.</param>
    /// <param name="back">Done when the machine has answered.</param>
    public ConnectionWait(EngineClient engine, string connection, Action gone, Action back)
    {
        this.engine = engine;
        this.connection = connection;
        this.gone = gone;
        this.back = back;
        wasThere = IsThere(engine);
        timer = new Timer(_ => Tick(), null, Look, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Whether the machine has answered and has not gone down since. May be called on any thread.</summary>
    public static bool IsThere(EngineClient engine) =>
        engine.Control.GetExecutionStatus(out DEBUG_STATUS status) >= 0 && status != DEBUG_STATUS.NO_DEBUGGEE;

    /// <summary>
    /// To be called when a packet has come from the machine: the first of them is well before the engine says that the machine is there.
    /// </summary>
    public void Hear()
    {
        lock (timer)
        {
            if (!isOver && !wasThere && !isAttaching)
            {
                isAttaching = true;
                back();
            }
        }
    }

    public void Dispose()
    {
        lock (timer)
        {
            isOver = true;
            timer.Dispose();
        }
    }

    /// <summary>
    /// One look begins when the one before has ended. The engine may make each of them wait; were they begun by the clock they would take
    /// all threads there are, and a time limit that is over would find none to say so.
    /// </summary>
    private void Tick()
    {
        // Not with the lock: the engine's thread may want it in Hear, and the engine may make this one wait for that.
        bool isThere = IsThere(engine);
        lock (timer)
        {
            if (isOver)
            {
                return;
            }

            if (isThere)
            {
                isAttaching = false;
            }
            else if (wasThere)
            {
                gone();
                clock.Restart();
                next = Quiet;
            }
            else if (!isAttaching && clock.Elapsed >= next)
            {
                next += Between;
                Console.Error.WriteLine(
                    $"lockleak: waiting for the machine on {connection} ({clock.Elapsed.TotalSeconds:0} s, Ctrl+C ends it)");
            }

            wasThere = isThere;
            timer.Change(Look, Timeout.InfiniteTimeSpan);
        }
    }
}
