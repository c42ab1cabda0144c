using KernelImages.Scenarios;
using LockLeak.Target;

namespace KernelImages.Kernel;

/// <summary>A process in memory.</summary>
/// <param name="Spec">What the scenario says of it.</param>
/// <param name="Address">_EPROCESS.</param>
public sealed record PlacedProcess(ProcessSpec Spec, ulong Address)
{
    /// <summary>Its threads in the order of the scenario.</summary>
    public List<PlacedThread> Threads { get; } = [];
}

/// <summary>A thread in memory.</summary>
/// <param name="Spec">What the scenario says of it.</param>
/// <param name="Process">The process it belongs to.</param>
/// <param name="Address">_ETHREAD, which is the _KTHREAD too.</param>
public sealed record PlacedThread(ThreadSpec Spec, PlacedProcess Process, ulong Address)
{
    /// <summary>The lock it waits for, or null.</summary>
    public LockSpec? WaitsFor { get; internal set; }

    /// <summary>Its part in the lock it waits for.</summary>
    public Claim? Wait { get; internal set; }

    /// <summary>Its kernel stack; null for a thread that runs without one being described.</summary>
    public CallStack? Stack { get; internal set; }

    /// <summary>Its lock entries that are in use or orphaned.</summary>
    public List<PlacedEntry> Entries { get; } = [];
}

/// <summary>What a lock entry is used for.</summary>
public enum EntryUse
{
    /// <summary>The thread owns the lock.</summary>
    Owns,

    /// <summary>The thread waits for the lock.</summary>
    Waits,

    /// <summary>The thread is about to acquire the lock.</summary>
    Acquires,

    /// <summary>Another thread released the lock.</summary>
    Orphaned,
}

/// <summary>A lock entry in memory.</summary>
/// <param name="Index">Its index in the thread's kernel or user entries.</param>
/// <param name="Use">What for.</param>
/// <param name="Lock">The lock; null when orphaned.</param>
/// <param name="Claim">The thread's part in the lock; null when orphaned.</param>
public sealed record PlacedEntry(int Index, EntryUse Use, LockSpec? Lock, Claim? Claim)
{
    /// <summary>
    /// It is linked, as every context switch of its thread links it. The entries of a thread that runs are taken for ones
    /// that it has got since it began to run.
    /// </summary>
    public bool InTree { get; init; }

    /// <summary>_KLOCK_ENTRY; 0 on a build without lock entries.</summary>
    public ulong Address { get; internal set; }
}

/// <summary>A kernel stack.</summary>
/// <param name="Frames">Newest first.</param>
/// <param name="Base">StackBase: the end of its highest page.</param>
/// <param name="KernelStack">What _KTHREAD.KernelStack holds while the thread does not run: its switch frame.</param>
public sealed record CallStack(IReadOnlyList<StackFrame> Frames, ulong Base, ulong KernelStack)
{
    /// <summary>Bytes from StackLimit to StackBase.</summary>
    public const int Size = 0x7000;

    /// <summary>Where a lock's wait block or event lies in the frame of the function that waits for it; 0 when it needs none.</summary>
    public ulong WaitBlock { get; init; }
}

/// <summary>A processor.</summary>
/// <param name="Pcr">_KPCR.</param>
/// <param name="Prcb">_KPRCB.</param>
/// <param name="Thread">The thread that it runs.</param>
/// <param name="Context">Its registers, a CONTEXT of 0x4d0 bytes.</param>
public sealed record PlacedProcessor(ulong Pcr, ulong Prcb, PlacedThread Thread, byte[] Context);
