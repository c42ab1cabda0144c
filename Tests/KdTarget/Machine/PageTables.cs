using System.Buffers.Binary;

namespace KdTarget.Machine;

/// <summary>The processor's translation from virtual to physical addresses: four levels of page tables (Intel SDM volume 3, 4.5).</summary>
public sealed class PageTables(PhysicalMemory memory, ulong directoryTableBase)
{
    private const ulong Present = 1;
    private const ulong LargePage = 0x80;
    private const ulong FrameMask = 0x000F_FFFF_FFFF_F000;

    /// <summary>The physical address behind a virtual one; null when the page is not present.</summary>
    public ulong? Translate(ulong address)
    {
        ulong table = directoryTableBase & FrameMask;
        foreach (int shift in (ReadOnlySpan<int>)[39, 30, 21, 12])
        {
            Span<byte> slot = memory.At(table + ((address >> shift) & 0x1FF) * 8);
            if (slot.IsEmpty)
                return null;
            ulong entry = BinaryPrimitives.ReadUInt64LittleEndian(slot);
            if ((entry & Present) == 0)
                return null;
            ulong inside = (1UL << shift) - 1;
            if (shift == 12 || (shift < 39 && (entry & LargePage) != 0))
                return (entry & FrameMask & ~inside) | (address & inside);
            table = entry & FrameMask;
        }
        return null;
    }
}
