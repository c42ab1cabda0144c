using System.Buffers.Binary;

namespace KernelImages.Kernel;

/// <summary>
/// KDDEBUGGER_DATA64, from which a debugger learns where the kernel's variables and fields are. The kernel's own symbols
/// lack the type: KDDEBUGGER_DATA64.txt beside this file lists its fields behind the header, in the order of wdbgexts.h.
/// </summary>
internal static class DebuggerDataBlock
{
    /// <summary>DBGKD_DEBUG_DATA_HEADER64: a LIST_ENTRY, the tag and the size.</summary>
    private const int HeaderSize = 0x18;
    private const uint Tag = 0x4742444b;

    private static readonly (string Name, int Offset, int Size)[] Fields = [.. ReadFields()];

    /// <summary>Fields that hold the address of the kernel variable of the same name, where a debugger asks for it.</summary>
    private static readonly string[] Variables =
    [
        "PsLoadedModuleList", "PsActiveProcessHead", "PspCidTable", "ExpSystemResourcesList", "KeTimeIncrement",
        "KeBugCheckCallbackListHead",
        "ObpRootDirectoryObject", "ObpTypeObjectType", "MmPfnDatabase", "MmHighestUserAddress", "MmSystemRangeStart", "MmUserProbeAddress",
        "NtBuildLab", "KiProcessorBlock", "MmUnloadedDrivers", "MmLastUnloadedDriver", "CmNtCSDVersion", "MmPhysicalMemoryBlock",
        "KdPrintCircularBuffer", "KdPrintWritePointer", "KdPrintRolloverCount", "KeLoaderBlock", "PoolTrackTable", "EtwpDebuggerData",
        "IopNumTriageDumpDataBlocks", "IopTriageDumpDataBlocks", "KiCallUserMode",
    ];

    /// <summary>Fields that hold the offset of a field in a structure.</summary>
    private static readonly (string Name, string Type, string Path)[] Offsets =
    [
        ("OffsetKThreadNextProcessor", "_KTHREAD", "NextProcessor"), ("OffsetKThreadTeb", "_KTHREAD", "Teb"),
        ("OffsetKThreadKernelStack", "_KTHREAD", "KernelStack"), ("OffsetKThreadInitialStack", "_KTHREAD", "InitialStack"),
        ("OffsetKThreadApcProcess", "_KTHREAD", "ApcState.Process"), ("OffsetKThreadState", "_KTHREAD", "State"),
        ("OffsetKThreadStackLimit", "_KTHREAD", "StackLimit"), ("OffsetKThreadStackBase", "_KTHREAD", "StackBase"),
        ("OffsetKThreadQueueListEntry", "_KTHREAD", "QueueListEntry"), ("OffsetKThreadWaitReason", "_KTHREAD", "WaitReason"),
        ("OffsetEThreadIrpList", "_ETHREAD", "IrpList"), ("OffsetEprocessPeb", "_EPROCESS", "Peb"),
        ("OffsetEprocessParentCID", "_EPROCESS", "InheritedFromUniqueProcessId"),
        ("OffsetEprocessDirectoryTableBase", "_EPROCESS", "Pcb.DirectoryTableBase"),
        ("OffsetPrcbCurrentThread", "_KPRCB", "CurrentThread"), ("OffsetPrcbMhz", "_KPRCB", "MHz"),
        ("OffsetPrcbCpuType", "_KPRCB", "CpuType"),
        ("OffsetPrcbVendorString", "_KPRCB", "VendorString"), ("OffsetPrcbProcStateContext", "_KPRCB", "ProcessorState.ContextFrame"),
        ("OffsetPrcbProcStateSpecialReg", "_KPRCB", "ProcessorState.SpecialRegisters"), ("OffsetPrcbNumber", "_KPRCB", "Number"),
        ("OffsetPrcbContext", "_KPRCB", "Context"), ("OffsetPrcbIdleThread", "_KPRCB", "IdleThread"),
        ("OffsetPcrSelfPcr", "_KPCR", "Self"), ("OffsetPcrCurrentPrcb", "_KPCR", "CurrentPrcb"),
        ("OffsetPcrContainedPrcb", "_KPCR", "Prcb"),
    ];

    private static readonly (string Name, string Type)[] Sizes =
        [("SizeEProcess", "_EPROCESS"), ("SizeEThread", "_ETHREAD"), ("SizePrcb", "_KPRCB"), ("SizePcr", "_KPCR")];

