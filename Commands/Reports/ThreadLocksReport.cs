using System.Text.Json.Serialization;
using LockLeak.Kernel;

namespace LockLeak.Reports;

/// <summary>Answer of <c>!threadlocks</c>.</summary>
internal sealed record ThreadLocksReport(string Command, TargetReport Target) : Report(Command, Target)
{
    /// <summary>The threads, in list order.</summary>
    public required IReadOnlyList<ThreadReport> Threads { get; init; }

    /// <summary>Counts for each process, with -s.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<ProcessSummary>? Processes { get; init; }
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
internal sealed record ProcessSummary(
    ProcessAddress Process, string Image, long Pid, long Threads, long Terminated, long Running, long Ready, long Waiting,
    long WaitingForLock, long Owning);
