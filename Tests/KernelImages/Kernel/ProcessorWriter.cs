using System.Buffers.Binary;
using System.Text;
using KernelImages.Memory;

namespace KernelImages.Kernel;

/// <summary>_KPCR, _KPRCB, descriptor table and registers of each processor.</summary>
internal static class ProcessorWriter
{
    private const string Pcr = "_KPCR", Prcb = "_KPRCB", Special = "ProcessorState.SpecialRegisters.";
    private const ulong FirstPcr = 0xffffb680_01200000, PcrStride = 0x20000;

    /// <summary>64-bit code and data segments for kernel and user mode, and a TSS: without them the engine walks no stack.</summary>
    private static readonly Dictionary<int, ulong> Descriptors = new()
    {
        [0x10] = 0x00209b0000000000,
        [0x18] = 0x00cf93000000ffff,
        [0x20] = 0x00cffb000000ffff,
        [0x28] = 0x00cff3000000ffff,
        [0x30] = 0x0020fb0000000000,
        [0x40] = 0x00008b0000000067,
        [0x50] = 0x0040f30000003c00,
    };

    public static void Write(SyntheticKernel kernel)
    {
        List<PlacedProcessor> processors = [];
        for (int number = 0; number < kernel.Scenario.Processors; number++)
        {
            PlacedThread thread = kernel.Threads.Single(thread => thread.Spec.Processor == number);
            processors.Add(WriteProcessor(kernel, number, thread));
            if (thread.Spec.Name == kernel.Scenario.BugCheck?.Thread) kernel.CurrentProcessor = number;
        }
        kernel.Processors = processors;
        SpinLockWriter.Write(kernel);
        kernel.Typed.SetQuads(kernel.Modules.Kernel("KiProcessorBlock"), [.. processors.Select(processor => processor.Prcb)]);
    }

    private static PlacedProcessor WriteProcessor(SyntheticKernel kernel, int number, PlacedThread thread)
    {
        TypedMemory typed = kernel.Typed;
        ulong pcr = FirstPcr + PcrStride * (ulong)number;
        ulong prcb = pcr + kernel.Types.OffsetOf(Pcr, "Prcb");
        int pcrSize = kernel.Types.RequiredSizeOf(Pcr);
        kernel.Memory.Map(pcr, pcrSize);
        typed.Set(Pcr, pcr, "Self", pcr);
        typed.Set(Pcr, pcr, "CurrentPrcb", prcb);
        typed.Set(Pcr, pcr, "MajorVersion", 1);
        typed.Set(Pcr, pcr, "MinorVersion", 1);

        byte[] context = thread.Spec.RunsInUserMode
            ? ProcessorContext.InUserMode
            : ProcessorContext.Of(thread.Stack?.Frames[0].Instruction ?? kernel.Modules.Kernel("KiIdleLoop"),
                thread.Stack?.Frames[0].Stack ?? 0);
        ulong contextAddress = prcb + kernel.Types.OffsetOf(Prcb, "ProcessorState.ContextFrame");
        kernel.Memory.Write(contextAddress, context);
        typed.Set(Prcb, prcb, "MajorVersion", 1);
        typed.Set(Prcb, prcb, "MinorVersion", 1);
        typed.Set(Prcb, prcb, "Number", (ulong)number);
        typed.Set(Prcb, prcb, "LegacyNumber", (ulong)number);
        typed.Set(Prcb, prcb, "CurrentThread", thread.Address);
        typed.Set(Prcb, prcb, "IdleThread",
            kernel.Threads.FirstOrDefault(idle => idle.Process.Spec.Pid == 0 && idle.Spec.Processor == number)?.Address ?? 0);
        // KiExecuteAllDpcs sets it around the routines (nohuto/decompiled-pseudocode, ntoskrnl of 22631.4169).
        typed.Set(Prcb, prcb, "DpcRoutineActive", thread.Spec.InDpc ? 1u : 0);
        typed.Set(Prcb, prcb, "MHz", 2995);
        typed.Set(Prcb, prcb, "CpuType", 6);
        typed.Set(Prcb, prcb, "CpuID", 1);
        typed.Set(Prcb, prcb, "CpuVendor", 1);
        typed.Set(Prcb, prcb, "VendorString", Encoding.ASCII.GetBytes("GenuineIntel"));
        typed.Set(Prcb, prcb, "Context", contextAddress);
        WriteSpecialRegisters(kernel, pcr, prcb, pcr + ((ulong)pcrSize + 0xfff & ~0xffful));
        return new PlacedProcessor(pcr, prcb, thread, context);
    }

    private static void WriteSpecialRegisters(SyntheticKernel kernel, ulong pcr, ulong prcb, ulong descriptorTable)
    {
        Span<byte> table = stackalloc byte[0x60];
        table.Clear();
        foreach ((int selector, ulong descriptor) in Descriptors) BinaryPrimitives.WriteUInt64LittleEndian(table[selector..], descriptor);
        kernel.Memory.Write(descriptorTable, table);
        (string Register, ulong Value)[] registers =
        [
            ("Gdtr.Base", descriptorTable), ("Gdtr.Limit", 0x57), ("Idtr.Base", descriptorTable + 0x100), ("Idtr.Limit", 0xfff),
            ("Tr", 0x40),
            ("Cr0", 0x80050033), ("Cr3", kernel.Memory.DirectoryTableBase), ("Cr4", 0x370678), ("KernelDr6", 0xffff0ff0),
            ("KernelDr7", 0x400),
            ("MsrGsBase", pcr), ("MsrLStar", kernel.Modules.Kernel("KiSystemCall64")),
        ];
        foreach ((string register, ulong value) in registers) kernel.Typed.Set(Prcb, prcb, Special + register, value);
    }
}
