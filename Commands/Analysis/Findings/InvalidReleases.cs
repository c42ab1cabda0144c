namespace LockLeak.Analysis.Findings;

/// <summary>Bug checks 0x162, 0x16E and 0xE3: a thread released a lock that it did not own. Says who does.</summary>
public static class InvalidReleases
{
    /// <summary>The one that the bug check is about, if it is one.</summary>
    public static IEnumerable<Finding> Find(FindingContext context)
    {
        if (context.View.Target.BugCheck is not { Code: BugChecks.KernelAutoBoostInvalidLockRelease or BugChecks.EresourceInvalidRelease or BugChecks.ResourceNotOwned } raw ||
            BugChecks.Describe(raw) is not { } bugCheck)
        {
            yield break;
        }

        LockNode node = context.Graph.Inspect(bugCheck.Lock, bugCheck.Kind);
        IReadOnlyList<ulong> owners = FindingContext.OwnersOf(node);
        string truth = owners.Count switch
        {
            0 => "no thread owns it",
            1 => $"its owner is {context.Describe(owners[0])}",
            _ => $"its {owners.Count} owners are {string.Join(", ", owners.Take(3).Select(context.Describe))}{(owners.Count > 3 ? ", ..." : "")}",
        };
        yield return new Finding(
            FindingKind.InvalidRelease, $"Thread {context.Describe(bugCheck.Thread)} released {FindingContext.Describe(node)}, which it does not own; {truth}.")
        {
            Thread = bugCheck.Thread,
            Lock = bugCheck.Lock,
            Owners = owners,
            Waiters = FindingContext.WaitersOf(node),
            Reason = raw.Code == BugChecks.EresourceInvalidRelease ? $"It did so on behalf of thread {context.Describe(raw.Parameter3)}." : "",
        };
    }
}