    /// <summary>Selectors of the descriptors in <see cref="ProcessorWriter"/>, and what else is the same on every x64 machine.</summary>
    private static readonly (string Name, ulong Value)[] Constants =
    [
        ("MmPageSize", 0x1000), ("PaeFlags", 1 | 4 << 2), ("PteBase", 0xfffff680_00000000),
        ("GdtR0Code", 0x10), ("GdtR0Data", 0x18), ("GdtR3Code", 0x33), ("GdtR3Data", 0x2b), ("GdtR3Teb", 0x53), ("GdtTss", 0x40),
        ("Gdt64R3CmCode", 0x23), ("Gdt64R3CmTeb", 0x53),
    ];

    public static void Write(SyntheticKernel kernel)
    {
        ulong address = kernel.DebuggerData;
        byte[] block = new byte[SizeOf(kernel.Types.Version)];
        ulong listHead = kernel.Modules.Kernel("KdpDebuggerDataListHead") is var head and not 0 ? head : address;
        BinaryPrimitives.WriteUInt64LittleEndian(block, listHead);
        BinaryPrimitives.WriteUInt64LittleEndian(block.AsSpan(8), listHead);
        BinaryPrimitives.WriteUInt32LittleEndian(block.AsSpan(16), Tag);
        BinaryPrimitives.WriteUInt32LittleEndian(block.AsSpan(20), (uint)block.Length);
        Set("KernBase", kernel.Scenario.KernelBase);
        Set("BreakpointWithStatus", kernel.Modules.Kernel("DbgBreakPointWithStatus"));
        Set("KiBugcheckData", kernel.Modules.Kernel("KiBugCheckData"));
        foreach (string name in Variables) Set(name, kernel.Modules.Kernel(name));
        foreach ((string name, string type, string path) in Offsets) Set(name, (ulong)(kernel.Types.Field(type, path)?.Offset ?? 0));
        foreach ((string name, string type) in Sizes) Set(name, (ulong)kernel.Types.RequiredSizeOf(type));
        foreach ((string name, ulong value) in Constants) Set(name, value);
        kernel.Memory.Write(address, block);
        if (listHead != address) kernel.Typed.SetQuads(listHead, address, address);
        WriteVersionBlock(kernel, listHead);
        if (kernel.Modules.Kernel("KdpDataBlockEncoded") is var encoded and not 0) kernel.Memory.Write(encoded, [0]);

        void Set(string name, ulong value)
        {
            (_, int offset, int size) = Fields.Single(field => field.Name == name);
            Span<byte> bytes = stackalloc byte[8];
            BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
            if (offset + size <= block.Length) bytes[..size].CopyTo(block.AsSpan(offset));
        }
    }

    /// <summary>The block grew with Windows; a debugger takes no field behind the size that the block states.</summary>
    public static int SizeOf(Version version) => version switch
    {
        { Major: 6, Minor: < 2 } => 0x340,
        { Major: 6 } => 0x360,
        _ => 0x398,
    };

    /// <summary>DBGKD_GET_VERSION64, which a live target answers with too.</summary>
    private static void WriteVersionBlock(SyntheticKernel kernel, ulong listHead)
    {
        if (kernel.Modules.Kernel("KdVersionBlock") is not (var address and not 0)) return;
        const string Type = "_DBGKD_GET_VERSION64";
        var typed = kernel.Typed;
        typed.Set(Type, address, "MajorVersion", 15);
        typed.Set(Type, address, "MinorVersion", kernel.Types.Build);
        typed.Set(Type, address, "ProtocolVersion", 6);
        typed.Set(Type, address, "Flags", 0x47);
        typed.Set(Type, address, "MachineType", 0x8664);
        typed.Set(Type, address, "MaxPacketType", 12);
        typed.Set(Type, address, "MaxStateChange", 3);
        typed.Set(Type, address, "MaxManipulate", 0x30);
        typed.Set(Type, address, "KernBase", kernel.Scenario.KernelBase);
        typed.Set(Type, address, "PsLoadedModuleList", kernel.Modules.Kernel("PsLoadedModuleList"));
        typed.Set(Type, address, "DebuggerDataList", listHead);
    }

    private static IEnumerable<(string Name, int Offset, int Size)> ReadFields()
    {
        using StreamReader reader = new(typeof(DebuggerDataBlock).Assembly.GetManifestResourceStream("KDDEBUGGER_DATA64.txt")!);
        int offset = HeaderSize;
        while (reader.ReadLine() is { } line)
        {
            string[] words = line.Split(' ');
            int size = words[0] switch { "ULONG64" => 8, "ULONG" => 4, "USHORT" => 2, _ => 1 };
            offset = (offset + size - 1) / size * size;
            yield return (words[1], offset, size);
            offset += size;
        }
    }
}
