using System.Globalization;
using KernelImages.Kernel;

namespace KernelImages.Scenarios;

/// <summary>
/// Bug checks and live dumps that concern locks or name a thread, each with a machine behind its parameters. Names and parameters
/// are those of https://learn.microsoft.com/windows-hardware/drivers/debugger/bug-check-code-reference2; where that has no
/// page, the function that raises the bug check is named.
/// </summary>
public static class BugCheckFacts
{
    private const ulong Hidden = 0xffffc788_0badcafe;

    private static readonly TimeSpan Minutes = TimeSpan.FromMinutes(5);

    /// <summary>0x1CC: a resource was not to be had for 30 seconds. Its owner waits for a device.</summary>
    public static Scenario ResourceTimeout { get; } =
        Machine("1cc", "0x1CC: a thread did not get a resource for 30 seconds, and its owner waits for a device", Resource) with
        {
            BugCheck = new(0x1cc, kernel => [kernel.Lock("lock"), kernel.Thread("waiter"), 12345, 30])
            { Name = "EXRESOURCE_TIMEOUT_LIVEDUMP", Threads = ["waiter"], Locks = ["lock"], Numbers = ["12345", "30"] },
        };

    /// <summary>The faulty twin: the owner has ended.</summary>
    public static Scenario ResourceTimeoutLeaked { get; } = ResourceTimeout with
    {
        Name = "bugcheck1cc-leaked",
        Title = "0x1CC: a thread did not get a resource for 30 seconds, and its owner has ended",
        Processes = [System(new("owner", 0x304) { Terminated = true }, new("waiter", 0x308) { Waited = Minutes })],
        Locks = [new Resource("lock") { Owners = [new("owner") { Tracked = false }], Waiters = ["waiter"] }],
        Expected = [new("leaked-lock") { Thread = "owner", Lock = "lock", Waiters = ["waiter"], WithoutLockEntries = true }],
    };

    /// <summary>0x1C6: an ordinary resource in the hands of a routine for fast ones.</summary>
    public static Scenario FastResource { get; } =
        Machine("1c6", "0x1C6: a driver passed a legacy resource to a fast resource routine", Resource) with
        {
            BugCheck = new(0x1c6, kernel =>
                [3, kernel.Lock("lock"), 0, 0])
            { Name = "FAST_ERESOURCE_PRECONDITION_VIOLATION", Locks = ["lock"] },
        };

    /// <summary>0x1C6: an owner entry of another thread.</summary>
    public static Scenario FastResourceThread { get; } =
        Machine("1c6-thread", "0x1C6: a driver passed an owner entry that belongs to another thread", Resource) with
        {
            BugCheck = new(0x1c6, kernel =>
                [9, Hidden, kernel.Thread("owner"), 0])
            { Name = "FAST_ERESOURCE_PRECONDITION_VIOLATION", Threads = ["owner"] },
        };

    /// <summary>0x132: the owner pointer of a resource is none.</summary>
    public static Scenario OwnerPointer { get; } =
        Machine("132", "0x132: a thread set an invalid owner pointer in a resource", Resource) with
        {
            BugCheck = new(0x132, kernel =>
                [kernel.Lock("lock"), 0, kernel.Thread("owner"),
            Hidden])
            { Name = "RESOURCE_OWNER_POINTER_INVALID", Threads = ["owner"], Locks = ["lock"] },
        };

    /// <summary>0x9F with 4: power waits for the PnP lock, whose holder waits for a device.</summary>
    public static Scenario PowerAndPnp { get; } =
        Machine("9f-4", "0x9F: a power transition waited 300 seconds for the thread that holds the PnP lock", Resource) with
        {
            BugCheck = new(0x9f, kernel =>
                [4, 300, kernel.Thread("owner"), Hidden])
            { Name = "DRIVER_POWER_STATE_FAILURE", Threads = ["owner"], Numbers = ["300"] },
        };

