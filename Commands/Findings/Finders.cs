namespace LockLeak.Findings;

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
        new InvalidReleases(), new LeakedEntries(), new LeakedLocks(), new CorruptEntries(), new Deadlocks(), new ExhaustedQueues(),
        new OwnerlessLocks(), new StaleWaiters(),
        new UserModeOwners(), new SuspendedOwners(), new ApcImbalances(),
    ];

    /// <summary>All findings, in the order of <see cref="All"/>.</summary>
    public static List<Finding> Run(FindingContext context) => [.. All.SelectMany(finder => finder.Find(context))];
}
