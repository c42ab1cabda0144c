using System.Runtime.CompilerServices;
using LockLeak.Target;

namespace LockLeak.Kernel;

/// <summary>How a thread leads to its lock entries, and which of them are in use, as data for the kernel at hand.</summary>
/// <param name="Shape">What one entry looks like.</param>
internal sealed record LockEntrySet(LockEntryShape Shape)
{
    /// <summary>Entries of an array in the thread; the block says its own number (C, D).</summary>
    public const int ArrayCount = 6;

    private const uint AllEntries = (1 << ArrayCount) - 1;

    // The summaries once more, without a copy for each of many threads.
    private readonly TypeField free, orphaned;

    /// <summary>A0, B: offset of the array from the start of the thread.</summary>
    public int? ArrayOffset { get; init; }

    /// <summary>A1: pointer to the array.</summary>
    public TypeField? ArrayPointer { get; init; }

    /// <summary>C, D: the blocks of entries.</summary>
    public LockEntryBlock? Block { get; init; }

    /// <summary>Bitmap of the free entries (_KTHREAD.AbEntrySummary).</summary>
    public TypeField? FreeSummary
    {
        get;
        init
        {
            field = value;
            free = value ?? default;
        }
    }

    /// <summary>True where the thread itself says which entries are free.</summary>
    public bool HasFreeSummary => free.Size > 0;

    /// <summary>Bitmap of the orphaned entries (_KTHREAD.AbOrphanedEntrySummary).</summary>
    public TypeField? OrphanedSummary
    {
        get;
        init
        {
            field = value;
            orphaned = value ?? default;
        }
    }

    /// <summary>Windows 8.1: number of free entries.</summary>
    public TypeField? FreeCount { get; init; }

    /// <summary>Windows 8.1: list of the free entries (_KTHREAD.LockEntriesFreeList).</summary>
    public TypeField? FreeList { get; init; }

    /// <summary>Windows 8.1: link of the free list in an entry.</summary>
    public TypeField? FreeListEntry { get; init; }

    /// <summary>One past the last byte of the thread that has to do with its entries.</summary>
    public int End => new[] { FreeSummary, OrphanedSummary, FreeCount, FreeList, ArrayPointer, Block?.Kernel, Block?.User }
        .Present().Select(part => part.End).Append(ArrayOffset + ArrayCount * Shape.Size ?? 0).Max();

    /// <summary>
    /// Bitmap of the entries in use by the thread's summaries: neither free nor orphaned. The kernel's own release
    /// path (KeAbPostRelease) computes the same expression.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)] // for each thread of a machine; built for size, it would be a call
    public uint InUse(in Window thread) => (uint)(thread.Value(in free) | thread.Value(in orphaned)) & AllEntries ^ AllEntries;
}

/// <summary>A block of lock entries that a thread points to.</summary>
/// <param name="Kernel">_KTHREAD field that leads to the kernel's block.</param>
/// <param name="User">
/// _KTHREAD field that leads to the block of user-mode locks; null where <paramref name="Kernel"/> leads to both.
/// </param>
/// <param name="IsPair">D: <paramref name="Kernel"/> points to two block pointers, the kernel's and the user's.</param>
/// <param name="Thread">The thread that the block belongs to.</param>
/// <param name="Available">Bitmap of the free entries.</param>
/// <param name="Orphaned">Bitmap of the orphaned entries.</param>
/// <param name="Pending">D: bitmap of the entries whose release is under way, which are free already; else null.</param>
/// <param name="Count">Number of entries.</param>
/// <param name="Entries">Offset of the first entry.</param>
internal sealed record LockEntryBlock(
    TypeField Kernel, TypeField? User, bool IsPair, TypeField Thread, TypeField Available, TypeField Orphaned, TypeField? Pending,
    TypeField Count, int Entries)
{
    /// <summary>The bitmaps have 16 bits, so a larger count is garbage.</summary>
    public const int MostEntries = 16;

    /// <summary>Bitmap of the entries in use: neither free nor orphaned nor about to be free.</summary>
    /// <param name="header">The part of the block before its entries.</param>
    /// <param name="count">Number of entries.</param>
    /// <param name="at">Bytes from the start of <paramref name="header"/>'s structure to the block.</param>
    public uint InUse(Window header, int count, int at = 0)
    {
        uint all = (uint)(1UL << count) - 1;
        return (uint)(header.Value(Available, at) | header.Value(Orphaned, at) | header.Value(Pending, at)) & all ^ all;
    }
}
