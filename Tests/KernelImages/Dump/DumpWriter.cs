using System.Buffers.Binary;
using System.Text;
using KernelImages.Kernel;
using KernelImages.Memory;

namespace KernelImages.Dump;

/// <summary>Writes a 64-bit kernel crash dump (DUMP_HEADER64, "PAGEDU64"). Offsets are those of wdm's ntiodump.h.</summary>
public static class DumpWriter
{
    /// <summary>Where the header keeps the CONTEXT of the processor that stopped the machine.</summary>
    internal const uint ContextOffset = 0x348;

    /// <summary>Where the header keeps the EXCEPTION_RECORD64.</summary>
    internal const uint ExceptionOffset = 0xf00;

    private const int HeaderSize = 0x2000;
    private const uint Breakpoint = 0x80000003;
    private const uint DefaultBugCheck = 0xe2;

    /// <summary>Writes the dump of a machine.</summary>
    /// <param name="kernel">The machine.</param>
    /// <param name="path">The file, overwritten.</param>
    /// <param name="format">How the file holds the frames.</param>
    public static void Write(SyntheticKernel kernel, string path, DumpFormat format = DumpFormat.Full)
    {
        using FileStream file = File.Create(path);
        Write(kernel, file, format);
    }

    /// <inheritdoc cref="Write(SyntheticKernel, string, DumpFormat)"/>
    public static void Write(SyntheticKernel kernel, Stream file, DumpFormat format = DumpFormat.Full)
    {
        byte[] front = format switch
        {
            DumpFormat.Bitmap => FrameBitmap(kernel.Memory),
            DumpFormat.Triage => TriageDumpWriter.Content(kernel),
            _ => [],
        };
        IReadOnlyList<byte[]> frames = format == DumpFormat.Triage ? [] : kernel.Memory.Frames;
        file.Write(Header(kernel, format, (ulong)front.Length + (ulong)frames.Count * AddressSpace.PageSize));
        file.Write(front);
        foreach (byte[] frame in frames) file.Write(frame);
    }

    private static byte[] Header(SyntheticKernel kernel, DumpFormat format, ulong contentSize)
    {
        byte[] header = new byte[HeaderSize];
        for (int i = 0; i < HeaderSize; i += 4) "PAGE"u8.CopyTo(header.AsSpan(i));
        Clear(0x60, 0x20);
        Clear(0x88, 700);
        Clear((int)ContextOffset, 0xbb8);
        Clear((int)ExceptionOffset, 0x98);
        Clear(0xfb0, 0x80);

        var bug = kernel.BugCheck;
        ulong frames = (ulong)kernel.Memory.Frames.Count;
        PlacedProcessor current = kernel.Processors[kernel.CurrentProcessor];
        Encoding.ASCII.GetBytes("PAGEDU64").CopyTo(header, 0);
        Set32(0x08, 15);
        Set32(0x0c, kernel.Types.Build);
        Set64(0x10, kernel.Memory.DirectoryTableBase);
        Set64(0x18, kernel.Modules.Kernel("MmPfnDatabase"));
        Set64(0x20, kernel.Modules.Kernel("PsLoadedModuleList"));
        Set64(0x28, kernel.Modules.Kernel("PsActiveProcessHead"));
        Set32(0x30, 0x8664);
        Set32(0x34, (uint)kernel.Processors.Count);
        // Without a bug check the dump says what a keyboard-initiated one says.
        Set32(0x38, bug?.Code ?? DefaultBugCheck);
        Set64(0x40, bug?.Parameter1 ?? 0);
        Set64(0x48, bug?.Parameter2 ?? 0);
        Set64(0x50, bug?.Parameter3 ?? 0);
        Set64(0x58, bug?.Parameter4 ?? 0);
        Set64(0x80, kernel.DebuggerData);
        // PHYSICAL_MEMORY_DESCRIPTOR64: one run.
        Set32(0x88, 1);
        Set64(0x90, frames);
        Set64(0x98, AddressSpace.FirstFrame);
        Set64(0xa0, frames);
        current.Context.CopyTo(header, ContextOffset);
        // EXCEPTION_RECORD64
        Set32(0xf00, Breakpoint);
        Set32(0xf04, 1);
        Set64(0xf10, BinaryPrimitives.ReadUInt64LittleEndian(current.Context.AsSpan(0xf8)));
        Set32(0xf98, (uint)format);
        Set64(0xfa0, HeaderSize + contentSize);
        Set64(0xfa8, (ulong)kernel.Scenario.Time.ToFileTimeUtc());
        Encoding.ASCII.GetBytes(kernel.Scenario.Name).CopyTo(header, 0xfb0);
        Set64(0x1030, (ulong)kernel.Scenario.Uptime.Ticks);
        // MiniDumpFields, SecondaryDataState, ProductType (workstation), SuiteMask, WriterStatus
        Set32(0x1038, format == DumpFormat.Triage ? TriageDumpWriter.Fields : 0);
        Set32(0x103c, 0);
        Set32(0x1040, 1);
        Set32(0x1044, 0x110);
        Set32(0x1048, 0);
        Set64(0x104c, 0);
        Set32(0x1054, 0);
        return header;

        void Set32(int offset, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(offset), value);
        void Set64(int offset, ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(header.AsSpan(offset), value);
        void Clear(int offset, int size) => header.AsSpan(offset, size).Clear();
    }

    /// <summary>BITMAP_DUMP: "SDMPDUMP", where the frames begin, how many there are, and a bit for each that the file holds.</summary>
    private static byte[] FrameBitmap(AddressSpace memory)
    {
        const int HeaderSize = 0x38;
        int bits = (int)AddressSpace.FirstFrame + memory.Frames.Count;
        int size = (HeaderSize + (bits + 7) / 8 + AddressSpace.PageSize - 1) / AddressSpace.PageSize * AddressSpace.PageSize;
        byte[] map = new byte[size];
        Encoding.ASCII.GetBytes("SDMPDUMP").CopyTo(map, 0);
        BinaryPrimitives.WriteUInt64LittleEndian(map.AsSpan(0x20), (ulong)(DumpWriter.HeaderSize + size));
        BinaryPrimitives.WriteUInt64LittleEndian(map.AsSpan(0x28), (ulong)memory.Frames.Count);
        BinaryPrimitives.WriteUInt64LittleEndian(map.AsSpan(0x30), (ulong)bits);
        for (int frame = (int)AddressSpace.FirstFrame; frame < bits; frame++) map[HeaderSize + frame / 8] |= (byte)(1 << frame % 8);
        return map;
    }
}

/// <summary>DUMP_TYPE_*.</summary>
public enum DumpFormat
{
    /// <summary>All frames as runs.</summary>
    Full = 1,

    /// <summary>A small dump, which has no address space: no process list, no other threads.</summary>
    Triage = 4,

    /// <summary>A bitmap of frames, the default of Windows 8 and later.</summary>
    Bitmap = 5,
}
