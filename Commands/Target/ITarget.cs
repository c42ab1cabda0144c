namespace LockLeak.Target;

/// <summary>
/// The machine under the debugger, as the commands see it. The extension answers from the debugger engine, the tests
/// from a synthetic kernel in memory. Nothing here throws on bad target data: a question that has no answer says so
/// in its return value.
/// </summary>
public interface ITarget
{
    /// <summary>What kind of target this is. Cheap: no target memory is read.</summary>
    TargetFacts Facts { get; }

    /// <summary>The bug check of a crash dump or of a machine that has stopped in one; null when there is none.</summary>
    BugCheck? BugCheck { get; }

    /// <summary>The types of the kernel image as its symbols have them. Answers nothing when symbols are missing.</summary>
    ITypes Types { get; }

    /// <summary>Symbols, modules, expressions and stacks.</summary>
    ISymbols Symbols { get; }

    /// <summary>Reads target virtual memory in the kernel's address space.</summary>
    /// <param name="address">Canonical virtual address.</param>
    /// <param name="buffer">Filled from its start.</param>
    /// <returns>The number of bytes read from <paramref name="address"/> on; 0 when nothing there can be read.</returns>
    int Read(ulong address, Span<byte> buffer);

    /// <summary>The address of a kernel variable from the debugger data block, which needs no symbols.</summary>
    /// <returns>False when the target has no debugger data block or it leaves the value 0.</returns>
    bool TryGetGlobal(KernelGlobal global, out ulong address);

    /// <summary>The KTHREADs that the processors run now, by processor number; 0 for one that cannot be told.</summary>
    IReadOnlyList<ulong> RunningThreads { get; }

    /// <summary>The instruction that a processor is at; 0 when it cannot be told.</summary>
    /// <param name="processor">Its number, an index of <see cref="RunningThreads"/>.</param>
    ulong InstructionPointer(int processor);

    /// <summary>The thread that the debugger looks at (<c>.thread</c>), as _ETHREAD address; 0 when it cannot be told.</summary>
    ulong CurrentThread { get; }

    /// <summary>The lines of the debugger's pooltag.txt; none when it has no such file. Nothing of the target is asked.</summary>
    IEnumerable<string> PoolTagTable { get; }
}

/// <summary>Kernel variables that the debugger data block (KDDEBUGGER_DATA64, wdbgexts.h) carries.</summary>
public enum KernelGlobal
{
    /// <summary>LIST_ENTRY of all _EPROCESS.ActiveProcessLinks.</summary>
    PsActiveProcessHead,

    /// <summary>LIST_ENTRY of all _ERESOURCE.SystemResourcesList.</summary>
    ExpSystemResourcesList,

    /// <summary>The kernel's build and branch, 8-bit text.</summary>
    NtBuildLab,
}

/// <summary>How much of a machine a dump holds.</summary>
public enum DumpKind
{
    /// <summary>It is no dump, or of a kind that is not known.</summary>
    Unknown,

    /// <summary>A small (triage) dump.</summary>
    Small,

    /// <summary>The kernel's memory.</summary>
    Kernel,

    /// <summary>All memory in use.</summary>
    Active,

    /// <summary>All memory.</summary>
    Full,
}

/// <summary>How the debugger came to its target.</summary>
public enum TargetKind
{
    /// <summary>No target is open.</summary>
    None,

    /// <summary>A crash dump file.</summary>
    Dump,

    /// <summary>A live machine over a KD connection, or the local kernel.</summary>
    Live,
}

/// <summary>What is known of a target before any of its memory is read.</summary>
/// <param name="Kind">Dump or live machine.</param>
/// <param name="IsKernel">True for a kernel target, false for a user-mode process or its dump.</param>
/// <param name="IsTriageDump">True for a small (triage) dump, which holds no process list.</param>
/// <param name="Build">Windows build number, such as 22621; 0 when unknown.</param>
/// <param name="PointerSize">8, or 4 for a 32-bit kernel.</param>
/// <param name="Machine">IMAGE_FILE_MACHINE_*: 0x8664 x64, 0xAA64 ARM64, 0x14C x86.</param>
public sealed record TargetFacts(TargetKind Kind, bool IsKernel, bool IsTriageDump, uint Build, int PointerSize, uint Machine)
{
    /// <summary>How much a dump holds.</summary>
    public DumpKind Dump { get; init; } = IsTriageDump ? DumpKind.Small : DumpKind.Unknown;
}

/// <summary>A bug check: its code and its four parameters.</summary>
public sealed record BugCheck(uint Code, ulong Parameter1, ulong Parameter2, ulong Parameter3, ulong Parameter4);
