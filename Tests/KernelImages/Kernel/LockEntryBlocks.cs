using KernelImages.Memory;
using KernelImages.Scenarios;
using LockLeak.Layouts;

namespace KernelImages.Kernel;

/// <summary>
/// From 26100 on a thread's entries lie in blocks of their own (_KLOCK_ENTRIES): one for the kernel's locks and, in threads
/// of user processes, one for those of user mode.
/// </summary>
/// <remarks>
/// Both follow the thread in its own allocation. In two real small dumps of 26100, whose _ETHREAD has 0x788 bytes, the
/// kernel's block is 0xe8 bytes behind it (at 0x870), and the user's 0x220 behind that. Where an _ETHREAD has 0x798 bytes the
/// distance is taken to be the same (0x880).
/// </remarks>
internal static class LockEntryBlocks
{
    /// <summary>Bytes from the end of the _ETHREAD to the kernel's block. What they hold is not known.</summary>
    private const int GapBehindThread = 0xe8;

    private const string Block = "_KLOCK_ENTRIES", Entry = "_KLOCK_ENTRY";
    private const int UserEntries = 8;

    /// <summary>Bytes of a thread with all that lies behind it.</summary>
    public static int SizeOfThread(KernelTypes types, ThreadSpec thread)
    {
        int size = types.RequiredSizeOf("_ETHREAD");
        return types.SizeOf(Block) is null ? size : size + GapBehindThread + SizeOf(types, thread.EntryCount) + SizeOf(types, UserEntries);
    }

    public static void Write(SyntheticKernel kernel, PlacedThread thread)
    {
        ulong ofKernel = thread.Address + (ulong)(kernel.Types.RequiredSizeOf("_ETHREAD") + GapBehindThread);
        WriteBlock(kernel, thread, ofKernel, thread.Spec.EntryCount, [.. thread.Entries.Where(entry => entry.Lock is not UserLock)],
            userMode: 0);
        kernel.Typed.Set("_KTHREAD", thread.Address, "KernelAbEntries", ofKernel);
        if (!HasUserEntries(thread)) return;
        ulong ofUser = ofKernel + (ulong)SizeOf(kernel.Types, thread.Spec.EntryCount);
        WriteBlock(kernel, thread, ofUser, UserEntries, [.. thread.Entries.Where(entry => entry.Lock is UserLock)], userMode: 1);
        kernel.Typed.Set("_KTHREAD", thread.Address, "UserAbEntries", ofUser);
    }

    /// <summary>Threads of the System and Idle processes have none.</summary>
    public static bool HasUserEntries(PlacedThread thread) => thread.Process.Spec.Pid is not (0 or 4);

    private static int SizeOf(KernelTypes types, int entries) =>
        (int)types.OffsetOf(Block, "Entries") + entries * types.RequiredSizeOf(Entry);

    private static void WriteBlock(SyntheticKernel kernel, PlacedThread thread, ulong block, int count, PlacedEntry[] entries,
        ulong userMode)
    {
        TypedMemory typed = kernel.Typed;
        ulong first = block + kernel.Types.OffsetOf(Block, "Entries");
        ulong size = (ulong)kernel.Types.RequiredSizeOf(Entry);
        kernel.Memory.Map(block, SizeOf(kernel.Types, count));
        typed.Set(Block, block, "Thread", thread.Address);
        typed.Set(Block, block, "EntryCount", (ulong)count);
        typed.Set(Block, block, "AvailableEntryBitmap", ~LockEntryWriter.BitsOf(entries) & (1UL << count) - 1);
        typed.Set(Block, block, "OrphanedEntryBitmap", LockEntryWriter.BitsOf(LockEntryWriter.Orphans(entries)));
        for (uint index = 0; index < count; index++)
        {
            typed.Set(Entry, first + index * size, "EntryIndex", index);
            typed.Set(Entry, first + index * size, "UserModeBit", userMode);
        }
        foreach (PlacedEntry entry in entries) LockEntryWriter.WriteEntry(kernel, entry, first + (uint)entry.Index * size);
    }
}
