using KernelImages.Scenarios;

namespace KernelImages.Kernel;

/// <summary>
/// Lock entries as 26H1 keeps them while bit 0 of KiAbpGlobalState is set. The thread points to an array of two blocks,
/// the kernel's and the user's. No public symbol file has these types, so they are written by offset.
/// </summary>
/// <remarks>
/// Read from nohuto/decompiled-pseudocode, 11-26H1/ntoskrnl: KeCleanupThreadState.c (the array at _KTHREAD + 0x470),
/// KeAbPreAcquire.c (free bitmap, orphaned bitmap, the entry's lock and in-use bit), KiAbpProcessEntryAddToTree (what a
/// linked entry holds), KiAbpCrossThreadRelease (orphans), KiAbpCrossThreadDelete (pending releases),
/// KiAbpMarkCrossThreadReleasable, KiInitializeKThreadExtension.c (all of it behind the thread, one after the other).
/// </remarks>
internal static class AutoBoostEntries
{
    /// <summary>AutoBoost::_AB_THREAD_ENTRIES.</summary>
    private const ulong Free = 8, Orphaned = 0xa, Pending = 0xc, Count = 0xe, IsUserMode = 0xf, Entries = 0x10;

    /// <summary>AutoBoost::_AB_THREAD_ENTRY.</summary>
    private const ulong TreeNodeOffset = 8, State = 0x20, Use = 0x21, Linking = 0x22, Index = 0x24, Key = 0x25, EntrySize = 0x30;
    private const byte InUse = 1, Linked = 2, LinkedOrWakingUp = 2, Releasing = 1, Acquired = 2, Waiting = 4, CrossThreadReleasable = 0x10,
    Deleted = 0x20;
    private const byte OfUserMode = 0x80;

    /// <summary>True for a kernel whose entries are of this kind.</summary>
    public static bool AreInForce(SyntheticKernel kernel) =>
        kernel.Modules.Kernel("KiAbpGlobalState") != 0 && !kernel.Scenario.LegacyAutoBoost;

    /// <summary>The link of an entry in the tree of its lock's owners or waiters.</summary>
    public static ulong TreeNode(ulong entry) => entry + TreeNodeOffset;

    public static void Write(SyntheticKernel kernel, PlacedThread thread)
    {
        ulong blocks = thread.Address + (ulong)ThreadExtension.OffsetOfEntries(kernel);
        ulong ofKernel = blocks + 2 * sizeof(ulong);
        WriteBlock(kernel, thread, ofKernel, ThreadExtension.KernelEntries,
            [.. thread.Entries.Where(entry => entry.Lock is not UserLock)], 0);
        ulong ofUser = 0;
        if (ThreadExtension.HasUserEntries(thread))
        {
            ofUser = AddressOf(ofKernel, ThreadExtension.KernelEntries);
            WriteBlock(kernel, thread, ofUser, ThreadExtension.UserEntries, [.. thread.Entries.Where(entry => entry.Lock is UserLock)],
                OfUserMode);
        }
        kernel.Typed.SetQuads(blocks, ofKernel, ofUser);
        kernel.Typed.Set("_KTHREAD", thread.Address, "KernelAbEntries", blocks);
        KernelVariables.SetLong(kernel, "KiAbpGlobalState", 1);
    }

    /// <summary>Links an entry: its first word leads to the lock's head entry from then on, and no longer to the lock.</summary>
    public static void Link(SyntheticKernel kernel, PlacedEntry entry, ulong head, byte key)
    {
        kernel.Typed.SetQuads(entry.Address, head);
        SetByte(kernel, entry.Address + State, InUse | Linked);
        SetByte(kernel, entry.Address + Linking, LinkedOrWakingUp);
        SetByte(kernel, entry.Address + Key, key);
    }

    private static void WriteBlock(SyntheticKernel kernel, PlacedThread thread, ulong block, int count, PlacedEntry[] entries, byte mode)
    {
        kernel.Memory.Map(block, (int)(AddressOf(block, count) - block));
        kernel.Typed.SetQuads(block, thread.Address);
        SetWord(kernel, block + Free, ~LockEntryWriter.BitsOf(entries) & (1UL << count) - 1);
        SetWord(kernel, block + Orphaned, LockEntryWriter.BitsOf(LockEntryWriter.Orphans(entries)));
        SetWord(kernel, block + Pending, LockEntryWriter.BitsOf(entries.Where(entry => entry.Claim is { ReleasePending: true })));
        SetByte(kernel, block + Count, (byte)count);
        SetByte(kernel, block + IsUserMode, (byte)(mode == OfUserMode ? 1 : 0));
        for (int index = 0; index < count; index++) SetByte(kernel, AddressOf(block, index) + Index, (byte)(index | mode));
        foreach (PlacedEntry entry in entries) WriteEntry(kernel, entry, AddressOf(block, entry.Index));
    }

    private static void WriteEntry(SyntheticKernel kernel, PlacedEntry entry, ulong address)
    {
        entry.Address = address;
        if (entry.Lock is null || entry.Claim is not { } claim) return;
        kernel.Typed.SetQuads(address, kernel.Lock(entry.Lock.Name));
        SetByte(kernel, address + State, InUse);
        byte use = entry.Use switch { EntryUse.Owns => Acquired, EntryUse.Waits => Waiting, _ => 0 };
        if (claim.CrossThreadReleasable) use |= CrossThreadReleasable;
        if (claim.ReleasePending) use |= Releasing | Deleted;
        SetByte(kernel, address + Use, use);
    }

    private static ulong AddressOf(ulong block, int index) => block + Entries + (ulong)index * EntrySize;

    private static void SetByte(SyntheticKernel kernel, ulong address, byte value) => kernel.Memory.Write(address, [value]);

    private static void SetWord(SyntheticKernel kernel, ulong address, ulong value) =>
        kernel.Memory.Write(address, [(byte)value, (byte)(value >> 8)]);
}
