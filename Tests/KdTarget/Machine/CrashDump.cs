using System.Buffers.Binary;

namespace KdTarget.Machine;

/// <summary>A full crash dump of 64-bit Windows: its header, and physical memory in runs of pages (DUMP_HEADER64, "PAGEDU64").</summary>
public sealed record CrashDump
{
    private const int HeaderSize = 0x2000;
    private const uint FullDump = 1;
    private const int MostRuns = 42; // what fits between the run count and the context record

    /// <summary>Physical memory.</summary>
    public required PhysicalMemory Memory { get; init; }

    /// <summary>The page tables' root.</summary>
    public required ulong DirectoryTableBase { get; init; }

    /// <summary>PsLoadedModuleList.</summary>
    public required ulong LoadedModuleList { get; init; }

    /// <summary>KdDebuggerDataBlock.</summary>
    public required ulong DebuggerDataBlock { get; init; }

    /// <summary>Windows build number.</summary>
    public required ushort Build { get; init; }

    /// <summary>Number of processors.</summary>
    public required int ProcessorCount { get; init; }

    /// <summary>Where the processor stood that took the dump.</summary>
    public required ulong InstructionPointer { get; init; }

    /// <summary>Reads a dump to its end.</summary>
    /// <exception cref="InvalidDataException">It is not a full crash dump of 64-bit Windows.</exception>
    public static CrashDump Read(Stream stream)
    {
        var header = new byte[HeaderSize];
        stream.ReadExactly(header);
        if (!header.AsSpan().StartsWith("PAGEDU64"u8))
            throw new InvalidDataException("Not a crash dump of 64-bit Windows.");
        if (UInt32(0xf98) != FullDump)
            throw new InvalidDataException($"Dump type {UInt32(0xf98)} is not a full crash dump, which has type {FullDump}.");
        return new CrashDump
        {
            Memory = ReadRuns(stream, header),
            DirectoryTableBase = UInt64(0x10),
            LoadedModuleList = UInt64(0x20),
            DebuggerDataBlock = UInt64(0x80),
            Build = (ushort)UInt32(0xc),
            ProcessorCount = (int)UInt32(0x34),
            InstructionPointer = UInt64(0x348 + 0xf8),
        };

        uint UInt32(int offset) => BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(offset));
        ulong UInt64(int offset) => BinaryPrimitives.ReadUInt64LittleEndian(header.AsSpan(offset));
    }

    private static PhysicalMemory ReadRuns(Stream stream, ReadOnlySpan<byte> header)
    {
        uint runs = BinaryPrimitives.ReadUInt32LittleEndian(header[0x88..]);
        if (runs > MostRuns)
            throw new InvalidDataException($"The dump claims {runs} runs of physical memory.");
        var memory = new PhysicalMemory();
        for (int run = 0; run < runs; run++)
        {
            ReadOnlySpan<byte> entry = header[(0x98 + 16 * run)..];
            ulong first = BinaryPrimitives.ReadUInt64LittleEndian(entry);
            ulong count = BinaryPrimitives.ReadUInt64LittleEndian(entry[8..]);
            for (ulong frame = first; frame < first + count; frame++)
            {
                var page = new byte[PhysicalMemory.PageSize];
                stream.ReadExactly(page);
                memory.Add(frame, page);
            }
        }
        return memory;
    }
}
