using LockLeak.Kernel;
using LockLeak.Locks;

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
    /// <remarks>
    /// The threads, and the waiters, are gone through once and not once for each check: thousands of them do not fit into a processor's
    /// caches.
    /// </remarks>
    public static IReadOnlyList<CheckRun> Run(CheckContext context)
    {
        List<CheckRun> runs = [.. All.Select(check => new CheckRun(check, new CheckResult()))];
        foreach (CheckRun run in runs.TakeWhile(_ => !context.View.IsInterrupted))
        {
            run.Check.Run(context, run.Result);
        }

        if (!context.View.IsInterrupted)
        {
            CompareThreads(context, runs);
            CompareWaiters(context, runs);
        }

        return runs;
    }

    private static void CompareThreads(CheckContext context, List<CheckRun> runs)
    {
        List<CheckRun> checks = runs.FindAll(run => run.Check is IThreadCheck);
        foreach (KernelThread thread in context.View.KnownThreads())
        {
            foreach (CheckRun run in checks)
            {
                ((IThreadCheck)run.Check).Compare(context, thread, run.Result);
            }
        }
    }

    private static void CompareWaiters(CheckContext context, List<CheckRun> runs)
    {
        List<CheckRun> checks = runs.FindAll(run => run.Check is IWaiterCheck);
        foreach (LockNode node in context.Graph.Locks)
        {
            foreach (LockWaiter waiter in node.Waiters)
            {
                if (waiter.Known is not { } thread)
                {
                    continue;
                }

                foreach (CheckRun run in checks)
                {
                    ((IWaiterCheck)run.Check).Compare(context, node, waiter, thread, run.Result);
                }
            }
        }
    }
}
