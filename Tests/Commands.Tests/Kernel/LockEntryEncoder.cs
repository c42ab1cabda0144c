using System.Buffers.Binary;
using KernelImages.Memory;
using LockLeak.Layouts;

namespace LockLeak.Tests.Kernel;

/// <summary>Writes a thread's lock entries as each Windows build keeps them, by the field names of its symbols.</summary>
internal static class LockEntryEncoder
{
    private const string Entry = "_KLOCK_ENTRY";
    private const string Block = "_KLOCK_ENTRIES";
    private const ulong Blocks = 0xffffb000_00001000;

    /// <summary>Writes all entries of a thread.</summary>
    /// <returns>The addresses of the kernel's entries, then of the user's.</returns>
    public static ulong[] Write(MemoryTarget target, ulong thread, EntryModel[] kernel, EntryModel[] user)
    {
        var types = (KernelTypes)target.Types;
        target.Memory.Map(thread, types.RequiredSizeOf("_ETHREAD"));
        if (types.Symbols.ContainsKey("KiAbpGlobalState"))
        {
            return WriteSmallBlocks(target, thread, kernel, user);
        }

        return types.Field("_KTHREAD", "KernelAbEntries") is null
            ? WriteArray(target.Typed, thread, kernel)
            : [.. WriteBlock(target.Typed, thread, Blocks, "KernelAbEntries", kernel),
                .. WriteBlock(target.Typed, thread, Blocks + 0x1000, "UserAbEntries", user)];
    }

    private static ulong[] WriteArray(TypedMemory typed, ulong thread, EntryModel[] entries)
    {
        string owner = typed.Types.Field("_ETHREAD", "LockEntries") is null ? "_KTHREAD" : "_ETHREAD";
        ulong first = thread + typed.Types.OffsetOf(owner, "LockEntries");
        ulong[] addresses = Addresses(typed, first, entries.Length);
        if (typed.Types.Field("_KTHREAD", "LockEntries") is { IsPointer: true })
        {
            typed.Set("_KTHREAD", thread, "LockEntries", first);
        }

        for (int i = 0; i < entries.Length; i++)
        {
            typed.Set(Entry, addresses[i], "EntryOffset", addresses[i] - thread >> 4);
            typed.Set(Entry, addresses[i], "EntryIndex", (ulong)i);
            typed.Set(Entry, addresses[i], "ThreadUnsafe", thread);
            WriteEntry(typed, addresses[i], entries[i]);
        }

        if (typed.Types.Field("_KTHREAD", "LockEntriesFreeList") is { } list)
        {
            LinkFreeEntries(typed, thread + (ulong)list.Offset, addresses.Where((_, i) => entries[i].Use == EntryModel.Uses.Free));
        }

        typed.Set("_KTHREAD", thread, "AbFreeEntryCount", (ulong)entries.Count(entry => entry.Use == EntryModel.Uses.Free));
        typed.Set("_KTHREAD", thread, "AbEntrySummary", Bits(entries, EntryModel.Uses.Free));
        typed.Set("_KTHREAD", thread, "AbOrphanedEntrySummary", Bits(entries, EntryModel.Uses.Orphaned));
        return addresses;
    }

    /// <summary>Windows 8.1: a SINGLE_LIST_ENTRY through FreeListEntry, which is the first field.</summary>
    private static void LinkFreeEntries(TypedMemory typed, ulong link, IEnumerable<ulong> entries)
    {
        foreach (ulong entry in entries)
        {
            typed.SetQuads(link, entry);
            link = entry;
        }

        typed.SetQuads(link, 0);
    }

    private static ulong[] WriteBlock(TypedMemory typed, ulong thread, ulong block, string field, EntryModel[] entries)
    {
        if (entries.Length == 0)
        {
            return [];
        }

        typed.Set("_KTHREAD", thread, field, block);
        typed.Set(Block, block, "Thread", thread);
        typed.Set(Block, block, "AvailableEntryBitmap", Bits(entries, EntryModel.Uses.Free));
        typed.Set(Block, block, "OrphanedEntryBitmap", Bits(entries, EntryModel.Uses.Orphaned));
        typed.Set(Block, block, "EntryCount", (ulong)entries.Length);
        ulong[] addresses = Addresses(typed, block + typed.Types.OffsetOf(Block, "Entries"), entries.Length);
        for (int i = 0; i < entries.Length; i++)
        {
            typed.Set(Entry, addresses[i], "EntryIndex", (ulong)i);
            typed.Set(Entry, addresses[i], "UserModeBit", field == "UserAbEntries" ? 1u : 0);
            WriteEntry(typed, addresses[i], entries[i]);
        }

        return addresses;
    }

