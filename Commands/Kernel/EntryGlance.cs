namespace LockLeak.Kernel;

/// <summary>Tells from a first look at a thread whether any of its lock entries is in use.</summary>
/// <remarks>
/// Up to Windows 11 23H2 a summary in the thread says it. From 24H2 on the bitmap of free entries lies in the block that the
/// thread points to, and no counter in the thread stands for it: _KTHREAD.AbOwnedEntryCount is 0 in real dumps (of 19041 and
/// 26100) although an entry is acquired. The block is part of the thread's own allocation, at the same distance in each
/// thread (PspAllocateThread, on 26H1 KiInitializeKThreadExtension, in https://github.com/nohuto/decompiled-pseudocode,
/// 11-24H2 and 11-26H1), so the first thread that is seen shows how much more one read has to cover.
/// </remarks>
/// <param name="memory">The target's memory.</param>
/// <param name="set">How threads lead to their entries; null where there are none.</param>
internal sealed class EntryGlance(KernelMemory memory, LockEntrySet? set)
{
    /// <summary>Farther behind the thread than any block is; a second read is cheaper than one that covers so much.</summary>
    private const ulong Farthest = 0xC00;

    /// <summary>One past the last byte of a thread that the first look should cover; 0 for no more than the thread's own fields.</summary>
    public int End { get; private set; }

    /// <summary>False only when the thread's entries say that none of them is in use.</summary>
    public bool MayBeInUse(in Window thread)
    {
        if (set is null)
        {
            return false;
        }

        if (set.Block is { } block)
        {
            return MayBeInUse(block, in thread);
        }

        return set.HasFreeSummary ? set.InUse(in thread) != 0 : thread.Value(set.FreeCount) != LockEntrySet.ArrayCount;
    }

    private bool MayBeInUse(LockEntryBlock block, in Window thread)
    {
        ulong address = memory.Canonical(thread.Value(block.Kernel));
        if (address == 0)
        {
            return false;
        }

        if (block.IsPair)
        {
            if (Look(in thread, address, sizeof(ulong)) is not { } pair)
            {
                // Read whole, the thread says in a note what cannot be read.
                return true;
            }

            address = memory.Canonical(pair.Window.Value(block.Thread, pair.At));
        }

        if (Look(in thread, address, block.Entries) is not { } header)
        {
            return true;
        }

        int count = Math.Min((int)header.Window.Value(block.Count, header.At), LockEntryBlock.MostEntries);
        return block.InUse(header.Window, count, header.At) != 0;
    }

    /// <summary>A part of the thread's allocation out of the first look, or else with a read of its own.</summary>
    private (Window Window, int At)? Look(in Window thread, ulong address, int size)
    {
        ulong behind = address - thread.Structure;
        if (behind < Farthest)
        {
            End = Math.Max(End, (int)behind + size);
        }

        return behind >= (ulong)thread.Start && behind + (ulong)size <= (ulong)thread.Length ? (thread, (int)behind)
            : memory.TryReadWindow(address, 0, size) is { } window ? (window, 0)
            : null;
    }
}
