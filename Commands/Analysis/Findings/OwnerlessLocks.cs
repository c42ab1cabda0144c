namespace LockLeak.Analysis.Findings;

/// <summary>Contended locks that say they are owned, by no thread that can be found.</summary>
/// <remarks>
/// Only locks that AutoBoost tracks count, that is those for which a waiter has a lock entry: the owners of other push
/// locks leave no trace, and not finding them means nothing. Neither does it where a thread is out of lock entries.
/// </remarks>
public static class OwnerlessLocks
{
    /// <summary>Suspects; none when only a part of the machine was looked at.</summary>
    public static IEnumerable<Finding> Find(FindingContext context)
    {
        if (!context.IsWholeMachine || context.View.IsInterrupted || context.View.Layout.Entries is null)
        {
            yield break;
        }

        List<LockNode> ownerless = [.. context.Graph.Locks.Where(IsOwnerless)];
        // A thread whose entries are all in use was looked at: it is among the known ones.
        List<ulong> exhausted = [.. context.View.KnownThreads.Where(thread => thread.IsOutOfEntries).Select(thread => thread.Address)];
        foreach (LockNode node in ownerless)
        {
            if (exhausted.Count > 0)
            {
                context.View.Notes.Add(
                    $"The owner of {FindingContext.Describe(node)} cannot be told, although {FindingContext.Waiting(node.Waiters.Count)} for it: it may be a thread that is out of lock entries " +
                    $"({string.Join(", ", exhausted.Take(3).Select(context.Describe))}{(exhausted.Count > 3 ? $" and {exhausted.Count - 3} more" : "")}).");
                continue;
            }

            yield return new Finding(FindingKind.OwnerlessLock, $"No thread owns {FindingContext.Describe(node)}, but {FindingContext.Waiting(node.Waiters.Count)} for it.")
            {
                Lock = node.Address,
                Waiters = FindingContext.WaitersOf(node),
                Reason = "No thread is out of lock entries: the owner is gone or acquired the lock untracked.",
            };
        }
    }

    private static bool IsOwnerless(LockNode node) =>
        node is { IsLocked: true, Owners.Count: 0, Acquiring.Count: 0, HasOwnerThatIsNoThread: false } &&
        !(node.Kind == LockKind.PushLock && node.PushLock.IsWaking) &&
        node.Waiters.Any(waiter => waiter.FoundBy.Contains(FoundBy.LockEntry));
}
