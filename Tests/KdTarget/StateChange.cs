using System.Buffers.Binary;
using System.Text;
using KdTarget.Machine;

namespace KdTarget;

/// <summary>
/// DBGKD_ANY_WAIT_STATE_CHANGE for x64: the machine says that it has stopped, and where, that it shuts down, or that it starts.
/// </summary>
internal static class StateChange
{
    /// <summary>STATUS_BREAKPOINT: a break-in, or a breakpoint in the machine's code.</summary>
    public const uint Breakpoint = 0x80000003;

    /// <summary>STATUS_SINGLE_STEP.</summary>
    public const uint SingleStep = 0x80000004;

    // DbgKdExceptionStateChange, DbgKdLoadSymbolsStateChange
    private const uint ExceptionStateChange = 0x3030, LoadSymbolsStateChange = 0x3031;
    private const string KernelPath = "\\SystemRoot\\system32\\ntoskrnl.exe\0";
    private const ushort ProcessorLevel = 6;
    private const int ExceptionOffset = 0x20; // DBGKM_EXCEPTION64: EXCEPTION_RECORD64, FirstChance at 0x98
    // DBGKD_LOAD_SYMBOLS64: PathNameLength, BaseOfDll, ProcessId, CheckSum, SizeOfImage, UnloadSymbols
    private const int LoadSymbolsOffset = 0x20;
    private const int ReportOffset = 0xC0; // AMD64_DBGKD_CONTROL_REPORT
    private const int Size = 0xF0;
    private const int MostInstructionBytes = 16; // DBGKD_MAXSTREAM

    public static byte[] Packet(IMachine machine, int number, uint exceptionCode)
    {
        byte[] packet = Packet(machine, number, ExceptionStateChange, out Processor processor);
        WriteException(packet.AsSpan(ExceptionOffset), processor, exceptionCode);
        return packet;
    }

    /// <summary>Symbols are unloaded at the address -1, which says that the machine shuts down (KD_REBOOT).</summary>
    public static byte[] ShuttingDown(IMachine machine, int number)
    {
        byte[] packet = Packet(machine, number, LoadSymbolsStateChange, out _);
        BinaryPrimitives.WriteUInt64LittleEndian(packet.AsSpan(LoadSymbolsOffset + 8), ulong.MaxValue);
        packet[LoadSymbolsOffset + 0x20] = 1; // UnloadSymbols
        return packet;
    }

    /// <summary>The kernel's symbols are there: the first thing that a machine says when it starts.</summary>
    public static byte[] Starting(IMachine machine, int number)
    {
        byte[] packet = Packet(machine, number, LoadSymbolsStateChange, out _), path = Encoding.ASCII.GetBytes(KernelPath);
        ulong headers = machine.KernelBase + machine.ReadUInt32(machine.KernelBase + 0x3C); // IMAGE_DOS_HEADER.e_lfanew
        Span<byte> load = packet.AsSpan(LoadSymbolsOffset);
        BinaryPrimitives.WriteUInt32LittleEndian(load, (uint)path.Length);
        BinaryPrimitives.WriteUInt64LittleEndian(load[8..], machine.KernelBase);
        BinaryPrimitives.WriteUInt64LittleEndian(load[0x10..], ulong.MaxValue);
        BinaryPrimitives.WriteUInt32LittleEndian(load[0x18..], machine.ReadUInt32(headers + 0x58)); // IMAGE_OPTIONAL_HEADER64.CheckSum
        BinaryPrimitives.WriteUInt32LittleEndian(load[0x1C..], machine.ReadUInt32(headers + 0x50)); // IMAGE_OPTIONAL_HEADER64.SizeOfImage
        return [.. packet, .. path];
    }

    private static byte[] Packet(IMachine machine, int number, uint newState, out Processor processor)
    {
        processor = machine.Processors[number];
        var packet = new byte[Size];
        Span<byte> change = packet;
        BinaryPrimitives.WriteUInt32LittleEndian(change, newState);
        BinaryPrimitives.WriteUInt16LittleEndian(change[4..], ProcessorLevel);
        BinaryPrimitives.WriteUInt16LittleEndian(change[6..], (ushort)number);
        BinaryPrimitives.WriteUInt32LittleEndian(change[8..], (uint)machine.Processors.Count);
        BinaryPrimitives.WriteUInt64LittleEndian(change[0x10..], machine.CurrentThread(processor));
        BinaryPrimitives.WriteUInt64LittleEndian(change[0x18..], processor.InstructionPointer);
        WriteReport(change[ReportOffset..], machine, processor);
        return packet;
    }

    private static void WriteException(Span<byte> exception, Processor processor, uint code)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(exception, code);
        BinaryPrimitives.WriteUInt64LittleEndian(exception[0x10..], processor.InstructionPointer);
        BinaryPrimitives.WriteUInt32LittleEndian(exception[0x18..], 1); // NumberParameters
        BinaryPrimitives.WriteUInt32LittleEndian(exception[0x98..], 1); // FirstChance
    }

    private static void WriteReport(Span<byte> report, IMachine machine, Processor processor)
    {
        const ulong dr6 = 0xFFFF0FF0, dr7 = 0x400; // their values at reset
        const ushort includesSegments = 1, standardSegments = 2;
        const ushort kernelCode = 0x10, userData = 0x2b, userTeb = 0x53;
        BinaryPrimitives.WriteUInt64LittleEndian(report, dr6);
        BinaryPrimitives.WriteUInt64LittleEndian(report[8..], dr7);
        BinaryPrimitives.WriteUInt32LittleEndian(report[0x10..], processor.Flags);
        int count = machine.ReadVirtual(processor.InstructionPointer, report.Slice(0x18, MostInstructionBytes));
        BinaryPrimitives.WriteUInt16LittleEndian(report[0x14..], (ushort)count);
        BinaryPrimitives.WriteUInt16LittleEndian(report[0x16..], includesSegments | standardSegments);
        BinaryPrimitives.WriteUInt16LittleEndian(report[0x28..], kernelCode);
        BinaryPrimitives.WriteUInt16LittleEndian(report[0x2a..], userData);
        BinaryPrimitives.WriteUInt16LittleEndian(report[0x2c..], userData);
        BinaryPrimitives.WriteUInt16LittleEndian(report[0x2e..], userTeb);
    }
}
