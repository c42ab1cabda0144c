using System.Diagnostics;
using LockLeak.DbgEng;

namespace LockLeak.Host;

/// <summary>Says on standard error that a machine is being waited for, as long as it has not answered.</summary>
internal sealed class ConnectionWait : IDisposable
{
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    private readonly EngineClient engine;
    private readonly string connection;
    private readonly Action answered;
    private readonly Stopwatch clock = Stopwatch.StartNew();
    private readonly Timer timer;
    private TimeSpan next = Quiet;
    private bool isOver;

    /// <summary>Begins to wait.</summary>
    /// <param name="engine">The engine, whose own thread is about to wait for the machine.</param>
    /// <param name="connection">The connection as the user wrote it.</param>
    /// <param name="answered">Done when the machine has answered, which is well before the engine says so.</param>
    public ConnectionWait(EngineClient engine, string connection, Action answered)
    {
        this.engine = engine;
        this.connection = connection;
        this.answered = answered;
        timer = new Timer(_ => Tick(), null, Look, Look);
    }

    /// <summary>Whether the machine has answered. May be called on any thread.</summary>
    public static bool HasAnswered(EngineClient engine) =>
        engine.Control.GetExecutionStatus(out DEBUG_STATUS status) >= 0 && status != DEBUG_STATUS.NO_DEBUGGEE;

    public void Dispose()
    {
        lock (timer)
        {
            isOver = true;
            timer.Dispose();
        }
    }

    private void Tick()
    {
        lock (timer)
        {
            if (isOver)
            {
                return;
            }

            if (HasAnswered(engine))
            {
                isOver = true;
                answered();
            }
            else if (clock.Elapsed >= next)
            {
                next += Between;
                Console.Error.WriteLine($"lockleak: waiting for the machine on {connection} ({clock.Elapsed.TotalSeconds:0} s, Ctrl+C ends it)");
            }
        }
    }
}
