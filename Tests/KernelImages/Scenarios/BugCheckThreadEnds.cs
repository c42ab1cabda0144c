using static KernelImages.Scenarios.BugCheckMachine;

namespace KernelImages.Scenarios;

/// <summary>
/// Bug checks about a thread that ended, or came back from a call, and left something behind: a KMUTEX, a critical region, a count.
/// </summary>
public static class BugCheckThreadEnds
{
    /// <summary>0x4000008A: a thread ends and owns a KMUTEX.</summary>
    public static Scenario HeldMutex { get; } =
        Ending("4000008a", "0x4000008A: a thread ended while it held a KMUTEX that another one waits for") with
        {
            BugCheck = new(0x4000008a, kernel => [kernel.Thread("ending"), kernel.Lock("mutex"), 0, 0])
            { Thread = "ending", Name = "THREAD_TERMINATE_HELD_MUTEX", Threads = ["ending"], Locks = ["mutex"] },
        };

    /// <summary>0x20: the same, noticed later. The KMUTEX is why APCs are disabled.</summary>
    public static Scenario ApcPending { get; } =
        Ending("20", "0x20: a thread ended with APCs disabled, for it owns a KMUTEX that another one waits for") with
        {
            BugCheck = new(0x20, _ => [0, 0xffff, 0, 0])
            { Thread = "ending", Name = "KERNEL_APC_PENDING_DURING_EXIT", Threads = ["ending"], Locks = ["mutex"] },
        };

    /// <summary>0x20 without any lock: a critical region was left behind.</summary>
    public static Scenario ApcPendingRegion { get; } =
        Ending("20-region", "0x20: a thread ended inside a critical region that it never left", -1) with
        {
            BugCheck = new(0x20, _ => [0, 0xffff, 0, 0])
            { Thread = "ending", Name = "KERNEL_APC_PENDING_DURING_EXIT", Threads = ["ending"] },
            Locks = [],
            Expected = [new("apc-imbalance") { Thread = "ending", WithoutLockEntries = true }],
        };

    /// <summary>0x1: a system call came back inside a critical region.</summary>
    public static Scenario ApcMismatch { get; } = Machine("1", "0x1: a system call returned inside a critical region", HeldResource) with
    {
        Processes =
        [
            SystemProcess(new("owner", 0x304) { WaitReason = Device }, new("waiter", 0x308)),
            new("app.exe", 0x700)
            {
                Threads =
                [
                    new("careless", 0x704)
                    {
                        Processor = 0, KernelApcDisable = -1, Calls = ["nt!KeBugCheckEx", "TestDriver!FileReadThread+1c", "nt!NtClose+40"],
                    },
                ],
            },
        ],
        BugCheck = new(0x1, kernel => [kernel.Modules.Kernel("NtClose"), 0, 0xffff, 0])
        { Thread = "careless", Name = "APC_INDEX_MISMATCH", Threads = ["careless"] },
        Expected = [new("apc-imbalance") { Thread = "careless", WithoutLockEntries = true }],
    };

    /// <summary>0x39: a worker routine returned and still owned a KMUTEX.</summary>
    public static Scenario WorkerOwnsMutex { get; } =
        Machine("39", "0x39: a worker routine returned while it owned a KMUTEX", HeldResource) with
        {
            BugCheck = new(0x39, kernel => [kernel.Modules.Resolve("TestDriver!FileFlushThread"), Hidden, Hidden + 0x40, 0])
            { Name = "SYSTEM_EXIT_OWNED_MUTEX" },
        };

    /// <summary>
    /// 0x200 with 4: a thread ended while something still counted on it (KeCleanupThreadState, 11-26H1). It has no page, so no name.
    /// </summary>
    public static Scenario ThreadCleanup { get; } =
        Machine("200-4", "0x200: a thread was deleted while a count of it was not 0", HeldPushLock) with
        {
            Processes =
            [
                SystemProcess(
                    new("owner", 0x304) { WaitReason = Device }, new("waiter", 0x308), new("deleted", 0x30c) { Terminated = true }),
            ],
            BugCheck = new(0x200, kernel => [4, kernel.Thread("deleted"), 0x10001, 0]) { Threads = ["deleted"] },
        };

    /// <summary>All of them.</summary>
    internal static IReadOnlyList<Scenario> All { get; } =
    [
        HeldMutex, ApcPending, ApcPendingRegion, ApcMismatch, WorkerOwnsMutex, ThreadCleanup,
    ];

    /// <summary>A thread that is on its way out and owns a KMUTEX, which disables its APCs.</summary>
    private static Scenario Ending(string code, string title, short? kernelApcDisable = null) => new($"bugcheck{code}", title)
    {
        Drivers = [Driver],
        Processes =
        [
            SystemProcess(
                new("ending", 0x304)
                {
                    Processor = 0, Ending = true, KernelApcDisable = kernelApcDisable, Start = "TestDriver!FileMoveThread",
                    Calls = ["nt!KeBugCheckEx", "nt!PspExitThread+200", "nt!PspTerminateThreadByPointer+53"],
                },
                new("waiter", 0x308) { WaitReason = Device, Waited = Minutes }),
        ],
        Locks = [new Mutant("mutex") { Owners = [new("ending") { Tracked = false }], Waiters = [new("waiter") { Tracked = false }] }],
        Expected = [new("leaked-lock") { Thread = "ending", Lock = "mutex", Waiters = ["waiter"], WithoutLockEntries = true }],
    };
}
