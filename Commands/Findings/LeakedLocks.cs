using LockLeak.Kernel;
using LockLeak.Locks;

namespace LockLeak.Findings;

/// <summary>
/// Locks whose own owner field leads to a thread that has ended, or to memory that is no thread any more. No lock entry is
/// needed, so this sees leaks on every Windows, and those of resources, which the end of a thread does not look at.
/// </summary>
internal sealed class LeakedLocks : Finder
{
    public override FindingKind Kind { get; } = new("leaked-lock", "LEAKED", Certainty.Certain);

    public override IEnumerable<Finding> Find(FindingContext context) =>
        context.Graph.Locks.Where(node => node is { Kind.HasOwnerField: true, IsLocked: true, IsAbandoned: false })
            .SelectMany(node => Find(context, node));

    private IEnumerable<Finding> Find(FindingContext context, LockNode node)
    {
        string consequence = node.Waiters.Count == 0 ? "nobody waits for it" : $"{FindingContext.Waiting(node.Waiters.Count)} for it";
        foreach (LockOwner owner in node.Owners.Where(owner => HasEndedWithoutAnEntry(context, owner.Thread, node)))
        {
            yield return About(node,
                $"Thread {context.Describe(owner.Thread)} " +
                $"{(context.View.Thread(owner.Thread) is { HasEnded: true } ? "ended" : "ends")} without releasing " +
                $"{FindingContext.Describe(node)}; {consequence}.")
                with
            {
                Certainty = node.IsProven ? Certainty.Certain : Certainty.Suspect,
                Thread = owner.Thread,
                Owner = owner.Thread.Value,
                Reason = $"The owner field of the lock names the thread.",
            };
        }

        // Threads lie in memory that a full or kernel dump holds whole, so that one that is not there is gone if nothing else is missing.
        ulong gone = node.LostOwner != 0 ? node.LostOwner : context.SawEverything ? node.UnreadableOwner : 0;
        if (KernelMemory.IsKernelAddress(gone))
        {
            yield return About(node,
                $"The owner of {FindingContext.Describe(node)} is gone: {Address.Text(gone)} is no thread any more; {consequence}.")
                with
            {
                Certainty = Certainty.Suspect,
                Owner = gone,
                Reason = $"The thread that the owner field names was freed, and its memory holds something else now; or the lock was " +
                    $"overwritten.",
            };
        }
    }

    /// <summary>A thread that still has an entry for the lock is told of as a leaked entry.</summary>
    private static bool HasEndedWithoutAnEntry(FindingContext context, ThreadAddress owner, LockNode node) =>
        context.View.Thread(owner) is { } thread &&
            (thread.HasEnded || context.BugCheck is { IsAtTheEnd: true } bugCheck && bugCheck.Thread == owner) &&
            thread.EntryOf(node.Address) is null;
}
