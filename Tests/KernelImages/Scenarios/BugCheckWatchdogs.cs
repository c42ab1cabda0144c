using static KernelImages.Scenarios.BugCheckMachine;

namespace KernelImages.Scenarios;

/// <summary>Bug checks and live dumps of what has taken too long: power, PnP, a call, a processor.</summary>
public static class BugCheckWatchdogs
{
    /// <summary>0x9F with 4: power waits for the PnP lock, whose holder waits for a device.</summary>
    public static Scenario PowerAndPnp { get; } =
        Machine("9f-4", "0x9F: a power transition waited 300 seconds for the thread that holds the PnP lock", HeldResource) with
        {
            BugCheck = new(0x9f, kernel => [4, 300, kernel.Thread("owner"), Hidden])
            { Name = "DRIVER_POWER_STATE_FAILURE", Threads = ["owner"], Numbers = ["300"] },
        };

    /// <summary>The faulty twin: the holder is one of two threads that wait for each other.</summary>
    public static Scenario PowerAndPnpDeadlock { get; } = PowerAndPnp with
    {
        Name = "bugcheck9f-4-deadlock",
        Title = "0x9F: a power transition waited for the thread that holds the PnP lock, which waits in a circle",
        Processes = [SystemProcess(new("owner", 0x304) { Waited = Minutes }, new("waiter", 0x308) { Waited = Minutes })],
        Locks = [HeldResource, new FastMutex("device mutex") { Owners = ["waiter"], Waiters = ["owner"] }],
        Expected = [new("deadlock") { Threads = ["owner", "waiter"], WithoutLockEntries = true }],
    };

    /// <summary>0x9F with 3 names a device and an IRP, and no thread.</summary>
    public static Scenario PowerIrp { get; } =
        Machine("9f-3", "0x9F: a device has been blocking a power IRP for too long", HeldResource) with
        {
            BugCheck = new(0x9f, _ => [3, Hidden, Hidden + 0x100, Hidden + 0x200]) { Name = "DRIVER_POWER_STATE_FAILURE" },
        };

    /// <summary>0x1D5: PnP waits for a driver.</summary>
    public static Scenario PnpWatchdog { get; } =
        Machine("1d5", "0x1D5: a driver did not return from PnP for 300 seconds", HeldPushLock) with
        {
            BugCheck = new(0x1d5, kernel => [0x74736554, 0, kernel.Thread("owner"), 300000])
            { Name = "DRIVER_PNP_WATCHDOG", Threads = ["owner"], Numbers = ["300"] },
        };

    /// <summary>0x17C: the lock of the Power Dependency Coordinator.</summary>
    public static Scenario PdcLock { get; } = Machine("17c", "0x17C: a thread has held the PDC lock for 30 seconds", HeldPushLock) with
    {
        BugCheck = new(0x17c, kernel => [kernel.Thread("owner"), 30000, 0, 0])
        { Name = "PDC_LOCK_WATCHDOG_LIVEDUMP", Threads = ["owner"], Numbers = ["30"] },
    };

    /// <summary>0x1A3: a call into a driver.</summary>
    public static Scenario CallHasNotReturned { get; } =
        Machine("1a3", "0x1A3: a thread's call has not returned for 60 seconds", HeldPushLock) with
        {
            BugCheck = new(0x1a3, kernel => [kernel.Placed("owner").Process.Address, kernel.Thread("owner"), 60000, Hidden])
            { Name = "CALL_HAS_NOT_RETURNED_WATCHDOG_TIMEOUT_LIVEDUMP", Threads = ["owner"], Numbers = ["60"] },
        };

    /// <summary>0x1A1: a callout of win32k.</summary>
    public static Scenario Win32kCallout { get; } =
        Machine("1a1", "0x1A1: a thread blocks the return from a callout of win32k", HeldPushLock) with
        {
            BugCheck = new(0x1a1, kernel => [kernel.Thread("owner"), 0, 0, 0])
            { Name = "WIN32K_CALLOUT_WATCHDOG_LIVEDUMP", Threads = ["owner"] },
        };

    /// <summary>0x16B: the cluster names its thread by number.</summary>
    public static Scenario ClusterWatchdog { get; } = Machine("16b", "0x16B: a thread of the cluster service is stuck", HeldPushLock) with
    {
        BugCheck = new(0x16b, kernel => [4, kernel.Placed("owner").Spec.Tid, 0, 0])
        { Name = "CLUSTER_CSV_CLUSTER_WATCHDOG_LIVEDUMP", Threads = ["owner"] },
    };

    /// <summary>0x1C5: all threads of a pool are stuck.</summary>
    public static Scenario ThreadPool { get; } = Machine("1c5", "0x1C5: the I/O thread pool is stuck", HeldPushLock) with
    {
        BugCheck = new(0x1c5, _ => [0, Hidden, 0, 0]) { Name = "IO_THREADPOOL_DEADLOCK_LIVEDUMP" },
    };

    /// <summary>0x133: a processor did not come down to PASSIVE_LEVEL.</summary>
    public static Scenario DpcWatchdog { get; } = Machine("133", "0x133: a processor spent too long at DISPATCH_LEVEL", HeldPushLock) with
    {
        BugCheck = new(0x133, _ => [1, 0x1e00, Hidden, 0]) { Name = "DPC_WATCHDOG_VIOLATION" },
    };

    /// <summary>0x101: a processor does not answer; the thread that it runs may own what the others wait for.</summary>
    public static Scenario ClockWatchdog { get; } =
        Machine("101", "0x101: a processor does not answer, and the thread that it runs owns a push lock", HeldPushLock) with
        {
            Processes = [SystemProcess(new("owner", 0x304) { Processor = 1 }, new("waiter", 0x308))],
            BugCheck = new(0x101, kernel => [0x18, 0, kernel.Processors[1].Prcb, 1])
            {
                Name = "CLOCK_WATCHDOG_TIMEOUT",
                Threads = ["owner"],
            },
        };

    /// <summary>All of them.</summary>
    internal static IReadOnlyList<Scenario> All { get; } =
    [
        PowerAndPnp, PowerAndPnpDeadlock, PowerIrp, PnpWatchdog, PdcLock, CallHasNotReturned, Win32kCallout, ClusterWatchdog, ThreadPool,
        DpcWatchdog, ClockWatchdog,
    ];
}
