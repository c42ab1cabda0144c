using LockLeak.Analysis;
using LockLeak.Kernel;

namespace LockLeak.Checks;

/// <summary>What the checks look at.</summary>
/// <param name="View">The machine as far as it was read.</param>
/// <param name="Graph">Who owns and who waits.</param>
/// <param name="Walks">The thread lists that were walked.</param>
/// <param name="IsThorough">True when memory may be read for a check; false when only what is at hand counts.</param>
internal sealed record CheckContext(KernelView View, LockGraph Graph, IReadOnlyList<ThreadWalk> Walks, bool IsThorough)
{
    private readonly HashSet<ulong> running = [.. View.Target.RunningThreads];

    /// <summary>True for a thread that a processor runs, or is just switching to or from: its fields may be between two steps.</summary>
    public bool IsOnProcessor(KernelThread thread) => thread.State == ThreadStates.Running || running.Contains(thread.Address.Value);

    /// <summary>True for a thread that waits and that no processor is busy with: what it wrote about itself is finished.</summary>
    public bool IsAsleep(KernelThread thread) => thread.IsWaiting && !IsOnProcessor(thread);
}
