using System.Runtime.InteropServices;

namespace LockLeak.Host;

/// <summary>
/// Ends the process when a live machine has been silent for too long. The engine waits for a lost machine for ever, on its
/// only thread, and no interrupt reaches it there: nothing less helps.
/// </summary>
internal sealed partial class Watchdog : IDisposable
{
    private readonly Lock sync = new();
    private readonly Timer timer;
    private readonly TimeSpan standard;
    private TimeSpan limit = Timeout.InfiniteTimeSpan;
    private string line = "";

    /// <summary>Makes one that sleeps.</summary>
    /// <param name="limit">How long the machine may be silent where nothing else is said.</param>
    public Watchdog(TimeSpan limit)
    {
        standard = limit;
        timer = new Timer(_ => Bite());
    }

    /// <summary>From now on the machine has to give signs of life.</summary>
    /// <param name="doing">What is being done, for the user: "running !lockleak".</param>
    public void Guard(string doing) =>
        Guard(doing, standard, "It may be stopped now: a debugger that attaches to it can let it run on (g).");

    /// <summary>From now on the machine has to give signs of life.</summary>
    /// <param name="doing">What is being done.</param>
    /// <param name="silence">How long it may be silent.</param>
    /// <param name="consequence">What the user should know if it comes to nothing.</param>
    public void Guard(string doing, TimeSpan silence, string consequence = "")
    {
        lock (sync)
        {
            limit = silence;
            line = $"no answer from the machine for {silence.TotalSeconds:0.#} s while {doing}. {consequence}".TrimEnd();
            timer.Change(limit, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>A sign of life.</summary>
    public void Feed()
    {
        lock (sync)
        {
            timer.Change(limit, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Nothing is expected of the machine for now.</summary>
    public void Rest()
    {
        lock (sync)
        {
            limit = Timeout.InfiniteTimeSpan;
            timer.Change(limit, limit);
        }
    }

    /// <summary>Ends the process at once, whatever the engine's thread does: ExitProcess would wait for locks that it holds.</summary>
    public static void End(int exitCode)
    {
        Console.Out.Flush();
        _ = TerminateProcess(-1, (uint)exitCode);
    }

    public void Dispose() => timer.Dispose();

    private void Bite()
    {
        lock (sync)
        {
            if (limit == Timeout.InfiniteTimeSpan)
            {
                return;
            }
        }

        Console.Error.WriteLine($"lockleak: {line}");
        End(ExitCode.CouldNotRun);
    }

    // -1 is the process itself.
    [LibraryImport("kernel32")]
    private static partial int TerminateProcess(nint process, uint exitCode);
}
