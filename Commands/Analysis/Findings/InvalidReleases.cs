namespace LockLeak.Analysis.Findings;

/// <summary>Bug check 0x162: a thread released a lock that it did not own. Says who does.</summary>
public static class InvalidReleases
{
    /// <summary>The one that the bug check is about, if it is one.</summary>
    public static IEnumerable<Finding> Find(FindingContext context)
    {
        if (context.View.Target.BugCheck is not { Code: BugChecks.KernelAutoBoostInvalidLockRelease } bugCheck)
        {
            yield break;
        }

        LockNode node = context.Graph.Inspect(bugCheck.Parameter2);
        IReadOnlyList<ulong> owners = FindingContext.OwnersOf(node);
        string truth = owners.Count switch
        {
            0 => "no thread owns it",
            1 => $"its owner is {context.Describe(owners[0])}",
            _ => $"its {owners.Count} owners are {string.Join(", ", owners.Take(3).Select(context.Describe))}{(owners.Count > 3 ? ", ..." : "")}",
        };
        yield return new Finding(
            FindingKind.InvalidRelease, $"Thread {context.Describe(bugCheck.Parameter1)} released {FindingContext.Describe(node)}, which it does not own; {truth}.")
        {
            Thread = bugCheck.Parameter1,
            Lock = bugCheck.Parameter2,
            Owners = owners,
            Waiters = FindingContext.WaitersOf(node),
        };
    }
}
