using KernelImages.Memory;
using KernelImages.Scenarios;

namespace KernelImages.Kernel;

/// <summary>A thread's lock entries (_KLOCK_ENTRY), wherever and however the build keeps them (see families.md of Layouts).</summary>
internal static class LockEntryWriter
{
    private const string Type = "_KLOCK_ENTRY";
    private const int EntriesInThread = 6;
    private const ulong InTree = 1UL << 63;

    /// <summary>Writes the thread's entries and the summaries that say which are in use.</summary>
    public static void Write(SyntheticKernel kernel, PlacedThread thread)
    {
        var types = kernel.Types;
        bool hasBlocks = types.Field("_KTHREAD", "KernelAbEntries") is not null;
        if (!hasBlocks) thread.Entries.RemoveAll(entry => entry.Lock is UserLock);
        WriteCounts(kernel, thread);
        if (hasBlocks)
        {
            if (AutoBoostEntries.AreInForce(kernel)) AutoBoostEntries.Write(kernel, thread);
            else LockEntryBlocks.Write(kernel, thread);
            return;
        }
        if (types.Field("_ETHREAD", "LockEntries") is { } inThread)
        {
            ulong first = thread.Address + (ulong)inThread.Offset;
            kernel.Typed.Set("_KTHREAD", thread.Address, "LockEntries", first);
            WriteInThread(kernel, thread, first);
        }
        else if (types.Field("_KTHREAD", "LockEntries") is { } inTcb)
            WriteInThread(kernel, thread, thread.Address + (ulong)inTcb.Offset);
        else
            thread.Entries.Clear();
    }

    /// <summary>Windows 8.1 up to 22631: six entries in the thread.</summary>
    private static void WriteInThread(SyntheticKernel kernel, PlacedThread thread, ulong first)
    {
        TypedMemory typed = kernel.Typed;
        ulong size = (ulong)kernel.Types.RequiredSizeOf(Type);
        for (uint index = 0; index < EntriesInThread; index++)
        {
            ulong entry = first + index * size;
            typed.Set(Type, entry, "EntryIndex", index);
            typed.Set(Type, entry, "EntryOffset", entry - thread.Address >> 4);
            typed.Set(Type, entry, "ThreadUnsafe", thread.Address);
        }
        foreach (PlacedEntry entry in thread.Entries) WriteEntry(kernel, entry, first + (ulong)entry.Index * size);

        ulong taken = BitsOf(thread.Entries);
        typed.Set("_KTHREAD", thread.Address, "AbEntrySummary", ~taken & (1 << EntriesInThread) - 1);
        typed.Set("_KTHREAD", thread.Address, "AbOrphanedEntrySummary", BitsOf(Orphans(thread.Entries)));
        typed.Set("_KTHREAD", thread.Address, "AbFreeEntryCount", (ulong)(EntriesInThread - thread.Entries.Count));
        LinkFreeEntries(kernel, thread,
            [.. Enumerable.Range(0, EntriesInThread).Where(index => (taken >> index & 1) == 0)
                .Select(index => first + (ulong)index * size)]);
    }

    /// <summary>Writes an entry that is in use or orphaned, and keeps its address.</summary>
    public static void WriteEntry(SyntheticKernel kernel, PlacedEntry entry, ulong address)
    {
        TypedMemory typed = kernel.Typed;
        entry.Address = address;
        typed.Set(Type, address, "SessionId", entry.Claim?.SessionId ?? uint.MaxValue);
        if (entry.Lock is null || entry.Claim is not { } claim) return;

        ulong state = kernel.Lock(entry.Lock.Name);
        if (!entry.InTree) state &= ~InTree;
        typed.Set(Type, address, "LockUnsafe", state);
        typed.Set(Type, address, "LockState.CrossThreadReleasable", claim.CrossThreadReleasable ? 1u : 0);
        typed.Set(Type, address, "LockState.Busy", claim.Busy ? 1u : 0);
        SetWaiting(typed, address, entry.Use == EntryUse.Waits);
        SetAcquired(typed, address, entry.Use == EntryUse.Owns);
        typed.Set(Type, address, "CrossThreadFlags", claim.CrossThreadFlags);
    }

    /// <summary>
    /// The flag has three names: WaitingByte from 22000 on, WaitingBit before, and on 9600 it is a bit of the lock state.
    /// </summary>
    private static void SetWaiting(TypedMemory typed, ulong entry, bool waiting)
    {
        foreach (string name in (string[])["WaitingByte", "WaitingBit", "LockState.Waiting"])
            if (typed.Set(Type, entry, name, waiting ? 1u : 0)) return;
    }

    /// <summary>
    /// On 9600 the flag is the high byte of the thread's address; what it holds there is not known, all ones is taken to mean acquired.
    /// </summary>
    private static void SetAcquired(TypedMemory typed, ulong entry, bool acquired)
    {
        bool inThreadAddress = typed.Types.Field(Type, "ThreadUnsafe") is not null;
        typed.Set(Type, entry, "AcquiredByte", acquired ? (inThreadAddress ? 0xffu : 1) : 0);
    }

    /// <summary>
    /// Only linked entries count (KiAbEntryGetLockedHeadEntry adds one when it links an entry): a thread that owns what
    /// nobody waits for, and has not been switched out since, has the count 0. Real small dumps of 19041 and 26100 show it.
    /// </summary>
    private static void WriteCounts(SyntheticKernel kernel, PlacedThread thread)
    {
        kernel.Typed.Set("_KTHREAD", thread.Address, "AbWaitEntryCount",
            (ulong)thread.Entries.Count(entry => entry.InTree && entry.Use == EntryUse.Waits));
        kernel.Typed.Set("_KTHREAD", thread.Address, "AbOwnedEntryCount",
            (ulong)thread.Entries.Count(entry => entry.InTree && entry.Use != EntryUse.Waits));
    }

    /// <summary>9600 has a list of free entries instead of a summary.</summary>
    private static void LinkFreeEntries(SyntheticKernel kernel, PlacedThread thread, IReadOnlyList<ulong> free)
    {
        if (kernel.Types.Field("_KTHREAD", "LockEntriesFreeList") is not { } head) return;
        ulong link = thread.Address + (ulong)head.Offset;
        foreach (ulong entry in free)
        {
            ulong next = entry + kernel.Types.OffsetOf(Type, "FreeListEntry");
            kernel.Typed.SetQuads(link, next);
            link = next;
        }
        kernel.Typed.SetQuads(link, 0);
    }

    /// <summary>Those of the entries that are orphaned.</summary>
    public static IEnumerable<PlacedEntry> Orphans(IEnumerable<PlacedEntry> entries) =>
        entries.Where(entry => entry.Use == EntryUse.Orphaned);

    /// <summary>A bitmap of the entries by index.</summary>
    public static ulong BitsOf(IEnumerable<PlacedEntry> entries) => entries.Aggregate(0UL, (bits, entry) => bits | 1UL << entry.Index);
}
