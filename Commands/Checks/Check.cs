namespace LockLeak.Checks;

/// <summary>One thing that the kernel says in two places, so that a wrong layout or damaged memory shows itself.</summary>
/// <remarks>
/// A check compares what the command has read anyway. What a machine that was just stopped may say differently in two places, because
/// a processor was between two steps, is no disagreement: each check says which states it leaves out.
/// </remarks>
internal abstract class Check
{
    /// <summary>"active-threads" and so on, as JSON and text have it.</summary>
    public abstract string Name { get; }

    /// <summary>The two places, in one line.</summary>
    public abstract string Compares { get; }

    /// <summary>What a disagreement may come from: "_EPROCESS.ActiveThreads"; the names of all Windows versions.</summary>
    public abstract IReadOnlyList<string> Fields { get; }

    /// <summary>
    /// Those of the fields that lie where the types say once all comparisons agree; the others could lie elsewhere and agree by
    /// chance, where they read as 0 for instance.
    /// </summary>
    public virtual IReadOnlyList<string> Proves => [];

    /// <summary>The kind of finding that tells of a single disagreement, which then is no news; null when there is none.</summary>
    public virtual string? ToldBy => null;

    /// <summary>Makes all comparisons that the memory at hand allows.</summary>
    public abstract void Run(CheckContext context, CheckResult result);
}

/// <summary>All checks, from the lists of threads to single locks.</summary>
internal static class AllChecks
{
    /// <summary>The checks, in the order in which they are shown.</summary>
    public static IReadOnlyList<Check> All { get; } =
    [
        new ActiveThreads(), new ThreadLinks(), new ListedThreads(), new EntryThreads(), new EntryBitmaps(), new WaitEntryCounts(), new EntryTreeMembers(),
        new WaitBlocks(), new WaiterStates(), new PushLockQueues(), new PushLockOwners(), new ResourceWaiterCounts(), new ResourceOwnerCounts(), new MutantOwners(),
    ];

    /// <summary>Runs all of them; nothing is compared once the user has stopped the command.</summary>
    public static IReadOnlyList<CheckResult> Run(CheckContext context)
    {
        List<CheckResult> results = [.. All.Select(check => new CheckResult(check))];
        foreach (CheckResult result in results.TakeWhile(_ => !context.View.IsInterrupted))
        {
            result.Check.Run(context, result);
        }

        return results;
    }
}