    /// <summary>The faulty twin: the holder is one of two threads that wait for each other.</summary>
    public static Scenario PowerAndPnpDeadlock { get; } = PowerAndPnp with
    {
        Name = "bugcheck9f-4-deadlock",
        Title = "0x9F: a power transition waited for the thread that holds the PnP lock, which waits in a circle",
        Processes = [System(new("owner", 0x304) { Waited = Minutes }, new("waiter", 0x308) { Waited = Minutes })],
        Locks = [Resource, new FastMutex("device mutex") { Owners = ["waiter"], Waiters = ["owner"] }],
        Expected = [new("deadlock") { Threads = ["owner", "waiter"], WithoutLockEntries = true }],
    };

    /// <summary>0x9F with 3 names a device and an IRP, and no thread.</summary>
    public static Scenario PowerIrp { get; } = Machine("9f-3", "0x9F: a device has been blocking a power IRP for too long", Resource) with
    {
        BugCheck = new(0x9f, _ => [3, Hidden, Hidden + 0x100, Hidden + 0x200]) { Name = "DRIVER_POWER_STATE_FAILURE" },
    };

    /// <summary>0x1D5: PnP waits for a driver.</summary>
    public static Scenario PnpWatchdog { get; } = Machine("1d5", "0x1D5: a driver did not return from PnP for 300 seconds", PushLock) with
    {
        BugCheck = new(0x1d5, kernel =>
            [0x74736554, 0, kernel.Thread("owner"), 300000])
        { Name = "DRIVER_PNP_WATCHDOG", Threads = ["owner"], Numbers = ["300"] },
    };

    /// <summary>0x17C: the lock of the Power Dependency Coordinator.</summary>
    public static Scenario PdcLock { get; } = Machine("17c", "0x17C: a thread has held the PDC lock for 30 seconds", PushLock) with
    {
        BugCheck = new(0x17c, kernel =>
            [kernel.Thread("owner"), 30000, 0, 0])
        { Name = "PDC_LOCK_WATCHDOG_LIVEDUMP", Threads = ["owner"], Numbers = ["30"] },
    };

    /// <summary>0x1A3: a call into a driver.</summary>
    public static Scenario CallHasNotReturned { get; } =
        Machine("1a3", "0x1A3: a thread's call has not returned for 60 seconds", PushLock) with
        {
            BugCheck = new(0x1a3, kernel => [kernel.Placed("owner").Process.Address, kernel.Thread("owner"), 60000, Hidden])
            { Name = "CALL_HAS_NOT_RETURNED_WATCHDOG_TIMEOUT_LIVEDUMP", Threads = ["owner"], Numbers = ["60"] },
        };

    /// <summary>0x1A1: a callout of win32k.</summary>
    public static Scenario Win32kCallout { get; } =
        Machine("1a1", "0x1A1: a thread blocks the return from a callout of win32k", PushLock) with
        {
            BugCheck = new(0x1a1, kernel =>
                [kernel.Thread("owner"), 0, 0, 0])
            { Name = "WIN32K_CALLOUT_WATCHDOG_LIVEDUMP", Threads = ["owner"] },
        };

    /// <summary>0x4000008A: a thread ends and owns a KMUTEX.</summary>
    public static Scenario HeldMutex { get; } =
        Ending("4000008a", "0x4000008A: a thread ended while it held a KMUTEX that another one waits for") with
        {
            BugCheck = new(0x4000008a,
            kernel => [kernel.Thread("ending"), kernel.Lock("mutex"), 0,
                0])
            { Thread = "ending", Name = "THREAD_TERMINATE_HELD_MUTEX", Threads = ["ending"], Locks = ["mutex"] },
        };

