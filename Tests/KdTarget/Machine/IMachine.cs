namespace KdTarget.Machine;

/// <summary>The stopped machine that the debugger looks into: an x64 Windows kernel.</summary>
public interface IMachine
{
    /// <summary>Windows build number, such as 22621.</summary>
    ushort Build { get; }

    /// <summary>Base address of nt.</summary>
    ulong KernelBase { get; }

    /// <summary>PsLoadedModuleList.</summary>
    ulong LoadedModuleList { get; }

    /// <summary>The list head that links the KDDEBUGGER_DATA64 blocks.</summary>
    ulong DebuggerDataList { get; }

    /// <summary>The processors by number; at least one.</summary>
    IReadOnlyList<Processor> Processors { get; }

    /// <summary>The processor that reports when the machine stops.</summary>
    int StoppingProcessor { get; }

    /// <summary>Reads virtual memory of the kernel's address space.</summary>
    /// <returns>The bytes read from <paramref name="address"/> on, up to the first page that is not there.</returns>
    int ReadVirtual(ulong address, Span<byte> buffer);

    /// <summary>Writes virtual memory of the kernel's address space.</summary>
    /// <returns>The bytes written from <paramref name="address"/> on, up to the first page that is not there.</returns>
    int WriteVirtual(ulong address, ReadOnlySpan<byte> data);

    /// <summary>Reads physical memory.</summary>
    /// <returns>The bytes read from <paramref name="address"/> on, up to the first page that is not there.</returns>
    int ReadPhysical(ulong address, Span<byte> buffer);
}
