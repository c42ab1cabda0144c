using KernelImages.Kernel;
using KernelImages.Memory;

namespace KernelImages.Dump;

/// <summary>A stretch of virtual memory; a blank one reads as zeros, whatever the machine has there.</summary>
public readonly record struct MemoryRange(ulong Address, int Size, bool IsBlank = false);

/// <summary>The memory that a small dump holds: what stopped the machine, and no lists.</summary>
public sealed record TriageMemory
{
    private const int StartOfProcess = 0x100;

    private TriageMemory(SyntheticKernel kernel)
    {
        PlacedProcessor processor = kernel.Processors[kernel.CurrentProcessor];
        PlacedThread thread = processor.Thread;
        Prcb = new(processor.Prcb, kernel.Types.RequiredSizeOf("_KPRCB"));
        Process = new(thread.Process.Address, kernel.Types.RequiredSizeOf("_EPROCESS"));
        Thread = new(thread.Address, kernel.Types.RequiredSizeOf("_ETHREAD"));
        ulong stack = thread.Stack?.Frames[0].Stack ?? 0;
        Stack = new(stack, thread.Stack is null ? 0 : (int)(thread.Stack.Base - stack));
        DebuggerData = new(kernel.DebuggerData, DebuggerDataBlock.SizeOf(kernel.Types.Version));
        OtherThreads = [.. kernel.Threads.Where(other => other.Spec.InSmallDump).SelectMany(other => PartsOf(kernel, other)).Distinct()];
        ImagePages = [.. kernel.Modules.Modules.Where(module => !module.Unloaded).SelectMany(module => PagesOf(kernel, module))];
    }

    /// <summary>The processor that called KeBugCheckEx.</summary>
    public MemoryRange Prcb { get; }

    /// <summary>The process of the thread that it ran.</summary>
    public MemoryRange Process { get; }

    /// <summary>That thread.</summary>
    public MemoryRange Thread { get; }

    /// <summary>The thread's stack from its newest frame on; empty when it has none.</summary>
    public MemoryRange Stack { get; }

    /// <summary>KDDEBUGGER_DATA64.</summary>
    public MemoryRange DebuggerData { get; }

    /// <summary>
    /// _ETHREADs and stacks of other threads, without their processes: a real small dump of 0x9F holds those of 18 worker
    /// threads, and the first bytes of their process, all of them 0. From 24H2 on what lies behind an _ETHREAD, such as its lock entries,
    /// is not there.
    /// </summary>
    public IReadOnlyList<MemoryRange> OtherThreads { get; }

    /// <summary>The images' headers and debug records, by which a debugger finds the symbols.</summary>
    public IReadOnlyList<MemoryRange> ImagePages { get; }

    /// <summary>What a small dump of a machine holds.</summary>
    public static TriageMemory Of(SyntheticKernel kernel) => new(kernel);

    /// <summary>Reads what a small dump can give from an address on: the number of bytes.</summary>
    public int Read(SyntheticKernel kernel, ulong address, Span<byte> buffer)
    {
        MemoryRange range = ((MemoryRange[])[Prcb, Process, Thread, Stack, DebuggerData, .. OtherThreads, .. ImagePages])
            .Where(range => address >= range.Address && address - range.Address < (ulong)range.Size)
            .OrderByDescending(range => range.Address + (ulong)range.Size).FirstOrDefault();
        buffer = range.Size == 0 ? [] : buffer[..Math.Min(buffer.Length, range.Size - (int)(address - range.Address))];
        if (!range.IsBlank) return kernel.Memory.Read(address, buffer);
        buffer.Clear();
        return buffer.Length;
    }

    private IEnumerable<MemoryRange> PartsOf(SyntheticKernel kernel, PlacedThread thread)
    {
        if (thread.Process.Address != Process.Address) yield return new(thread.Process.Address, StartOfProcess, IsBlank: true);
        yield return new(thread.Address, kernel.Types.RequiredSizeOf("_ETHREAD"));
        if (thread.Stack is { } stack) yield return new(stack.KernelStack, (int)(stack.Base - stack.KernelStack));
    }

    private static IEnumerable<MemoryRange> PagesOf(SyntheticKernel kernel, KernelModule module)
    {
        byte[] bytes = new byte[AddressSpace.PageSize];
        for (ulong page = module.Base; page < module.Base + module.Size; page += AddressSpace.PageSize)
        {
            bool isThere = kernel.Memory.Read(page, bytes) == bytes.Length;
            if (isThere && (page == module.Base || bytes.AsSpan().IndexOf("RSDS"u8) >= 0)) yield return new(page, AddressSpace.PageSize);
        }
    }
}