    /// <summary>0x20: the same, noticed later. The KMUTEX is why APCs are disabled.</summary>
    public static Scenario ApcPending { get; } =
        Ending("20", "0x20: a thread ended with APCs disabled, for it owns a KMUTEX that another one waits for") with
        {
            BugCheck = new(0x20, _ =>
                [0, 0xffff, 0, 0])
            { Thread = "ending", Name = "KERNEL_APC_PENDING_DURING_EXIT", Threads = ["ending"], Locks = ["mutex"] },
        };

    /// <summary>0x20 without any lock: a critical region was left behind.</summary>
    public static Scenario ApcPendingRegion { get; } =
        Ending("20-region", "0x20: a thread ended inside a critical region that it never left", -1) with
        {
            BugCheck = new(0x20, _ => [0, 0xffff, 0, 0])
            {
                Thread = "ending",
                Name = "KERNEL_APC_PENDING_DURING_EXIT",
                Threads = ["ending"],
            },
            Locks = [],
            Expected = [new("apc-imbalance") { Thread = "ending", WithoutLockEntries = true }],
        };

    /// <summary>0x1: a system call came back inside a critical region.</summary>
    public static Scenario ApcMismatch { get; } = Machine("1", "0x1: a system call returned inside a critical region", Resource) with
    {
        Processes =
        [
            System(new("owner", 0x304) { WaitReason = Device }, new("waiter", 0x308)),
            new("app.exe", 0x700) { Threads = [
                new("careless", 0x704) { Processor = 0, KernelApcDisable = -1, Calls = [
                "nt!KeBugCheckEx", "TestDriver!FileReadThread+1c", "nt!NtClose+40"] }] },
        ],
        BugCheck = new(0x1, kernel =>
            [kernel.Modules.Kernel("NtClose"), 0, 0xffff, 0])
        { Thread = "careless", Name = "APC_INDEX_MISMATCH", Threads = ["careless"] },
        Expected = [new("apc-imbalance") { Thread = "careless", WithoutLockEntries = true }],
    };

    /// <summary>0x11: the reference gives no parameters.</summary>
    public static Scenario NotMutexOwner { get; } = Machine("11", "0x11: a thread released a KMUTEX that it does not own", Resource) with
    {
        BugCheck = new(0x11, _ => [0, 0, 0, 0]) { Name = "THREAD_NOT_MUTEX_OWNER" },
    };

    /// <summary>0x39: a worker routine returned and still owned a KMUTEX.</summary>
    public static Scenario WorkerOwnsMutex { get; } =
        Machine("39", "0x39: a worker routine returned while it owned a KMUTEX", Resource) with
        {
            BugCheck = new(0x39, kernel =>
                [kernel.Modules.Resolve("TestDriver!FileFlushThread"), Hidden, Hidden + 0x40, 0])
            { Name = "SYSTEM_EXIT_OWNED_MUTEX" },
        };

    /// <summary>0x16B: the cluster names its thread by number.</summary>
    public static Scenario ClusterWatchdog { get; } = Machine("16b", "0x16B: a thread of the cluster service is stuck", PushLock) with
    {
        BugCheck = new(0x16b, kernel =>
            [4, kernel.Placed("owner").Spec.Tid, 0, 0])
        { Name = "CLUSTER_CSV_CLUSTER_WATCHDOG_LIVEDUMP", Threads = ["owner"] },
    };

    /// <summary>0x1C5: all threads of a pool are stuck.</summary>
    public static Scenario ThreadPool { get; } = Machine("1c5", "0x1C5: the I/O thread pool is stuck", PushLock) with
    {
        BugCheck = new(0x1c5, _ => [0, Hidden, 0, 0]) { Name = "IO_THREADPOOL_DEADLOCK_LIVEDUMP" },
    };

    /// <summary>
    /// 0x200 with 4: a thread ended while something still counted on it (KeCleanupThreadState, 11-26H1). It has no page, so no name.
    /// </summary>
    public static Scenario ThreadCleanup { get; } =
        Machine("200-4", "0x200: a thread was deleted while a count of it was not 0", PushLock) with
        {
            Processes = [System(new("owner", 0x304) { WaitReason = Device }, new("waiter", 0x308),
            new("deleted", 0x30c) { Terminated = true })],
            BugCheck = new(0x200, kernel => [4, kernel.Thread("deleted"), 0x10001, 0]) { Threads = ["deleted"] },
        };

