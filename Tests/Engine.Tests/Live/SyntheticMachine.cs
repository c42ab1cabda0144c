using KdTarget.Machine;
using KernelImages.Kernel;

namespace LockLeak.Engine.Tests;

/// <summary>A synthetic kernel as a machine that a debugger attaches to. What a test changes in the kernel, the debugger sees.</summary>
internal sealed class SyntheticMachine(SyntheticKernel kernel) : IMachine
{
    public ushort Build { get; } = checked((ushort)kernel.Types.Build);

    public ulong KernelBase => kernel.Scenario.KernelBase;

    public ulong LoadedModuleList { get; } = kernel.Modules.Kernel("PsLoadedModuleList");

    // KDDEBUGGER_DATA64 begins with its link in the list.
    public ulong DebuggerDataList { get; } = kernel.Typed.GetQuad(kernel.DebuggerData);

    public IReadOnlyList<Processor> Processors { get; } =
        [.. kernel.Processors.Select(placed =>
        new Processor(placed.Pcr, placed.Prcb, [.. placed.Context], SpecialRegisters(kernel, placed)))];

    public int StoppingProcessor => kernel.CurrentProcessor;

    public int ReadVirtual(ulong address, Span<byte> buffer) => kernel.Memory.Read(address, buffer);

    public int ReadPhysical(ulong address, Span<byte> buffer) => kernel.Memory.ReadPhysical(address, buffer);

    public int WriteVirtual(ulong address, ReadOnlySpan<byte> data)
    {
        // The kernel's memory maps whatever is written to; a debugger may only write to what is there.
        int present = kernel.Memory.Read(address, new byte[data.Length]);
        kernel.Memory.Write(address, data[..present]);
        return present;
    }

    private static byte[] SpecialRegisters(SyntheticKernel kernel, PlacedProcessor placed)
    {
        ulong begin = kernel.Types.OffsetOf("_KPRCB", "ProcessorState.SpecialRegisters"),
            end = kernel.Types.OffsetOf("_KPRCB", "ProcessorState.ContextFrame");
        var registers = new byte[end - begin];
        kernel.Memory.Read(placed.Prcb + begin, registers);
        return registers;
    }
}
