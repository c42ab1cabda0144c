using System.Text.Json.Serialization;

namespace LockLeak.Reports;

/// <summary>Answer of <c>!lockleak</c>.</summary>
internal sealed record LockLeakReport(string Command, TargetReport Target) : Report(Command, Target)
{
    /// <summary>What is wrong, worst first; empty when nothing is.</summary>
    public required IReadOnlyList<FindingReport> Findings { get; init; }

    /// <summary>
    /// The thread that most threads of a hang wait for, unless a finding says why; null when no thread has waited for seconds behind
    /// another one.
    /// </summary>
    public required BlockerReport? Blocker { get; init; }

    /// <summary>Who waits for whom without a circle: the chain of the blocker first, then most waiters first.</summary>
    public required IReadOnlyList<ChainReport> Chains { get; init; }

    /// <summary>The locks that somebody has waited for since seconds, most waiters first.</summary>
    public required IReadOnlyList<ContentionReport> Contentions { get; init; }

    /// <summary>True when threads wait for locks and none has done so for seconds.</summary>
    [JsonIgnore]
    public bool IsContention { get; init; }

    /// <summary>All threads that take part in a finding or a chain; with -a all that hold or wait for a lock.</summary>
    public required IReadOnlyList<ThreadReport> Threads { get; init; }

    /// <summary>All locks that take part in a finding or a chain; with -a all that a thread holds or waits for.</summary>
    public required IReadOnlyList<LockReport> Locks { get; init; }

    /// <summary>With -check only: what the kernel says in two places.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<CheckReport>? Checks { get; init; }
}