    /// <summary>0x133: a processor did not come down to PASSIVE_LEVEL.</summary>
    public static Scenario DpcWatchdog { get; } = Machine("133", "0x133: a processor spent too long at DISPATCH_LEVEL", PushLock) with
    {
        BugCheck = new(0x133, _ => [1, 0x1e00, Hidden, 0]) { Name = "DPC_WATCHDOG_VIOLATION" },
    };

    /// <summary>0x101: a processor does not answer; the thread that it runs may own what the others wait for.</summary>
    public static Scenario ClockWatchdog { get; } =
        Machine("101", "0x101: a processor does not answer, and the thread that it runs owns a push lock", PushLock) with
        {
            Processes = [System(new("owner", 0x304) { Processor = 1 }, new("waiter", 0x308))],
            BugCheck = new(0x101, kernel => [0x18, 0, kernel.Processors[1].Prcb, 1])
            {
                Name = "CLOCK_WATCHDOG_TIMEOUT",
                Threads = ["owner"],
            },
        };

    /// <summary>0x162 as 23H2 and later raise it: parameter 3 is the entry of the lock that the thread really holds.</summary>
    public static Scenario ReleasedOtherLock { get; } =
        new("bugcheck162-entry",
        "0x162: a thread released a push lock that another one owns, and its entry names the lock that it does own")
        {
            Builds = (22631, uint.MaxValue),
            Drivers = [Driver],
            Processes =
        [
            System(
                new("mover", 0x400) { Processor = 0, Start = "TestDriver!FileMoveThread", Calls = [
                "nt!KeBugCheckEx", "nt!KeAbPostReleaseEx+a4", "TestDriver!FileMoveThread+98"] },
                new("creator", 0x404) { WaitReason = Device }),
        ],
            Locks = [new PushLock("its own lock") { Owners = ["mover"] }, new PushLock("file lock") { Owners = ["creator"] }],
            BugCheck = new(0x162, kernel => [kernel.Thread("mover"), kernel.Lock("file lock"), kernel.Entry("mover", "its own lock"), 0])
            {
                Thread = "mover",
                Name = "KERNEL_AUTO_BOOST_INVALID_LOCK_RELEASE",
                Threads = ["mover"],
                Locks = ["file lock", "its own lock"],
            },
            Expected = [new("invalid-release") { Thread = "mover", Lock = "file lock" }],
        };

    /// <summary>What LockLeak knows nothing of: the parameters are shown as they are.</summary>
    public static Scenario Unknown { get; } = Machine("unknown", "A bug check that nobody knows: its parameters are shown", PushLock) with
    {
        BugCheck = new(0x7fff_1234, _ => [Hidden, 0x17, 0, 0x2a]) { Numbers = ["ffffc788", "17", "2a"] },
    };

