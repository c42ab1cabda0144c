using LockLeak.Locks;

namespace LockLeak.Findings;

/// <summary>Looks for one kind of finding.</summary>
internal abstract class Finder
{
    /// <summary>The kind of finding that it looks for.</summary>
    public abstract FindingKind Kind { get; }

    /// <summary>All of them.</summary>
    public abstract IEnumerable<Finding> Find(FindingContext context);

    /// <summary>Starts a finding.</summary>
    protected Finding New(Sentence message) => new(Kind, message);

    /// <summary>Starts a finding about a lock, with all who own it and wait for it.</summary>
    protected Finding About(LockNode node, Sentence message) =>
        New(message) with { Lock = node, Waiters = FindingContext.WaitersOf(node), Owners = FindingContext.OwnersOf(node) };
}
