using LockLeak.Kernel;
using LockLeak.Locks;

namespace LockLeak.Findings;

/// <summary>Threads that were suspended or frozen while they own a lock that others wait for.</summary>
/// <remarks>
/// A suspension waits until a thread is out of its critical regions, and every lock of the kernel is to be taken inside one
/// (KeEnterCriticalRegion). The owner goes on when it is resumed, which may need the threads that wait.
/// </remarks>
internal sealed class SuspendedOwners : Finder
{
    public override FindingKind Kind { get; } = new("suspended-owner", "HELD BY A SUSPENDED THREAD", Certainty.Suspect);

    /// <summary>Suspects, one for each contended lock of a suspended thread.</summary>
    public override IEnumerable<Finding> Find(FindingContext context)
    {
        foreach (LockNode node in context.Graph.Locks.Where(node => node is { Waiters.Count: > 0, IsChanging: false, Kind.IsLock: true }))
        {
            foreach (LockOwner owner in node.Owners.Where(owner =>
                context.View.Thread(owner.Thread) is { IsWaiting: true } thread && WaitReasons.IsSuspension(thread.WaitReason)))
            {
                yield return About(
                    node,
                    $"Thread {context.Describe(owner.Thread)} is suspended and owns {FindingContext.Describe(node)}; " +
                        $"{FindingContext.Waiting(node.Waiters.Count)} for it.")
                    with
                {
                    Thread = owner.Thread,
                    Entry = owner.Entry?.Address ?? default,
                    Reason = $"The lock was taken outside a critical region, or the thread was frozen by a debugger; it goes on once it " +
                        $"is resumed.",
                };
            }
        }
    }
}
