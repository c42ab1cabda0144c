namespace LockLeak.Kernel;

/// <summary>Reads and decodes the lock entries of a thread, for every generation of Windows.</summary>
/// <param name="memory">The target's memory.</param>
/// <param name="set">How threads of this kernel lead to their entries.</param>
/// <param name="notes">Gets a line when entries cannot be read.</param>
internal sealed class LockEntryReader(KernelMemory memory, LockEntrySet set, Notes notes)
{
    private readonly LockEntryShape shape = set.Shape;

    /// <summary>All entries of a thread, free ones too.</summary>
    /// <param name="thread">The whole _ETHREAD.</param>
    public LockEntry[] Read(Window thread)
    {
        if (set.Block is { } block)
        {
            var entries = new List<LockEntry>();
            foreach (ulong address in Blocks(block, thread))
            {
                ReadBlock(block, thread.Structure, address, entries);
            }

            return [.. entries];
        }

        return ReadArray(thread, set.ArrayPointer is { } pointer
            ? memory.Canonical(thread.Value(pointer)) : thread.Structure + (ulong)set.ArrayOffset.GetValueOrDefault());
    }

    /// <summary>The thread that an entry belongs to, by the kernel's own road from an entry to its thread.</summary>
    /// <param name="address">_KLOCK_ENTRY, from a wait block or a tree.</param>
    /// <returns>Null when it cannot be read or this build has no such road.</returns>
    public ThreadAddress? ThreadOf(EntryAddress address) =>
        memory.TryReadWindow(address.Value, 0, shape.Size) is { } entry ? ComputedThread(entry, 0, address.Value, blockThread: null) : null;

    private IEnumerable<ulong> Blocks(LockEntryBlock block, Window thread)
    {
        ulong first = memory.Canonical(thread.Value(block.Kernel));
        if (!block.IsPair)
        {
            yield return first;
            if (block.User is { } user)
            {
                yield return memory.Canonical(thread.Value(user));
            }
        }
        else if (memory.TryReadWindow(first, 0, 2 * sizeof(ulong)) is { } pair)
        {
            yield return memory.Canonical(pair.Value(block.Thread with { Offset = 0 }));
            yield return memory.Canonical(pair.Value(block.Thread with { Offset = sizeof(ulong) }));
        }
        else if (first != 0)
        {
            AddGap(thread.Structure, first);
        }
    }

    private LockEntry[] ReadArray(Window thread, ulong array)
    {
        // An array inside the thread has been read with it.
        int size = shape.Size * LockEntrySet.ArrayCount;
        bool isInside = set.ArrayOffset is { } offset && offset + size <= thread.Length;
        if ((isInside ? thread : memory.TryReadWindow(array, 0, size)) is not { } window)
        {
            AddGap(thread.Structure, array);
            return [];
        }

        uint inUse = set.FreeSummary is not null ? set.InUse(in thread) : UsedByFreeList(thread, array);
        uint orphaned = (uint)thread.Value(set.OrphanedSummary);
        var entries = new LockEntry[LockEntrySet.ArrayCount];
        for (int i = 0; i < entries.Length; i++)
        {
            ulong address = array + (ulong)(i * shape.Size);
            entries[i] = Decode(window, (int)(address - window.Structure), address, i, thread.Structure, inUse, orphaned,
                blockThread: null);
        }

        return entries;
    }

    private uint UsedByFreeList(Window thread, ulong array)
    {
        if (FreeEntryList.InUse(memory, set, thread, array) is { } used)
        {
            return used;
        }

        notes.AddGap($"The list of free lock entries of thread {Address.Text(thread.Structure)} is broken, so which of its entries are " +
            "in use is not known.");
        return 0;
    }

    private void ReadBlock(LockEntryBlock block, ulong thread, ulong address, List<LockEntry> entries)
    {
        if (address == 0)
        {
            return;
        }

        if (memory.TryReadWindow(address, 0, block.Entries) is not { } header)
        {
            AddGap(thread, address);
            return;
        }

        bool countIsGarbage = false;
        int count = (int)header.Value(block.Count);
        if (count > LockEntryBlock.MostEntries)
        {
            notes.Add($"Thread {Address.Text(thread)} claims to have {count} lock entries, which cannot be; those that hold together " +
                "are shown.");
            count = LockEntryBlock.MostEntries;
            countIsGarbage = true;
        }

        if (count == 0)
        {
            return;
        }

        if (memory.TryReadWindow(address + (ulong)block.Entries, 0, count * shape.Size) is not { } window)
        {
            AddGap(thread, address + (ulong)block.Entries);
            return;
        }

        ulong blockThread = memory.Canonical(header.Value(block.Thread));
        uint orphaned = (uint)header.Value(block.Orphaned);
        uint inUse = block.InUse(header, count);
        for (int i = 0; i < count; i++)
        {
            LockEntry entry = Decode(window, i * shape.Size, window.Structure + (ulong)(i * shape.Size), i, thread, inUse, orphaned,
                blockThread)
                with
            { IsReleasePending = (header.Value(block.Pending) >> i & 1) != 0 };
            if (countIsGarbage && window.Value(shape.EntryIndex, i * shape.Size) != (ulong)i)
            {
                return;
            }

            entries.Add(entry);
        }
    }

