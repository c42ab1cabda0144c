using System.Buffers.Binary;

namespace KernelImages.Memory;

/// <summary>The four levels of page tables that a debugger walks to find a page.</summary>
public static class PageTables
{
    /// <summary>Index of the top-level entry that maps the tables themselves: PTEs begin at 0xFFFFF680`00000000.</summary>
    private const int SelfMapIndex = 0x1ed;

    /// <summary>Present, writable, accessed, dirty.</summary>
    private const ulong Valid = 0x63;

    /// <summary>A frame that no dump of ours reaches.</summary>
    private const ulong FrameOutsideTheDump = 0x800000;

    /// <summary>Writes the tables of everything that is mapped into frames of their own.</summary>
    public static void Write(AddressSpace memory)
    {
        Dictionary<(int Level, ulong Prefix), byte[]> tables =
            new() { [(4, 0)] = memory.Frame(memory.DirectoryTableBase / AddressSpace.PageSize) };
        foreach ((ulong page, ulong frame) in memory.Pages.OrderBy(page => page.Key).ToList())
        {
            ulong number = page & 0xF_FFFF_FFFF;
            ulong target = memory.IsAbsent(page) ? FrameOutsideTheDump + number % 0x1000 : frame;
            SetEntry(Table(1, number >> 9), number & 511, target);
        }
        SetEntry(tables[(4, 0)], SelfMapIndex, memory.DirectoryTableBase / AddressSpace.PageSize);

        byte[] Table(int level, ulong prefix)
        {
            if (tables.TryGetValue((level, prefix), out byte[]? table)) return table;
            byte[] parent = Table(level + 1, prefix >> 9);
            ulong frame = memory.AddFrame();
            SetEntry(parent, prefix & 511, frame);
            return tables[(level, prefix)] = memory.Frame(frame);
        }
    }

    private static void SetEntry(byte[] table, ulong index, ulong frame) =>
        BinaryPrimitives.WriteUInt64LittleEndian(table.AsSpan((int)index * 8), frame * AddressSpace.PageSize | Valid);
}
