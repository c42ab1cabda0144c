namespace LockLeak.Kernel;

/// <summary>Reads the lock entries of a thread, for every generation of Windows.</summary>
/// <param name="memory">The target's memory.</param>
/// <param name="set">How threads of this kernel lead to their entries.</param>
/// <param name="notes">Gets a line when entries cannot be read.</param>
internal sealed class LockEntryReader(KernelMemory memory, LockEntrySet set, Notes notes)
{
    private readonly LockEntryShape shape = set.Shape;
    private readonly LockEntryDecoder decoder = new(memory, set, notes);

    /// <summary>All entries of a thread, free ones too.</summary>
    /// <param name="thread">The whole _ETHREAD.</param>
    public LockEntries Read(Window thread)
    {
        LockEntryRun[] runs = set.Block is { } block ? Blocks(block, thread) : Array(thread);
        return new LockEntries(new ThreadAddress(thread.Structure), runs, decoder);
    }

    /// <inheritdoc cref="LockEntryDecoder.ThreadOf"/>
    public ThreadAddress? ThreadOf(EntryAddress address) => decoder.ThreadOf(address);

    private LockEntryRun[] Blocks(LockEntryBlock block, Window thread)
    {
        ulong kernel = memory.Canonical(thread.Value(block.Kernel)), user = memory.Canonical(thread.Value(block.User));
        if (block.IsPair && kernel != 0)
        {
            if (memory.TryReadWindow(kernel, 0, 2 * sizeof(ulong)) is not { } pair)
            {
                AddGap(thread.Structure, kernel);
                return [];
            }

            kernel = memory.Canonical(pair.Value(block.Thread with { Offset = 0 }));
            user = memory.Canonical(pair.Value(block.Thread with { Offset = sizeof(ulong) }));
        }

        return [.. Block(block, thread, kernel), .. Block(block, thread, user)];
    }

    private LockEntryRun[] Array(Window thread)
    {
        // An array inside the thread has been read with it.
        ulong array = set.ArrayPointer is { } pointer
            ? memory.Canonical(thread.Value(pointer)) : thread.Structure + (ulong)set.ArrayOffset.GetValueOrDefault();
        int size = shape.Size * LockEntrySet.ArrayCount;
        bool isInside = set.ArrayOffset is { } offset && offset + size <= thread.Length;
        if ((isInside ? thread : memory.TryReadWindow(array, 0, size)) is not { } window)
        {
            AddGap(thread.Structure, array);
            return [];
        }

        uint inUse = set.HasFreeSummary ? set.InUse(in thread) : UsedByFreeList(thread, array);
        return [new(window, array, LockEntrySet.ArrayCount, inUse) { Orphaned = (uint)thread.Value(set.OrphanedSummary) }];
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

    private LockEntryRun[] Block(LockEntryBlock block, Window thread, ulong address)
    {
        if (address == 0)
        {
            return [];
        }

        if (memory.TryReadWindow(address, 0, block.Entries) is not { } header)
        {
            AddGap(thread.Structure, address);
            return [];
        }

        ulong first = address + (ulong)block.Entries;
        int said = (int)header.Value(block.Count), count = Math.Min(said, LockEntryBlock.MostEntries);
        if (said > count)
        {
            notes.Add($"Thread {Address.Text(thread.Structure)} claims to have {said} lock entries, which cannot be; those that hold " +
                "together are shown.");
        }

        if (count == 0)
        {
            return [];
        }

        if (memory.TryReadWindow(first, 0, count * shape.Size) is not { } window)
        {
            AddGap(thread.Structure, first);
            return [];
        }

        if (said > count)
        {
            int together = 0;
            while (together < count && window.Value(shape.EntryIndex, together * shape.Size) == (ulong)together)
            {
                together++;
            }

            count = together;
        }

        return
        [
            new(window, first, count, block.InUse(header, count))
            {
                Orphaned = (uint)header.Value(block.Orphaned),
                Pending = (uint)header.Value(block.Pending),
                Owner = new ThreadAddress(memory.Canonical(header.Value(block.Thread))),
            },
        ];
    }

    private void AddGap(ulong thread, ulong entries) =>
        notes.AddGap($"The lock entries of thread {Address.Text(thread)} cannot be read at {Address.Text(entries)}: they are paged out " +
        "or not in the dump.");
}
