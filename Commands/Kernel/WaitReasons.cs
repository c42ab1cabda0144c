namespace LockLeak.Kernel;

/// <summary>_KWAIT_REASON: why a thread waits.</summary>
/// <remarks>
/// The values up to 36 are the same from Windows 7 to 24H2 (but for 14, WrEventPair before Windows 8.1); later ones were
/// appended (symbol files of 7601 to 22631).
/// </remarks>
internal static class WaitReasons
{
    /// <summary>An object, by a caller in the kernel (KeWaitForSingleObject, KeWaitForMultipleObjects).</summary>
    public const byte Executive = 0;

    /// <summary>A page that another thread reads in.</summary>
    public const byte WrPageIn = 9;

    /// <summary>A user-mode caller of a wait service.</summary>
    public const byte UserRequest = 6;

    private const byte PageIn = 2, DelayExecution = 4, Suspended = 5, WrDelayExecution = 11, WrSuspended = 12, WrUserRequest = 13,
    WrQueue = 15;

    /// <summary>The next ALPC message of a port.</summary>
    public const byte WrLpcReceive = 16;

    /// <summary>The answer to an ALPC message.</summary>
    public const byte WrLpcReply = 17;

    /// <summary>ERESOURCE.</summary>
    public const byte WrResource = 27;

    /// <summary>Push lock.</summary>
    public const byte WrPushLock = 28;

    /// <summary>Mutant, through KeWaitForMutexObject.</summary>
    public const byte WrMutex = 29;

    /// <summary>Fast mutex.</summary>
    public const byte WrFastMutex = 34;

    /// <summary>Guarded mutex.</summary>
    public const byte WrGuardedMutex = 35;

    private static readonly string[] Names =
    [
        "Executive", "FreePage", "PageIn", "PoolAllocation", "DelayExecution", "Suspended", "UserRequest", "WrExecutive", "WrFreePage",
        "WrPageIn",
        "WrPoolAllocation", "WrDelayExecution", "WrSuspended", "WrUserRequest", "WrSpare0", "WrQueue", "WrLpcReceive", "WrLpcReply",
        "WrVirtualMemory",
        "WrPageOut", "WrRendezvous", "WrKeyedEvent", "WrTerminated", "WrProcessInSwap", "WrCpuRateControl", "WrCalloutStack", "WrKernel",
        "WrResource",
        "WrPushLock", "WrMutex", "WrQuantumEnd", "WrDispatchInt", "WrPreempted", "WrYieldExecution", "WrFastMutex", "WrGuardedMutex",
        "WrRundown",
        "WrAlertByThreadId", "WrDeferredPreempt", "WrPhysicalFault", "WrIoRing", "WrMdlCache",
    ];

    /// <summary>A thread of user mode that waits for another one of its process (NtWaitForAlertByThreadId; Windows 8 and later).</summary>
    public const byte WrAlertByThreadId = 37;

    /// <summary>True for a wait that ends when another thread releases a lock.</summary>
    public static bool IsLock(byte reason) => reason is WrResource or WrPushLock or WrMutex or WrFastMutex or WrGuardedMutex;

    /// <summary>
    /// True for a wait that a system call does for its caller as its whole purpose (NtWaitForSingleObject, NtRemoveIoCompletion,
    /// NtWaitForAlertByThreadId, win32k's message wait, NtAlpcSendWaitReceivePort, NtDelayExecution): with WaitMode UserMode the
    /// thread is back in user mode for all that the kernel's locks are concerned.
    /// </summary>
    public static bool IsOfUserMode(byte reason) =>
        reason is DelayExecution or UserRequest or WrUserRequest or WrQueue or WrLpcReply or WrAlertByThreadId;

    /// <summary>True for a wait for a page.</summary>
    public static bool IsOfPaging(byte reason) => reason is PageIn or WrPageIn;

    /// <summary>True for a wait for a time (KeDelayExecutionThread).</summary>
    public static bool IsDelay(byte reason) => reason is DelayExecution or WrDelayExecution;

    /// <summary>True for a wait for a message of a port.</summary>
    public static bool IsAlpc(byte reason) => reason is WrLpcReceive or WrLpcReply;

    /// <summary>True for a wait for an entry of a queue (KeRemoveQueueEx).</summary>
    public static bool IsQueue(byte reason) => reason is WrQueue;

    /// <summary>True for a thread that was suspended or frozen.</summary>
    public static bool IsSuspension(byte reason) => reason is Suspended or WrSuspended;

    /// <summary>The name; null for a value beyond the table.</summary>
    public static string? Name(byte reason) => reason < Names.Length ? Names[reason] : null;

    /// <summary>The value of a name, in any case; null when there is no such reason.</summary>
    public static byte? Parse(string name)
    {
        int index = Array.FindIndex(Names, known => known.Equals(name, StringComparison.OrdinalIgnoreCase));
        return index < 0 ? null : (byte)index;
    }
}
