using System.Diagnostics;
using System.Globalization;

namespace LockLeak.Kernel;

/// <summary>The parts of a command's work.</summary>
internal enum Phase
{
    /// <summary>Where the fields of the kernel's structures lie.</summary>
    Types,

    /// <summary>The list of processes.</summary>
    Processes,

    /// <summary>The lists of threads, and the threads that matter.</summary>
    Threads,

    /// <summary>The locks, who owns them, and what is wrong.</summary>
    Locks,

    /// <summary>Walking stacks.</summary>
    Stacks,

    /// <summary>Looking into drivers' code.</summary>
    Code,

    /// <summary>Making the report and its text, names of addresses included.</summary>
    Output,
}

/// <summary>Where the time of a command goes: always to one phase, from the first on.</summary>
/// <param name="isMeasured">False when nobody will ask; to ask the clock twice for each process takes time itself.</param>
internal sealed class Phases(bool isMeasured)
{
    private static readonly string[] Names = ["types", "processes", "threads", "locks", "stacks", "code", "output"];

    private readonly TimeSpan[] spent = new TimeSpan[Names.Length];
    private Phase current;
    private long since = Stopwatch.GetTimestamp();

    /// <summary>Goes on to another phase.</summary>
    /// <returns>The phase until now, to which whoever only breaks in goes back.</returns>
    public Phase Begin(Phase next)
    {
        long now = isMeasured ? Stopwatch.GetTimestamp() : since;
        spent[(int)current] += Stopwatch.GetElapsedTime(since, now);
        (Phase before, current, since) = (current, next, now);
        return before;
    }

    /// <summary>"types 21.4, processes 0.3, ... output 2.0 ms".</summary>
    public override string ToString()
    {
        Begin(current);
        return string.Join(", ",
            spent.Zip(Names, (time, name) => string.Create(CultureInfo.InvariantCulture, $"{name} {time.TotalMilliseconds:0.0}"))) + " ms";
    }
}
