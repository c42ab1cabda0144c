using LockLeak.Analysis;
using LockLeak.Kernel;
using LockLeak.Locks;

namespace LockLeak.Findings;

/// <summary>Lock entries of threads that have ended: what bug check 0x153 is raised for.</summary>
internal sealed class LeakedEntries : Finder
{
    public override FindingKind Kind { get; } = new("leaked-entry", "LEAKED", Certainty.Certain);

    /// <summary>The entry that the bug check names, then those of all ended threads.</summary>
    public override IEnumerable<Finding> Find(FindingContext context)
    {
        Finding? named = FromBugCheck(context);
        if (named is not null)
        {
            yield return named;
        }

        foreach (KernelThread thread in context.View.KnownThreads().Where(thread => thread.HasEnded))
        {
            foreach (LockEntry entry in thread.EntriesInUse.Where(entry => !entry.IsUser && entry.Address != named?.Entry))
            {
                yield return Leak(context, thread.Address, entry.Address, entry.Lock, entry.IsCrossThreadReleasable
                    ? "The lock was disowned (CrossThreadReleasable): another thread was to release it."
                    : "");
            }
        }
    }

    private Finding? FromBugCheck(FindingContext context)
    {
        if (context.View.Target.BugCheck is not { Code: BugChecks.KernelLockEntryLeaked } bugCheck)
        {
            return null;
        }

        var thread = new ThreadAddress(bugCheck.Parameter1);
        var entryAddress = new EntryAddress(bugCheck.Parameter2);
        string reason = $"At the thread's end {BugChecks.LeakState(bugCheck.Parameter3)}.";
        if (context.View.Thread(thread) is not { } known)
        {
            return New($"The bug check says that thread {thread} ended and its lock entry {entryAddress} was not free; no thread can be " +
                $"read there.")
                with
            { Certainty = Certainty.Suspect, Thread = thread, Entry = entryAddress, Reason = $"{reason}" };
        }

        // The entry names the lock. Where it cannot, newer builds have it in parameter 4; older ones leave that 0, and the newest
        // put the head entry of the lock there.
        LockEntry? entry = known.EntryAt(entryAddress);
        LockAddress address = entry is { Lock.Value: not 0 } ? entry.Lock
            : KernelMemory.IsKernelAddress(bugCheck.Parameter4) ? new LockAddress(bugCheck.Parameter4)
            : default;
        Finding leak = Leak(context, thread, entryAddress, address, reason);
        return entry is null && known.Entries.Count > 0
            ? leak with
            {
                Certainty = Certainty.Suspect,
                Reason = $"{reason} But the entry that the bug check names is none of the " +
            $"thread's."
            }
            : leak;
    }

    private Finding Leak(FindingContext context, ThreadAddress thread, EntryAddress entry, LockAddress address, string reason)
    {
        if (address.Value == 0)
        {
            return New($"Thread {context.Describe(thread)} ended, and its lock entry {entry} was not free.")
                with
            { Thread = thread, Entry = entry, Reason = $"{reason}" };
        }

        LockNode node = context.Graph.Inspect(address);
        IReadOnlyList<ThreadAddress> waiters = [.. FindingContext.WaitersOf(node).Where(waiter => waiter != thread)];
        string consequence = waiters.Count == 0
            ? context.SawEverything ? "nobody waits for it" : "whether anybody waits for it cannot be told"
            : $"{FindingContext.Waiting(waiters.Count)} for it and cannot go on";
        return About(node, $"Thread {context.Describe(thread)} ended without releasing {FindingContext.Describe(node)}; {consequence}.")
            with
        { Thread = thread, Entry = entry, Waiters = waiters, Reason = $"{reason}" };
    }
}
