using LockLeak.Kernel;
using LockLeak.Locks;

namespace LockLeak.Findings;

/// <summary>
/// Threads that wait on behalf of user mode and still own a kernel lock, which nobody will release before they come back.
/// </summary>
internal sealed class UserModeOwners : Finder
{
    public override FindingKind Kind { get; } = new("user-mode-owner", "HELD IN USER MODE", Certainty.Suspect);

    /// <summary>Suspects, one for each lock of each thread.</summary>
    public override IEnumerable<Finding> Find(FindingContext context)
    {
        foreach (KernelThread thread in context.View.KnownThreads().Where(thread => UserMode.IsIn(context.View, thread)))
        {
            foreach (LockEntry entry in thread.EntriesInUse.Where(entry =>
                entry is { NamesALock: true, Relation: LockRelation.Owns, IsCrossThreadReleasable: false }))
            {
                context.Graph.Inspect(entry.Lock);
            }
        }

        foreach (LockNode node in context.Graph.Locks.Where(node =>
            node is { Kind.IsReleasedBeforeUserMode: true, IsLocked: not false, IsChanging: false }))
        {
            foreach (LockOwner owner in node.Owners.Where(owner =>
                !owner.IsDisowned && context.View.Thread(owner.Thread) is { } thread && UserMode.IsIn(context.View, thread)))
            {
                yield return About(node,
                    $"Thread {context.Describe(owner.Thread)} " +
                    $"{(context.View.Thread(owner.Thread) is { IsWaiting: true } ? "waits" : "runs")} in user mode and still owns " +
                    $"{FindingContext.Describe(node)}.")
                    with
                {
                    Thread = owner.Thread,
                    Entry = owner.Entry?.Address ?? default,
                    Reason = $"A system call returned, or waits for its caller, without releasing the lock.",
                };
            }
        }
    }
}
