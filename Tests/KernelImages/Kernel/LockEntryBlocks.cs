using KernelImages.Memory;
using KernelImages.Scenarios;
using LockLeak.Layouts;

namespace KernelImages.Kernel;

/// <summary>
/// From 26100 on a thread's entries lie in blocks of their own (_KLOCK_ENTRIES): one for the kernel's locks and, in threads
/// of user processes, one for those of user mode, which is right behind it.
/// </summary>
internal static class LockEntryBlocks
{
    private const string Block = "_KLOCK_ENTRIES", Entry = "_KLOCK_ENTRY";

    public static void Write(SyntheticKernel kernel, PlacedThread thread)
    {
        ulong ofKernel = thread.Address + (ulong)ThreadExtension.OffsetOfEntries(kernel);
        WriteBlock(kernel, thread, ofKernel, ThreadExtension.KernelEntries,
            [.. thread.Entries.Where(entry => entry.Lock is not UserLock)], userMode: 0);
        kernel.Typed.Set("_KTHREAD", thread.Address, "KernelAbEntries", ofKernel);
        if (!ThreadExtension.HasUserEntries(thread)) return;
        ulong ofUser = ofKernel + (ulong)SizeOf(kernel.Types, ThreadExtension.KernelEntries);
        WriteBlock(kernel, thread, ofUser, ThreadExtension.UserEntries, [.. thread.Entries.Where(entry => entry.Lock is UserLock)],
            userMode: 1);
        kernel.Typed.Set("_KTHREAD", thread.Address, "UserAbEntries", ofUser);
    }

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
