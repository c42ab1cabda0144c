using System.Text.Json.Serialization;
using LockLeak.Kernel;

namespace LockLeak.Reports;

/// <summary>Answer of <c>!threadlocks</c>.</summary>
internal sealed record ThreadLocksReport(string Command, TargetReport Target) : Report(Command, Target)
{
    /// <summary>The threads, in list order; empty with -s.</summary>
    public required IReadOnlyList<ThreadReport> Threads { get; init; }

    /// <summary>With -s: counts for each process.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<ProcessReport>? Processes { get; init; }
}

/// <summary>Threads of a process, counted.</summary>
/// <param name="Process">_EPROCESS.</param>
/// <param name="Image">Image name.</param>
/// <param name="Pid">Process ID.</param>
/// <param name="Threads">All threads.</param>
/// <param name="Terminated">Ended ones.</param>
/// <param name="Running">On a processor.</param>
/// <param name="Ready">Ready to run.</param>
/// <param name="Waiting">Waiting for anything.</param>
/// <param name="WaitingForLock">Waiting for a lock.</param>
/// <param name="Owning">With at least one lock entry that owns.</param>
internal sealed record ProcessReport(
    ProcessAddress Process, string Image, long Pid, long Threads, long Terminated, long Running, long Ready, long Waiting,
    long WaitingForLock, long Owning);
