using KernelImages.Layouts;
using KernelImages.Memory;
using KernelImages.Scenarios;

namespace KernelImages.Kernel;

/// <summary>
/// From 26100 on a thread's entries lie in blocks of their own: one for the kernel's locks and one for those of user
/// mode, with room for a varying number of entries. Later the thread points to an array of the two blocks, and both have
/// another layout; that is in force while bit 0 of KiAbpGlobalState is set.
/// </summary>
internal static class LockEntryBlocks
{
    private static readonly Shape LockEntries = new("_KLOCK_ENTRIES", "_KLOCK_ENTRY", "AvailableEntryBitmap");
    private static readonly Shape AutoBoost = new("AutoBoost::_AB_THREAD_ENTRIES", "AutoBoost::_AB_THREAD_ENTRY", "FreeEntryBitmap");

    /// <summary>True for a build whose entries have the later layout.</summary>
    public static bool HasAutoBoostEntries(KernelTypes types) => types.SizeOf(AutoBoost.Entry) is not null;

    public static void Write(SyntheticKernel kernel, PlacedThread thread)
    {
        bool autoBoost = HasAutoBoostEntries(kernel.Types);
        Shape shape = autoBoost ? AutoBoost : LockEntries;
        ulong ofKernel = WriteBlock(kernel, thread, shape, [.. thread.Entries.Where(entry => entry.Lock is not UserLock)], userMode: 0);
        ulong ofUser = WriteBlock(kernel, thread, shape, [.. thread.Entries.Where(entry => entry.Lock is UserLock)], userMode: 1);
        if (autoBoost)
        {
            ulong blocks = kernel.Pool.Allocate(2 * sizeof(ulong));
            kernel.Typed.SetQuads(blocks, ofKernel, ofUser);
            kernel.Typed.Set("_KTHREAD", thread.Address, "KernelAbEntries", blocks);
            KernelVariables.SetLong(kernel, "KiAbpGlobalState", 1);
            return;
        }
        kernel.Typed.Set("_KTHREAD", thread.Address, "KernelAbEntries", ofKernel);
        kernel.Typed.Set("_KTHREAD", thread.Address, "UserAbEntries", ofUser);
    }

    private static ulong WriteBlock(SyntheticKernel kernel, PlacedThread thread, Shape shape, PlacedEntry[] entries, ulong userMode)
    {
        TypedMemory typed = kernel.Typed;
        ulong header = kernel.Types.OffsetOf(shape.Block, "Entries");
        ulong size = (ulong)kernel.Types.RequiredSizeOf(shape.Entry);
        uint count = (uint)Math.Max(thread.Spec.EntryCount, entries.Length);
        ulong block = kernel.Pool.Allocate((int)(header + count * size));
        kernel.Memory.Map(block, (int)(header + count * size));
        typed.Set(shape.Block, block, "Thread", thread.Address);
        typed.Set(shape.Block, block, "EntryCount", count);
        typed.Set(shape.Block, block, shape.FreeEntries, ~LockEntryWriter.BitsOf(entries) & (1UL << (int)count) - 1);
        typed.Set(shape.Block, block, "OrphanedEntryBitmap", LockEntryWriter.BitsOf(LockEntryWriter.Orphans(entries)));
        for (uint index = 0; index < count; index++)
        {
            typed.Set(shape.Entry, block + header + index * size, "EntryIndex", index);
            typed.Set(shape.Entry, block + header + index * size, "UserModeBit", userMode);
        }
        foreach (PlacedEntry entry in entries)
        {
            ulong address = block + header + (uint)entry.Index * size;
            if (shape == AutoBoost) WriteAutoBoostEntry(kernel, entry, address);
            else LockEntryWriter.WriteEntry(kernel, entry, address);
        }
        return block;
    }

    private static void WriteAutoBoostEntry(SyntheticKernel kernel, PlacedEntry entry, ulong address)
    {
        entry.Address = address;
        if (entry.Lock is null) return;
        kernel.Typed.Set(AutoBoost.Entry, address, "Lock", kernel.Lock(entry.Lock.Name));
        kernel.Typed.Set(AutoBoost.Entry, address, "Linked", entry.Claim!.NotInTree ? 0u : 1);
        kernel.Typed.Set(AutoBoost.Entry, address, "Acquired", entry.Use == EntryUse.Owns ? 1u : 0);
        kernel.Typed.Set(AutoBoost.Entry, address, "Waiting", entry.Use == EntryUse.Waits ? 1u : 0);
    }

    /// <summary>The names that one layout of blocks gives to what both have.</summary>
    private sealed record Shape(string Block, string Entry, string FreeEntries);
}
