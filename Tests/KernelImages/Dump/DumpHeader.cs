using System.Buffers.Binary;
using System.Text;
using KernelImages.Kernel;
using KernelImages.Memory;
using LockLeak.Target;

namespace KernelImages.Dump;

/// <summary>DUMP_HEADER64, the first two pages of a 64-bit kernel dump. Names and offsets are those of ntiodump.h.</summary>
internal sealed class DumpHeader
{
    /// <summary>Bytes of the header.</summary>
    public const int Size = 0x2000;

    /// <summary>The CONTEXT of the processor that stopped the machine.</summary>
    public const int ContextRecord = 0x348;

    /// <summary>EXCEPTION_RECORD64.</summary>
    public const int Exception = 0xf00;

    private const int MajorVersion = 0x8, MinorVersion = 0xc, DirectoryTableBase = 0x10, PfnDataBase = 0x18, PsLoadedModuleList = 0x20,
    PsActiveProcessHead = 0x28;
    private const int MachineImageType = 0x30, NumberProcessors = 0x34, BugCheckCode = 0x38, BugCheckParameters = 0x40, VersionUser = 0x60,
    KdDebuggerDataBlock = 0x80;
    private const int PhysicalMemoryBlock = 0x88, DumpType = 0xf98, RequiredDumpSpace = 0xfa0, SystemTime = 0xfa8, Comment = 0xfb0,
    SystemUpTime = 0x1030;
    private const int MiniDumpFields = 0x1038, ProductType = 0x1040, SuiteMask = 0x1044, BootId = 0x1054, End = 0x1058;

    private const uint FreeBuild = 15, Amd64 = 0x8664, Breakpoint = 0x80000003, NonContinuable = 1, Workstation = 1,
    SingleUserTerminalServices = 0x110;

    /// <summary>MANUALLY_INITIATED_CRASH: what a dump says that somebody forced.</summary>
    private const uint ManuallyInitiatedCrash = 0xe2;

    private readonly byte[] _bytes = new byte[Size];

    private DumpHeader()
    {
        // Windows fills what it does not use with this word.
        for (int offset = 0; offset < Size; offset += 4) "PAGE"u8.CopyTo(_bytes.AsSpan(offset));
        _bytes.AsSpan(VersionUser, KdDebuggerDataBlock - VersionUser).Clear();
        _bytes.AsSpan(PhysicalMemoryBlock, End - PhysicalMemoryBlock).Clear();
    }

    /// <summary>The header of a machine's dump.</summary>
    /// <param name="kernel">The machine.</param>
    /// <param name="format">How the file holds the memory.</param>
    /// <param name="contentSize">Bytes of the file behind the header.</param>
    public static byte[] Of(SyntheticKernel kernel, DumpFormat format, ulong contentSize)
    {
        DumpHeader header = new();
        header.WriteSystem(kernel);
        header.WriteBugCheck(kernel.BugCheck);
        header.WriteProcessor(kernel.Processors[kernel.CurrentProcessor]);
        header.WritePhysicalMemory((ulong)kernel.Memory.Frames.Count);
        header.Set32(DumpType, (uint)format);
        header.Set64(RequiredDumpSpace, Size + contentSize);
        header.Set32(MiniDumpFields, format == DumpFormat.Triage ? TriageDumpWriter.Fields : 0);
        return header._bytes;
    }

    private void WriteSystem(SyntheticKernel kernel)
    {
        "PAGEDU64"u8.CopyTo(_bytes);
        Set32(MajorVersion, FreeBuild);
        Set32(MinorVersion, kernel.Types.Build);
        Set64(DirectoryTableBase, kernel.Memory.DirectoryTableBase);
        Set64(PfnDataBase, kernel.Modules.Kernel("MmPfnDatabase"));
        Set64(PsLoadedModuleList, kernel.Modules.Kernel("PsLoadedModuleList"));
        Set64(PsActiveProcessHead, kernel.Modules.Kernel("PsActiveProcessHead"));
        Set32(MachineImageType, Amd64);
        Set32(NumberProcessors, (uint)kernel.Processors.Count);
        Set64(KdDebuggerDataBlock, kernel.DebuggerData);
        Set64(SystemTime, (ulong)kernel.Scenario.Time.ToFileTimeUtc());
        Set64(SystemUpTime, (ulong)kernel.Scenario.Uptime.Ticks);
        Set32(ProductType, Workstation);
        Set32(SuiteMask, SingleUserTerminalServices);
        Encoding.ASCII.GetBytes(kernel.Scenario.Name).CopyTo(_bytes, Comment);
    }

    private void WriteBugCheck(BugCheck? bug)
    {
        Set32(BugCheckCode, bug?.Code ?? ManuallyInitiatedCrash);
        Set64(BugCheckParameters, bug?.Parameter1 ?? 0);
        Set64(BugCheckParameters + 8, bug?.Parameter2 ?? 0);
        Set64(BugCheckParameters + 16, bug?.Parameter3 ?? 0);
        Set64(BugCheckParameters + 24, bug?.Parameter4 ?? 0);
    }

    private void WriteProcessor(PlacedProcessor processor)
    {
        processor.Context.CopyTo(_bytes, ContextRecord);
        Set32(Exception, Breakpoint);
        Set32(Exception + 4, NonContinuable);
        Set64(Exception + 16, ProcessorContext.InstructionOf(processor.Context));
    }

    /// <summary>PHYSICAL_MEMORY_DESCRIPTOR64: one run that holds all frames.</summary>
    private void WritePhysicalMemory(ulong frames)
    {
        Set32(PhysicalMemoryBlock, 1);
        Set64(PhysicalMemoryBlock + 8, frames);
        Set64(PhysicalMemoryBlock + 16, AddressSpace.FirstFrame);
        Set64(PhysicalMemoryBlock + 24, frames);
    }

    private void Set32(int offset, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(_bytes.AsSpan(offset), value);

    private void Set64(int offset, ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(_bytes.AsSpan(offset), value);
}
