using LockLeak.Target;

namespace LockLeak.Kernel;

/// <summary>How a thread leads to its lock entries, and which of them are in use, as data for the kernel at hand.</summary>
/// <param name="Shape">What one entry looks like.</param>
public sealed record LockEntrySet(LockEntryShape Shape)
{
    /// <summary>Entries of an array in the thread; the block says its own number (C, D).</summary>
    public const int ArrayCount = 6;

    private const uint AllEntries = (1 << ArrayCount) - 1;

    /// <summary>A0, B: offset of the array from the start of the thread.</summary>
    public int? ArrayOffset { get; init; }

    /// <summary>A1: pointer to the array.</summary>
    public TypeField? ArrayPointer { get; init; }

    /// <summary>C, D: the blocks of entries.</summary>
    public LockEntryBlock? Block { get; init; }

    /// <summary>Bitmap of the free entries (_KTHREAD.AbEntrySummary).</summary>
    public TypeField? FreeSummary { get; init; }

    /// <summary>Bitmap of the orphaned entries (_KTHREAD.AbOrphanedEntrySummary).</summary>
    public TypeField? OrphanedSummary { get; init; }

    /// <summary>Windows 8.1: number of free entries.</summary>
    public TypeField? FreeCount { get; init; }

    /// <summary>Windows 8.1: list of the free entries (_KTHREAD.LockEntriesFreeList).</summary>
    public TypeField? FreeList { get; init; }

    /// <summary>Windows 8.1: link of the free list in an entry.</summary>
    public TypeField? FreeListEntry { get; init; }

    /// <summary>C, D: number of entries that wait, a cheap hint that the block is worth a read.</summary>
    public TypeField? WaitCount { get; init; }

    /// <summary>C, D: number of entries that own, a cheap hint that the block is worth a read.</summary>
    public TypeField? OwnedCount { get; init; }

    /// <summary>
    /// Whether a first look at a thread says that entries may be in use. A terminated thread of C and D is always
    /// looked at: its counters cost nothing to doubt and a leak hides there.
    /// </summary>
    public bool MayBeInUse(Window thread, bool terminated)
    {
        if (FreeSummary is not null)
        {
            return InUse(thread) != 0;
        }

        return FreeCount is not null
            ? thread.Value(FreeCount) != ArrayCount
            : terminated || thread.IsSet(WaitCount) || thread.IsSet(OwnedCount);
    }

    /// <summary>
    /// Bitmap of the entries in use by the thread's summaries: neither free nor orphaned. The kernel's own release
    /// path (KeAbPostRelease) computes the same expression.
    /// </summary>
    public uint InUse(Window thread) => (uint)(thread.Value(FreeSummary) | thread.Value(OrphanedSummary)) & AllEntries ^ AllEntries;
}

/// <summary>A block of lock entries that a thread points to.</summary>
/// <param name="Kernel">_KTHREAD field that leads to the kernel's block.</param>
/// <param name="User">_KTHREAD field that leads to the block of user-mode locks; null where <paramref name="Kernel"/> leads to both.</param>
/// <param name="IsPair">D: <paramref name="Kernel"/> points to two block pointers, the kernel's and the user's.</param>
/// <param name="Thread">The thread that the block belongs to.</param>
/// <param name="Available">Bitmap of the free entries.</param>
/// <param name="Orphaned">Bitmap of the orphaned entries.</param>
/// <param name="Count">Number of entries.</param>
/// <param name="Entries">Offset of the first entry.</param>
public sealed record LockEntryBlock(
    TypeField Kernel, TypeField? User, bool IsPair, TypeField Thread, TypeField Available, TypeField Orphaned, TypeField Count, int Entries);
