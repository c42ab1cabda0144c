namespace KdTarget.Machine;

/// <summary>A machine that stands still where a crash dump was taken. What is written to its memory stays in this process.</summary>
public sealed class DumpMachine : IMachine
{
    // Members of KDDEBUGGER_DATA64 (wdbgexts.h), which finds the processors without symbols.
    private const ulong KernBaseOffset = 0x18;
    private const ulong KiProcessorBlockOffset = 0x218;
    private const ulong OffsetPrcbProcStateContextOffset = 0x2bc;
    private const ulong OffsetPcrContainedPrcbOffset = 0x2e6;
    private const ulong OffsetPrcbProcStateSpecialRegOffset = 0x2f2;

    private readonly PhysicalMemory _memory;
    private readonly PageTables _tables;

    /// <summary>Makes a machine of a full crash dump.</summary>
    /// <exception cref="InvalidDataException">The dump has no usable KDDEBUGGER_DATA64.</exception>
    public DumpMachine(CrashDump dump)
    {
        _memory = dump.Memory;
        _tables = new PageTables(dump.Memory, dump.DirectoryTableBase);
        Build = dump.Build;
        LoadedModuleList = dump.LoadedModuleList;
        DebuggerDataList = this.ReadUInt64(dump.DebuggerDataBlock);
        KernelBase = this.ReadUInt64(dump.DebuggerDataBlock + KernBaseOffset);
        if (DebuggerDataList == 0 || KernelBase == 0)
            throw new InvalidDataException($"The dump has no KDDEBUGGER_DATA64 in a list at {dump.DebuggerDataBlock:x16}.");
        Processors = [.. Enumerable.Range(0, dump.ProcessorCount).Select(number => ReadProcessor(dump, number))];
        int crashed = Array.FindIndex([.. Processors], p => p.InstructionPointer == dump.InstructionPointer);
        StoppingProcessor = Math.Max(crashed, 0);
    }

    /// <summary>Makes a machine of the crash dump in a file.</summary>
    public static DumpMachine Load(string path)
    {
        using FileStream file = File.OpenRead(path);
        return new DumpMachine(CrashDump.Read(file));
    }

    /// <inheritdoc/>
    public ushort Build { get; }

    /// <inheritdoc/>
    public ulong KernelBase { get; }

    /// <inheritdoc/>
    public ulong LoadedModuleList { get; }

    /// <inheritdoc/>
    public ulong DebuggerDataList { get; }

    /// <inheritdoc/>
    public IReadOnlyList<Processor> Processors { get; }

    /// <inheritdoc/>
    public int StoppingProcessor { get; }

    /// <inheritdoc/>
    public int ReadVirtual(ulong address, Span<byte> buffer) => Read(At, address, buffer);

    /// <inheritdoc/>
    public int ReadPhysical(ulong address, Span<byte> buffer) => Read(_memory.At, address, buffer);

    /// <inheritdoc/>
    public int WriteVirtual(ulong address, ReadOnlySpan<byte> data)
    {
        int done = 0;
        while (done < data.Length)
        {
            Span<byte> to = At(address + (ulong)done);
            if (to.IsEmpty)
                break;
            int count = Math.Min(to.Length, data.Length - done);
            data.Slice(done, count).CopyTo(to);
            done += count;
        }
        return done;
    }

    private delegate Span<byte> RestOfPage(ulong address);

    private static int Read(RestOfPage at, ulong address, Span<byte> buffer)
    {
        int done = 0;
        while (done < buffer.Length)
        {
            Span<byte> from = at(address + (ulong)done);
            if (from.IsEmpty)
                break;
            int count = Math.Min(from.Length, buffer.Length - done);
            from[..count].CopyTo(buffer[done..]);
            done += count;
        }
        return done;
    }

    /// <summary>The bytes from a virtual address to the end of its page; empty when the page is not there.</summary>
    private Span<byte> At(ulong address) => _tables.Translate(address) is { } physical ? _memory.At(physical) : [];

    private Processor ReadProcessor(CrashDump dump, int number)
    {
        ulong block = dump.DebuggerDataBlock;
        ulong prcb = this.ReadUInt64(this.ReadUInt64(block + KiProcessorBlockOffset) + 8 * (ulong)number);
        ushort contextOffset = this.ReadUInt16(block + OffsetPrcbProcStateContextOffset);
        ushort specialOffset = this.ReadUInt16(block + OffsetPrcbProcStateSpecialRegOffset);
        // In KPROCESSOR_STATE the special registers, whose size grew with time, end where the context begins.
        int specialSize = Math.Clamp(contextOffset - specialOffset, 0, PhysicalMemory.PageSize);
        var context = new byte[Processor.ContextSize];
        var special = new byte[specialSize];
        if (specialSize == 0 ||
            ReadVirtual(prcb + contextOffset, context) != context.Length ||
            ReadVirtual(prcb + specialOffset, special) != special.Length)
            throw new InvalidDataException($"The dump has no KPRCB for processor {number} at {prcb:x16}.");
        return new Processor(prcb - this.ReadUInt16(block + OffsetPcrContainedPrcbOffset), prcb, context, special);
    }
}
