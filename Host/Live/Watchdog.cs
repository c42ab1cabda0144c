using System.Runtime.InteropServices;

namespace LockLeak.Host;

/// <summary>
/// Ends the process when a live machine owes an answer for too long. The engine waits for a lost machine for ever, on its
/// only thread, and no interrupt reaches it there: nothing less helps.
/// </summary>
/// <param name="standard">How long the machine may be silent where nothing else is said.</param>
/// <param name="failures">Where the reason is written.</param>
internal sealed partial class Watchdog(TimeSpan standard, Failures failures) : IDisposable
{
    /// <summary>What the user should know when the machine was stopped and is not heard of any more.</summary>
    public const string MayBeStopped = "It may be stopped now: a debugger that attaches to it can let it run on (g).";

    private readonly Lock sync = new();
    private Timer? timer;
    private TimeSpan limit = Timeout.InfiniteTimeSpan;
    private string line = "";
    private bool isGuarding, owesAnswer, followsProtocol;

    /// <summary>From now on the machine has to answer what it is asked.</summary>
    /// <param name="doing">What is being done, for the user: "running !lockleak".</param>
    public void Guard(string doing)
    {
        lock (sync)
        {
            // Where it is not known what the machine is asked, it is taken to be asked all the time.
            Begin(doing, standard, owes: !followsProtocol);
        }
    }

    /// <summary>From now on the machine owes an answer: to a request to stop, which is none of the protocol's.</summary>
    /// <param name="doing">What is being done.</param>
    /// <param name="silence">How long it may be silent; null for the standard.</param>
    public void Await(string doing, TimeSpan? silence = null)
    {
        lock (sync)
        {
            Begin(doing, silence ?? standard, owes: true);
        }
    }

    /// <summary>The engine waits for the machine. Said again at each repetition, which gives the machine no more time.</summary>
    public void Asked()
    {
        lock (sync)
        {
            followsProtocol = true;
            if (isGuarding && !owesAnswer)
            {
                Owe(true);
            }
        }
    }

    /// <summary>The machine has answered.</summary>
    public void Answered()
    {
        lock (sync)
        {
            followsProtocol = true;
            Owe(false);
        }
    }

    /// <summary>The command goes on.</summary>
    public void Feed()
    {
        lock (sync)
        {
            Owe(owesAnswer && isGuarding);
        }
    }

    /// <summary>Nothing is expected of the machine for now.</summary>
    public void Rest()
    {
        lock (sync)
        {
            isGuarding = false;
            Owe(false);
        }
    }

    /// <summary>Ends the process at once, whatever the engine's thread does: ExitProcess would wait for locks that it holds.</summary>
    public static void End(int exitCode)
    {
        Console.Out.Flush();
        _ = TerminateProcess(-1, (uint)exitCode);
    }

    public void Dispose() => timer?.Dispose();

    private void Begin(string doing, TimeSpan silence, bool owes)
    {
        isGuarding = true;
        limit = silence;
        line = $"no answer from the machine for {silence.TotalSeconds:0.#} s while {doing}. {MayBeStopped}";
        Owe(owes);
    }

    private void Owe(bool owes)
    {
        owesAnswer = owes;
        timer ??= new Timer(_ => Bite());
        timer.Change(owes ? limit : Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    private void Bite()
    {
        lock (sync)
        {
            if (!isGuarding || !owesAnswer)
            {
                return;
            }
        }

        failures.Write(ErrorCode.NoAnswer, line);
        End(ExitCode.CouldNotRun);
    }

    // -1 is the process itself.
    [LibraryImport("kernel32")]
    private static partial int TerminateProcess(nint process, uint exitCode);
}
