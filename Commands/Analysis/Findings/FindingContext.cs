using System.Globalization;
using LockLeak.Kernel;

namespace LockLeak.Analysis.Findings;

/// <summary>What the finders look at.</summary>
/// <param name="View">The machine as far as it was read.</param>
/// <param name="Scan">The walk over its threads.</param>
/// <param name="Graph">Who owns and who waits.</param>
/// <param name="IsWholeMachine">True when every process was looked at, so that "nobody owns it" means something.</param>
public sealed record FindingContext(KernelView View, MachineScan Scan, LockGraph Graph, bool IsWholeMachine)
{
    /// <summary>"ffffc788`39108040 (System 4.1928)": a thread for a sentence.</summary>
    public string Describe(ulong thread) =>
        View.Thread(thread) is { } known
            ? string.Create(CultureInfo.InvariantCulture, $"{Address.Text(thread)} ({known.Process?.ImageFileName ?? "?"} {known.UniqueProcess:x}.{known.UniqueThread:x})")
            : Address.Text(thread);

    /// <summary>"push lock ffffc788`3a0f6f70": a lock for a sentence.</summary>
    public static string Describe(LockNode node) => $"{(node.Kind == LockKind.Unknown ? "lock" : node.Kind.Text())} {Address.Text(node.Address)}";

    /// <summary>"1 thread waits", "3 threads wait".</summary>
    public static string Waiting(int threads) => threads == 1 ? "1 thread waits" : $"{threads} threads wait";

    /// <summary>The threads that wait for a lock.</summary>
    public static IReadOnlyList<ulong> WaitersOf(LockNode node) => [.. node.Waiters.Select(waiter => waiter.Thread).Where(thread => thread != 0)];

    /// <summary>The threads that own a lock.</summary>
    public static IReadOnlyList<ulong> OwnersOf(LockNode node) => [.. node.Owners.Select(owner => owner.Thread)];
}