    private static void WriteEntry(TypedMemory typed, ulong address, EntryModel entry)
    {
        typed.Set(Entry, address, "LockUnsafe", entry.LockBits);
        typed.Set(Entry, address, "LockState.CrossThreadReleasable", entry.Extra.CrossThreadReleasable ? 1u : 0);
        typed.Set(Entry, address, "LockState.Busy", entry.Extra.Busy ? 1u : 0);
        typed.Set(Entry, address, "SessionId", (uint)entry.Extra.SessionId);
        _ = typed.Set(Entry, address, "WaitingByte", entry.Waiting ? 1u : 0) ||
            typed.Set(Entry, address, "WaitingBit", entry.Waiting ? 1u : 0) ||
            typed.Set(Entry, address, "LockState.Waiting", entry.Waiting ? 1u : 0);
        typed.Set(Entry, address, "AcquiredByte", entry.Acquired ? 1u : 0);
        if (!typed.Set(Entry, address, "HeadNodeBit", entry.Extra.Head ? 1u : 0))
        {
            // Windows 8.1: the low bits of the thread's address, which is 16-byte aligned.
            typed.Set(Entry, address, "HeadNodeByte", typed.Get(Entry, address, "HeadNodeByte") | (entry.Extra.Head ? 1u : 0));
        }
    }

    /// <summary>
    /// 26H1, by offset (KernelImages.Kernel.AutoBoostEntries has the sources). The first word of a linked entry is the
    /// address of the lock's head entry, whose lock is at + 0x18; only that of any other entry is the lock itself.
    /// </summary>
    private static ulong[] WriteSmallBlocks(MemoryTarget target, ulong thread, EntryModel[] kernel, EntryModel[] user)
    {
        target.Typed.Set("_KTHREAD", thread, "KernelAbEntries", Blocks);
        target.Typed.SetQuads(Blocks, kernel.Length == 0 ? 0 : Blocks + 0x1000, user.Length == 0 ? 0 : Blocks + 0x2000);
        return [.. WriteSmallBlock(target.Memory, thread, Blocks + 0x1000, kernel, 0),
            .. WriteSmallBlock(target.Memory, thread, Blocks + 0x2000, user, 0x80)];
    }

    private static IEnumerable<ulong> WriteSmallBlock(AddressSpace memory, ulong thread, ulong block, EntryModel[] entries, int userBit)
    {
        const int Header = 0x10, Size = 0x30, HeadSize = 0x50;
        const ulong HeadsBehindBlock = 0x800;
        byte[] bytes = new byte[Header + entries.Length * Size];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, thread);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(8), (ushort)Bits(entries, EntryModel.Uses.Free));
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(0xa), (ushort)Bits(entries, EntryModel.Uses.Orphaned));
        bytes[0xe] = (byte)entries.Length;
        for (int i = 0; i < entries.Length; i++)
        {
            Span<byte> entry = bytes.AsSpan(Header + i * Size, Size);
            bool isLinked = entries[i].InTree && entries[i].Lock != 0;
            ulong head = block + HeadsBehindBlock + (ulong)(i * HeadSize);
            if (isLinked) memory.Write(head + 0x18, BitConverter.GetBytes(entries[i].Lock));
            BinaryPrimitives.WriteUInt64LittleEndian(entry, isLinked ? head : entries[i].Lock);
            entry[0x20] = (byte)(isLinked ? 3 : 1);
            entry[0x21] = (byte)((entries[i].Extra.Busy ? 1 : 0) | (entries[i].Acquired ? 2 : 0) | (entries[i].Waiting ? 4 : 0));
            entry[0x24] = (byte)(i | userBit);
        }

        memory.Write(block, bytes);
        return Enumerable.Range(0, entries.Length).Select(i => block + Header + (ulong)(i * Size));
    }

    private static ulong[] Addresses(TypedMemory typed, ulong first, int count) =>
        [.. Enumerable.Range(0, count).Select(i => first + (ulong)(i * typed.Types.RequiredSizeOf(Entry)))];

    private static ulong Bits(EntryModel[] entries, EntryModel.Uses use) =>
        entries.Select((entry, i) => entry.Use == use ? 1UL << i : 0).Aggregate(0UL, (all, bit) => all | bit);
}