    private LockEntry Decode(Window window, int at, ulong address, int index, ulong thread, uint inUse, uint orphaned, ulong? blockThread)
    {
        bool used = (inUse >> index & 1) != 0;
        ulong raw = window.Value(shape.Lock, at);
        LockRelation relation =
            (orphaned >> index & 1) != 0 ? LockRelation.Orphaned
            : !used ? LockRelation.Free
            : window.IsSet(shape.Waiting, at) ? LockRelation.Waits
            : window.IsSet(shape.Acquired, at) ? LockRelation.Owns
            : LockRelation.Acquiring;
        bool inTree = shape.InTree is { } linked ? window.IsSet(linked, at) : raw >> 63 != 0;
        bool isHead = window.IsSet(shape.HeadNode, at);
        return new LockEntry(new EntryAddress(address), index, new ThreadAddress(thread), relation,
            new LockAddress(used ? LockOf(raw, inTree, thread) : 0))
        {
            LockUnsafe = raw,
            InTree = inTree,
            IsHead = isHead,
            Trees = isHead ? address : shape.HeadLock is not null && inTree ? memory.Canonical(raw) : 0,
            IsBusy = window.IsSet(shape.Busy, at),
            IsCrossThreadReleasable = window.IsSet(shape.CrossThreadReleasable, at),
            IsUser = window.IsSet(shape.UserMode, at),
            SessionId = shape.SessionId is { } session ? (int)(uint)window.Value(session, at) : -1,
            EntryFlags = (uint)window.Value(shape.EntryFlags, at),
            CrossThreadFlags = (byte)window.Value(shape.CrossThreadFlags, at),
            CpuPriorityKey = (sbyte)window.Value(shape.CpuPriorityKey, at),
            Boosts = window.Value(shape.Boosts, at),
            ComputedThread = used ? ComputedThread(window, at, address, blockThread) : null,
        };
    }

    /// <summary>The lock that an entry in use names; a linked entry of D names it by way of the lock's head entry.</summary>
    private ulong LockOf(ulong raw, bool inTree, ulong thread)
    {
        if (shape.HeadLock is not { } headLock || !inTree)
        {
            return memory.Canonical(shape.LockAddress(raw));
        }

        if (memory.TryReadPointer(memory.Canonical(raw) + (ulong)headLock.Offset, out ulong address) &&
            KernelMemory.IsKernelAddress(address))
        {
            return address;
        }

        notes.AddGap($"The head entry {Address.Text(raw)} of a lock of thread {Address.Text(thread)} cannot be read, so the lock is not " +
            "known.");
        return 0;
    }

    private void AddGap(ulong thread, ulong entries) =>
        notes.AddGap($"The lock entries of thread {Address.Text(thread)} cannot be read at {Address.Text(entries)}: they are paged out " +
        "or not in the dump.");

    /// <summary>The kernel's road from an entry back to its thread, one for each generation.</summary>
    private ThreadAddress? ComputedThread(Window window, int at, ulong address, ulong? blockThread) =>
        RawComputedThread(window, at, address, blockThread) is { } thread ? new ThreadAddress(memory.Canonical(thread)) : null;

    private ulong? RawComputedThread(Window window, int at, ulong address, ulong? blockThread)
    {
        if (shape.ThreadUnsafe is { } threadUnsafe)
        {
            // Windows 8.1: the highest byte and the low bits of the pointer serve as flags; an _ETHREAD is 16-byte aligned.
            return window.Value(threadUnsafe, at) & 0x00FF_FFFF_FFFF_FFF0 | 0xFF00_0000_0000_0000;
        }

        if (shape.EntryOffset is { } entryOffset)
        {
            return address - 16 * window.Value(entryOffset, at);
        }

        if (shape.EntryIndex is null)
        {
            return null;
        }

        ulong first = address - (ulong)shape.Size * window.Value(shape.EntryIndex, at);
        if (set.Block is { } block)
        {
            return blockThread is not null && first == window.Structure ? blockThread
                : memory.TryReadPointer(first - (ulong)block.Entries + (ulong)block.Thread.Offset, out ulong thread) ? thread
                : null;
        }

        return set.ArrayOffset is { } offset ? first - (ulong)offset : null;
    }
}
