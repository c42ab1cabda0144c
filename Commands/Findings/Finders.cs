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

/// <summary>Everything that is looked for, and in which order a reader wants it.</summary>
/// <remarks>
/// What the machine itself complained about comes first, then what can never resolve (leaks, damage, circles), then what only
/// looks so. A later finder leaves out what an earlier one has explained.
/// </remarks>
internal static class Finders
{
    /// <summary>All finders.</summary>
    public static IReadOnlyList<Finder> All { get; } =
    [
        new InvalidReleases(), new LeakedEntries(), new LeakedLocks(), new CorruptEntries(), new Deadlocks(), new ExhaustedQueues(), new OwnerlessLocks(), new StaleWaiters(),
        new UserModeOwners(), new SuspendedOwners(), new ApcImbalances(),
    ];

    /// <summary>All findings, in the order of <see cref="All"/>.</summary>
    public static List<Finding> Run(FindingContext context) => [.. All.SelectMany(finder => finder.Find(context))];
}
