using System.Buffers.Binary;
using System.Text;
using KernelImages.Kernel;

namespace KernelImages.Dump;

/// <summary>What stands behind the header of a small dump: TRIAGE_DUMP64 (ntiodump.h) and copies of the memory that it points to.</summary>
internal sealed class TriageDumpWriter
{
    /// <summary>
    /// DUMP_HEADER64.MiniDumpFields of such a dump. Without it the engine takes neither the debugger data nor the data blocks.
    /// </summary>
    public const uint Fields = 0xcff;

    /// <summary>TRIAGE_DUMP64 and room behind it, where later versions of it have more.</summary>
    private const int TriageHeaderSize = 0x200;
    private const int DriverEntrySize = 0x90, DriverLink = 8, DriverTimeStamp = 0x80, DataBlockSize = 0x10;

    /// <summary>TRIAGE_DUMP_VALID, the last word of the file.</summary>
    private const uint Valid = 0x44475254;
    private const uint Options = 0xff;

    private readonly SyntheticKernel _kernel;
    private readonly List<byte> _content = [];
    private readonly byte[] _header = new byte[TriageHeaderSize];

    private TriageDumpWriter(SyntheticKernel kernel) => _kernel = kernel;

    private uint Position => (uint)(DumpHeader.Size + TriageHeaderSize + _content.Count);

    /// <summary>Everything behind the file's header.</summary>
    public static byte[] Content(SyntheticKernel kernel) => new TriageDumpWriter(kernel).Write();

    private byte[] Write()
    {
        TriageMemory memory = TriageMemory.Of(_kernel);
        Set(0x0c, DumpHeader.ContextRecord);
        Set(0x10, DumpHeader.Exception);
        Set(0x1c, Append(memory.Prcb));
        Set(0x20, Append(memory.Process));
        Set(0x24, Append(memory.Thread));
        Set(0x28, Append(memory.Stack));
        Set(0x2c, (uint)memory.Stack.Size);
        WriteDrivers();
        Set(0x44, Options);
        BinaryPrimitives.WriteUInt64LittleEndian(_header.AsSpan(0x48), memory.Stack.Address);
        Set(0x70, Append(memory.DebuggerData));
        Set(0x74, (uint)memory.DebuggerData.Size);
        WriteDataBlocks([.. memory.OtherThreads, .. memory.ImagePages]);
        Set(0x08, Append(BitConverter.GetBytes(Valid)));
        Set(0x04, Position);
        return [.. _header, .. _content];
    }

    /// <summary>DUMP_DRIVER_ENTRY64: where the name is, and a copy of the loader's entry.</summary>
    private void WriteDrivers()
    {
        List<KernelModule> modules = [.. _kernel.Modules.Modules.Where(module => !module.Unloaded)];
        uint strings = Position;
        List<uint> names = [.. modules.Select(module => AppendString(module.FileName))];
        Set(0x38, strings);
        Set(0x3c, Position - strings);
        byte[] table = new byte[modules.Count * DriverEntrySize];
        ulong link = _kernel.Modules.Kernel("PsLoadedModuleList");
        for (int i = 0; i < modules.Count; i++)
        {
            link = _kernel.Typed.GetQuad(link);
            Span<byte> row = table.AsSpan(i * DriverEntrySize, DriverEntrySize);
            BinaryPrimitives.WriteUInt32LittleEndian(row, names[i]);
            _kernel.Memory.Read(link, row[DriverLink..]);
            // KLDR_DATA_TABLE_ENTRY64 (wdbgexts.h) has its own place for the time stamp, wherever the kernel has it.
            ulong stamp = _kernel.Typed.Get("_KLDR_DATA_TABLE_ENTRY", link, "TimeDateStamp");
            BinaryPrimitives.WriteUInt32LittleEndian(row[(DriverLink + DriverTimeStamp)..], (uint)stamp);
        }
        Set(0x30, Append(table));
        Set(0x34, (uint)modules.Count);
    }

    /// <summary>TRIAGE_DATA_BLOCKs: address, offset and size of what else the dump holds.</summary>
    private void WriteDataBlocks(IReadOnlyList<MemoryRange> ranges)
    {
        byte[] table = new byte[ranges.Count * DataBlockSize];
        for (int i = 0; i < ranges.Count; i++)
        {
            Span<byte> row = table.AsSpan(i * DataBlockSize, DataBlockSize);
            BinaryPrimitives.WriteUInt64LittleEndian(row, ranges[i].Address);
            BinaryPrimitives.WriteUInt32LittleEndian(row[8..], Append(ranges[i]));
            BinaryPrimitives.WriteInt32LittleEndian(row[12..], ranges[i].Size);
        }
        Set(0x78, Append(table));
        Set(0x7c, (uint)ranges.Count);
    }

    private uint Append(MemoryRange range)
    {
        byte[] bytes = new byte[range.Size];
        if (!range.IsBlank) _kernel.Memory.Read(range.Address, bytes);
        return Append(bytes);
    }

    /// <summary>DUMP_STRING: the number of characters, then the characters with a terminator.</summary>
    private uint AppendString(string text) => Append([.. BitConverter.GetBytes(text.Length), .. Encoding.Unicode.GetBytes(text + '\0')]);

    private uint Append(byte[] bytes)
    {
        _content.AddRange(new byte[-_content.Count & 7]);
        uint offset = Position;
        _content.AddRange(bytes);
        return offset;
    }

    private void Set(int offset, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(_header.AsSpan(offset), value);
}
