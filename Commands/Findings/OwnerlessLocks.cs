using LockLeak.Kernel;
using LockLeak.Locks;

namespace LockLeak.Findings;

/// <summary>Contended locks that say they are owned, by no thread that can be found.</summary>
/// <remarks>
/// Only locks that AutoBoost tracks count, that is those for which a waiter has a lock entry: the owners of other push
/// locks leave no trace, and not finding them means nothing. Neither does it where a thread is out of lock entries.
/// </remarks>
internal sealed class OwnerlessLocks : Finder
{
    public override FindingKind Kind { get; } = new("ownerless-lock", "OWNERLESS", Certainty.Suspect);

    /// <summary>Suspects; none when anything could not be seen.</summary>
    public override IEnumerable<Finding> Find(FindingContext context)
    {
        if (!context.IsWholeMachine || context.View.IsInterrupted || context.View.Layout.Entries is null)
        {
            yield break;
        }

        // A thread whose entries are all in use was looked at: it is among the known ones.
        List<ThreadAddress> exhausted =
            [.. context.View.KnownThreads().Where(thread => thread.IsOutOfEntries).Select(thread => thread.Address)];
        foreach (LockNode node in context.Graph.Locks.Where(IsOwnerless))
        {
            string? doubt = exhausted.Count > 0 ? $"it may be a thread that is out of lock entries ({context.List(exhausted)})"
                : context.View.Notes.HasGaps ? "not everything could be read"
                : null;
            if (doubt is not null)
            {
                context.View.Notes.Add($"The owner of {FindingContext.Describe(node)} cannot be told, although " +
                    $"{FindingContext.Waiting(node.Waiters.Count)} for it: {doubt}.");
                continue;
            }

            yield return About(node,
                $"No thread owns {FindingContext.Describe(node)}, but {FindingContext.Waiting(node.Waiters.Count)} for it.")
                with
            {
                Reason = $"No thread is out of lock entries: the owner is gone or acquired the lock untracked.",
            };
        }
    }

    private static bool IsOwnerless(LockNode node) =>
        node is
        {
            IsLocked: true, IsChanging: false, Owners.Count: 0, Acquiring.Count: 0, OwnerPointers.Count: 0, LostOwner: 0,
            UnreadableOwner: 0
        } &&
        node.Waiters.Any(waiter => waiter.IsQueued && waiter.FoundBy.Contains(FoundBy.LockEntry));
}