    /// <summary>The verifier's deadlock detection. What kind of lock it is and what is wrong with it, parameter 1 says.</summary>
    public static IReadOnlyList<Scenario> Verifier { get; } =
    [
        Verified(0x1000, "a thread acquired exclusively what it owns shared", kernel => [kernel.Lock("lock"), 0, 0], [], ["lock"]),
        Verified(0x1001, "locks were acquired in an order that can deadlock", kernel => [kernel.Lock("lock"), 0, 0], [], ["lock"]),
        Verified(0x1002, "a lock was acquired that had not been initialized", kernel => [kernel.Lock("lock"), 0, 0], [], ["lock"]),
        Verified(0x1003, "locks were released out of order", kernel => [kernel.Lock("lock"), kernel.Lock("second lock"), 0], [],
            ["lock", "second lock"]),
        Verified(0x1004, "a thread released another one's lock",
            kernel => [kernel.Lock("lock"), kernel.Thread("owner"), kernel.Thread("waiter")], ["owner", "waiter"], ["lock"]),
        Verified(0x1005, "a lock was initialized twice", kernel => [kernel.Lock("lock"), 0, 0], [], ["lock"]),
        Verified(0x1007, "a lock was released that nobody had acquired", kernel => [kernel.Lock("lock"), 0, 0], [], ["lock"]),
        Verified(0x1008, "a lock was acquired with a routine for another kind", kernel => [kernel.Lock("lock"), 0, 0], [], ["lock"]),
        Verified(0x1009, "a lock was released with a routine for another kind", kernel => [kernel.Lock("lock"), 0, 0], [], ["lock"]),
        Verified(0x100a, "a thread that ended owns a lock", kernel => [kernel.Thread("owner"), 0, 0], ["owner"], []),
        Verified(0x100b, "a lock was deleted that a thread still owns", kernel => [kernel.Lock("lock"), kernel.Thread("owner"), 0],
            ["owner"], ["lock"]),
    ];

    /// <summary>All of them.</summary>
    internal static IReadOnlyList<Scenario> All { get; } =
    [
        ResourceTimeout, ResourceTimeoutLeaked, FastResource, FastResourceThread, OwnerPointer, PowerAndPnp, PowerAndPnpDeadlock, PowerIrp,
        PnpWatchdog, PdcLock,
        CallHasNotReturned, Win32kCallout, HeldMutex, ApcPending, ApcPendingRegion, ApcMismatch, NotMutexOwner, WorkerOwnsMutex,
        ClusterWatchdog, ThreadPool,
        ThreadCleanup, DpcWatchdog, ClockWatchdog, ReleasedOtherLock, Unknown, .. Verifier,
    ];

    private static string Device => "Executive";

    private static DriverSpec Driver => new("TestDriver", 0xfffff807_45960000);

    private static Resource Resource => new("lock") { Owners = ["owner"], Waiters = ["waiter"] };

    private static PushLock PushLock => new("lock") { Owners = ["owner"], Waiters = ["waiter"] };

    private static ProcessSpec System(params ThreadSpec[] threads) => new("System", 4) { ParentPid = 0, Threads = threads };

    /// <summary>A machine on which nothing else is wrong.</summary>
    private static Scenario Machine(string code, string title, LockSpec item) => new($"bugcheck{code}", title)
    {
        Drivers = [Driver],
        Processes = [System(new("owner", 0x304) { WaitReason = Device, Calls = ["TestDriver!FileReadThread+1c"], Waited = Minutes },
            new("waiter", 0x308) { Waited = Minutes })],
        Locks = [item],
    };

    /// <summary>A thread that is on its way out and owns a KMUTEX, which disables its APCs.</summary>
    private static Scenario Ending(string code, string title, short? kernelApcDisable = null) => new($"bugcheck{code}", title)
    {
        Drivers = [Driver],
        Processes =
        [
            System(
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

    private static Scenario Verified(uint violation, string what, Func<SyntheticKernel, ulong[]> parameters, string[] threads,
        string[] locks)
    {
        string number = violation.ToString("x", CultureInfo.InvariantCulture);
        return Machine($"c4-{number}", $"0xC4 with 0x{number}: {what}", Resource) with
        {
            Processes = [System(new("owner", 0x304) { WaitReason = Device }, new("waiter", 0x308) { WaitReason = Device })],
            Locks = [new Resource("lock") { Owners = ["owner"] }, new Resource("second lock") { Owners = ["waiter"] }],
            BugCheck = new(0xc4, kernel =>
                [violation, .. parameters(kernel)])
            { Name = "DRIVER_VERIFIER_DETECTED_VIOLATION", Threads = threads, Locks = locks },
        };
    }
}
