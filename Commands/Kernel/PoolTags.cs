namespace LockLeak.Kernel;

/// <summary>Finds the pool allocation that a lock lies in, by the tag in front of it.</summary>
/// <remarks>
/// A small allocation begins with a _POOL_HEADER of 16 bytes: BlockSize in units of 16 bytes, PoolType, PoolTag (ExAllocateHeapPool,
/// ExFreeHeapPool: https://github.com/nohuto/decompiled-pseudocode, ntoskrnl of 22631.4169). Where it begins only the pool knows, so
/// whatever looks like a header is asked whether the kernel counts allocations of its tag: four letters stand in nt!PoolTrackTable by
/// no chance, and where two headers remain none is believed. Page-aligned allocations have no header.
/// </remarks>
internal sealed class PoolTags
{
    private const int HeaderSize = 16, PageSize = 0x1000, Unit = 16;
    private const int BlockSizeAt = 2, PoolTypeAt = 3, TagAt = 4;

    /// <summary>A header in front of an aligned allocation that leads to the real one (ExFreeHeapPool).</summary>
    private const byte Aligned = 4;

    /// <summary>Entries that are looked at for one tag; a table that is full looks so as well.</summary>
    private const int MostProbes = 16;

    private readonly KernelView view;
    private readonly Lazy<PoolTagTable> names;
    private readonly Dictionary<ulong, bool> counted = [];
    private readonly ulong table;
    private readonly uint mask;
    private readonly int entrySize;

    /// <summary>Finds the table of tags; without the kernel's symbols there is none.</summary>
    public PoolTags(KernelView view)
    {
        this.view = view;
        names = new(() => new PoolTagTable(view.Target.PoolTagTable));
        entrySize = view.Layout.PoolTrackerSize;
        if (entrySize > 0 && view.Target.Symbols.TryGetAddress("nt!PoolTrackTable", out ulong variable) &&
            view.Memory.TryReadPointer(variable, out table) && table != 0 &&
            view.Target.Symbols.TryGetAddress("nt!PoolTrackTableMask", out ulong maskVariable))
        {
            view.Memory.TryReadUInt32(maskVariable, out mask);
        }
    }

    /// <summary>The allocation that an address lies in; null when it cannot be told.</summary>
    public PoolAllocation? Of(ulong address)
    {
        int before = (int)(address % PageSize);
        if (mask == 0 || before < HeaderSize || view.Memory.TryReadWindow(address - (ulong)before, 0, before) is not { } page)
        {
            return null;
        }

        ReadOnlySpan<byte> bytes = page.All;
        uint? found = null;
        for (int at = before / Unit * Unit - HeaderSize; at >= 0; at -= Unit)
        {
            if (Covers(bytes[at..], at, before) && IsTag(bytes[(at + TagAt)..], out uint tag) && IsCounted(tag))
            {
                if (found is not null)
                {
                    return null;
                }

                found = tag;
            }
        }

        return found is { } only ? new PoolAllocation(Text(only), names.Value.OwnerOf(Text(only))) : null;
    }

    /// <summary>True when what may be a header describes a block in use that holds the address and ends within the page.</summary>
    private static bool Covers(ReadOnlySpan<byte> header, int at, int address)
    {
        int end = at + header[BlockSizeAt] * Unit;
        return end >= address + sizeof(ulong) && end <= PageSize && header[PoolTypeAt] != 0 && (header[PoolTypeAt] & Aligned) == 0;
    }

    private static bool IsTag(ReadOnlySpan<byte> bytes, out uint tag)
    {
        tag = BitConverter.ToUInt32(bytes);
        return bytes[0] != ' ' && Text(tag).All(letter => letter is >= ' ' and <= '~');
    }

    /// <summary>True when the kernel counts allocations of a tag, in the slot that ExFreeHeapPool computes, or behind it.</summary>
    private bool IsCounted(uint tag)
    {
        if (!counted.TryGetValue(tag, out bool isCounted))
        {
            ulong product = 40543UL * tag;
            uint slot = ((uint)product ^ (uint)(product >> 32)) & mask;
            for (int probe = 0; probe < MostProbes && !isCounted; probe++, slot = (slot + 1) & mask)
            {
                if (!view.Memory.TryReadUInt32(table + slot * (ulong)entrySize, out uint key) || key == 0)
                {
                    break;
                }

                isCounted = key == tag;
            }

            counted.Add(tag, isCounted);
        }

        return isCounted;
    }

    /// <summary>The letters of a tag; the highest bit of the last one once marked a protected allocation.</summary>
    private static string Text(uint tag) =>
        new([(char)(byte)tag, (char)(byte)(tag >> 8), (char)(byte)(tag >> 16), (char)(tag >> 24 & 0x7F)]);
}
