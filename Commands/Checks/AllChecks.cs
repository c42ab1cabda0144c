namespace LockLeak.Checks;

/// <summary>A check and what it has come to.</summary>
/// <param name="Check">The check.</param>
/// <param name="Result">Its comparisons.</param>
internal sealed record CheckRun(Check Check, CheckResult Result);

/// <summary>All checks, from the lists of threads to single locks.</summary>
internal static class AllChecks
{
    /// <summary>The checks, in the order in which they are shown.</summary>
    public static IReadOnlyList<Check> All { get; } =
    [
        new ActiveThreads(), new ThreadLinks(), new ListedThreads(), new EntryThreads(), new EntryBitmaps(), new WaitEntryCounts(),
        new EntryTreeMembers(), new WaitBlocks(), new WaiterStates(), new PushLockQueues(), new PushLockOwners(),
        new ResourceWaiterCounts(), new ResourceOwnerCounts(), new MutantOwners(),
    ];

    /// <summary>Runs all of them; nothing is compared once the user has stopped the command.</summary>
    public static IReadOnlyList<CheckRun> Run(CheckContext context)
    {
        List<CheckRun> runs = [.. All.Select(check => new CheckRun(check, new CheckResult()))];
        foreach (CheckRun run in runs.TakeWhile(_ => !context.View.IsInterrupted))
        {
            run.Check.Run(context, run.Result);
        }

        return runs;
    }
}
