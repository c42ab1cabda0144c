namespace KernelImages.Scenarios;

/// <summary>A thread. It waits when a lock says so, runs when it has a processor, and else waits for something harmless.</summary>
/// <param name="Name">How the scenario refers to it.</param>
/// <param name="Tid">UniqueThread of its Cid.</param>
public sealed record ThreadSpec(string Name, ulong Tid)
{
    /// <summary>_ETHREAD address; 0 lets the generator choose.</summary>
    public ulong Address { get; init; }

    /// <summary>The processor that runs it; null when it does not run.</summary>
    public int? Processor { get; init; }

    /// <summary>Its processor executes DPC routines in its place.</summary>
    public bool InDpc { get; init; }

    /// <summary>Its processor spins for the queued spin lock of this number (_KSPIN_LOCK_QUEUE_NUMBER).</summary>
    public int? SpinsFor { get; init; }

    /// <summary>Its processor owns the queued spin lock of this number.</summary>
    public int? OwnsSpinLock { get; init; }

    /// <summary>It has ended and is kept by a reference: State and CrossThreadFlags say Terminated.</summary>
    public bool Terminated { get; init; }

    /// <summary>It is on its way out: CrossThreadFlags says Terminated, and State does not yet.</summary>
    public bool Ending { get; init; }

    /// <summary>
    /// _KWAIT_REASON; null takes what its lock or its state calls for. UserRequest is a wait in user mode, any other one in kernel mode.
    /// </summary>
    public string? WaitReason { get; init; }

    /// <summary>WaitMode where <see cref="WaitReason"/> does not decide it.</summary>
    public bool? WaitsInUserMode { get; init; }

    /// <summary>How long it has been waiting.</summary>
    public TimeSpan Waited { get; init; }

    /// <summary>Where it started, "module!symbol".</summary>
    public string Start { get; init; } = "nt!ExpWorkerThread";

    /// <summary>The name that SetThreadDescription gave it (builds from 14393 on).</summary>
    public string? Description { get; init; }

    /// <summary>ContextSwitches.</summary>
    public uint ContextSwitches { get; init; } = 1;

    /// <summary>Priority and BasePriority.</summary>
    public sbyte Priority { get; init; } = 8;

    /// <summary>
    /// Its own calls, newest first, "module!symbol+hex". The generator puts what the kernel does below and above them:
    /// the way into a wait, and the thread's start. "a|b" takes the first symbol that the build has.
    /// </summary>
    public IReadOnlyList<string> Calls { get; init; } = [];

    /// <summary>The stack pointer of its newest frame; 0 lets the generator choose.</summary>
    public ulong StackPointer { get; init; }

    /// <summary>
    /// AutoBoostEntriesExhausted: it once ran out of lock entries. Null sets it in every other thread, as real threads have it.
    /// </summary>
    public bool? EntriesExhausted { get; init; }

    /// <summary>What it waits for, where that is no lock of Scenario.Locks or more than one object.</summary>
    public WaitSpec? Wait { get; init; }

    /// <summary>I/O requests that it has sent and that are not complete, newest first. For one of them at most it waits.</summary>
    public IReadOnlyList<IrpSpec> Irps { get; init; } = [];

    /// <summary>The ALPC message that it waits for the answer to.</summary>
    public AlpcSpec? Message { get; init; }

    /// <summary>It is Ready: nothing keeps it, and no processor runs it.</summary>
    public bool Ready { get; init; }

    /// <summary>The number of its lock entries that are orphaned: in use, and released by another thread.</summary>
    public int OrphanedEntries { get; init; }

    /// <summary>It is on no thread list any more.</summary>
    public bool Unlinked { get; init; }

    /// <summary>
    /// A small dump holds its _ETHREAD and its kernel stack besides those of the thread at hand, and nothing that they lead to.
    /// </summary>
    public bool InSmallDump { get; init; }

    /// <summary>Its processor runs code of user mode: so say the registers that the processor saved.</summary>
    public bool RunsInUserMode { get; init; }

    /// <summary>
    /// SuspendCount. A thread that is suspended waits with the reason Suspended; one that has not got the APC yet does what it did.
    /// </summary>
    public byte SuspendCount { get; init; }

    /// <summary>Frozen with its process. Such a thread waits with the reason Suspended as well.</summary>
    public bool Frozen { get; init; }

    /// <summary>KernelApcDisable; null for what its locks call for.</summary>
    public short? KernelApcDisable { get; init; }

    /// <summary>SpecialApcDisable; null for what its locks call for.</summary>
    public short? SpecialApcDisable { get; init; }
}
