using LockLeak.Kernel;

namespace LockLeak.Checks;

/// <summary>Which of a thread's lock entries are free by the bitmap, and which hold a lock.</summary>
/// <remarks>
/// A thread's end checks that each entry's lock pointer is null (bug check 0x153, parameter 3 of 1), so a free entry names no lock. The bit
/// and the lock are not written at once, by a thread that runs: only those of threads that are asleep or have ended are compared, and
/// one that has ended may have leaked an entry in any state. Entries for locks of user mode are left out.
/// </remarks>
internal sealed class EntryBitmaps : Check, IThreadCheck
{
    public override string Name => "entry-bitmaps";

    public override string Compares => "the bitmap of a thread's free lock entries, and which of them name a lock";

    public override IReadOnlyList<string> Fields { get; } =
    [
        "_KTHREAD.AbEntrySummary", "_KTHREAD.AbOrphanedEntrySummary", "_KTHREAD.LockEntriesFreeList", "_KLOCK_ENTRIES.AvailableEntryBitmap",
        "_KLOCK_ENTRIES.OrphanedEntryBitmap", "_KLOCK_ENTRIES.Entries", "_KLOCK_ENTRY.LockUnsafe", "_ETHREAD.LockEntries",
        "_KTHREAD.LockEntries", "_KTHREAD.KernelAbEntries",
        "_KLOCK_ENTRY.FreeListEntry",
    ];

    public void Compare(CheckContext context, KernelThread thread, CheckResult result)
    {
        if (context.View.Layout.Entries is not { Shape: var shape } set)
        {
            return;
        }

        bool isAsleep = context.IsAsleep(thread);

        // Windows 8.1 does not say which entries are orphaned: in use, but cleared.
        if (isAsleep && (set.OrphanedSummary is not null || set.Block is not null))
        {
            foreach (LockEntry entry in thread.EntriesInUse.Where(entry => !entry.IsUser))
            {
                result.Compare(KernelMemory.IsKernelAddress(context.View.Memory.Canonical(shape.LockAddress(entry.LockUnsafe))),
                    $"{Which(entry)} is in use by the bitmap and names no lock of the kernel: {Address.Text(entry.LockUnsafe)}.",
                    thread.Address.Value, entry.Address.Value);
            }
        }

        if (isAsleep || thread.HasEnded)
        {
            IReadOnlyList<LockEntry> holding = thread.Entries.FreeButHolding(out int cleared);
            result.Agree(cleared);
            foreach (LockEntry entry in holding)
            {
                result.Disagree($"{Which(entry)} is free by the bitmap and holds {Address.Text(entry.LockUnsafe)}.",
                    thread.Address.Value, entry.Address.Value);
            }
        }
    }

    private static string Which(LockEntry entry) => $"Lock entry {entry.Address} of thread {entry.Thread}";
}
