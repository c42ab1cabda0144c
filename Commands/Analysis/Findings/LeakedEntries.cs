using LockLeak.Kernel;

namespace LockLeak.Analysis.Findings;

/// <summary>Lock entries of threads that have ended: what bug check 0x153 is raised for.</summary>
/// <remarks>
/// A thread counts as ended in state Terminated only. CrossThreadFlags.Terminated is set at the start of the way out,
/// on which the kernel still takes and releases locks.
/// </remarks>
public static class LeakedEntries
{
    /// <summary>The entry that the bug check names, then those of all ended threads.</summary>
    public static IEnumerable<Finding> Find(FindingContext context)
    {
        Finding? named = FromBugCheck(context);
        if (named is not null)
        {
            yield return named;
        }

        foreach (KernelThread thread in context.View.KnownThreads.Where(thread => thread.State == ThreadStates.Terminated).ToList())
        {
            foreach (LockEntry entry in thread.Entries.Where(entry => entry.IsInUse && !entry.IsUser && entry.Address != named?.Entry))
            {
                yield return Leak(context, thread.Address, entry.Address, entry.Lock, entry.IsCrossThreadReleasable
                    ? "The lock was disowned (CrossThreadReleasable): another thread was to release it."
                    : "");
            }
        }
    }

    private static Finding? FromBugCheck(FindingContext context)
    {
        if (context.View.Target.BugCheck is not { Code: BugChecks.KernelLockEntryLeaked } bugCheck)
        {
            return null;
        }

        // Newer builds put the lock into parameter 4, older ones leave it 0: the entry says it too.
        LockEntry? entry = context.View.Thread(bugCheck.Parameter1)?.Entries.FirstOrDefault(entry => entry.Address == bugCheck.Parameter2);
        ulong address = KernelMemory.IsKernelAddress(bugCheck.Parameter4) ? bugCheck.Parameter4 : entry?.Lock ?? 0;
        return Leak(context, bugCheck.Parameter1, bugCheck.Parameter2, address, $"At the thread's end {BugChecks.LeakState(bugCheck.Parameter3)}.");
    }

    private static Finding Leak(FindingContext context, ulong thread, ulong entry, ulong address, string reason)
    {
        if (address == 0)
        {
            return new Finding(FindingKind.LeakedEntry, $"Thread {context.Describe(thread)} ended, and its lock entry {Address.Text(entry)} was not free.")
            {
                Thread = thread,
                Entry = entry,
                Reason = reason,
            };
        }

        LockNode node = context.Graph.Inspect(address);
        IReadOnlyList<ulong> waiters = [.. FindingContext.WaitersOf(node).Where(waiter => waiter != thread)];
        string consequence = waiters.Count == 0
            ? context.IsWholeMachine ? "nobody waits for it" : "whether anybody waits for it cannot be told"
            : $"{FindingContext.Waiting(waiters.Count)} for it and cannot go on";
        return new Finding(FindingKind.LeakedEntry, $"Thread {context.Describe(thread)} ended without releasing {FindingContext.Describe(node)}; {consequence}.")
        {
            Thread = thread,
            Entry = entry,
            Lock = address,
            Waiters = waiters,
            Owners = FindingContext.OwnersOf(node),
            Reason = reason,
        };
    }
}
