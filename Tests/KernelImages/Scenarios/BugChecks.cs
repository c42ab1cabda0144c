using KernelImages.Kernel;

namespace KernelImages.Scenarios;

/// <summary>Bug checks that concern locks, besides the walk-through's, and one that nobody knows.</summary>
public static class BugChecks
{
    private const ulong NoSession = uint.MaxValue;

    private static readonly DriverSpec Driver = new("TestDriver", 0xfffff807_45960000);

    /// <summary>0x153 as older builds tell it: no fourth parameter, and the thread is on no list any more.</summary>
    public static Scenario LeakUnlinked { get; } =
        new("bugcheck153-unlinked", "0x153: the leaking thread is on no list any more, and the bug check does not name the lock")
        {
            BugCheck = new(0x153, LeakParameters) { Thread = "reaper" },
            Drivers = [Driver],
            Processes =
        [
            System(
                new("reaper", 0x40c) { Processor = 0, Calls = [
                "nt!KeBugCheckEx", "nt!KeCleanupThreadState+a8", "nt!PspThreadDelete+1e", "nt!PspReaper+ac", "nt!ExpWorkerThread+155"] },
                new("mover", 0x400) { Terminated = true, Unlinked = true, Start = "TestDriver!FileMoveThread" },
                new("creator", 0x404) { Calls = ["TestDriver!FileCreationThread+4f"] }),
        ],
            Locks = [new PushLock("file lock") { Owners = ["mover"], Waiters = ["creator"] }],
            Expected = [new("leaked-entry") { Thread = "mover", Lock = "file lock", Waiters = ["creator"], WithoutLockEntries = true }],
        };

    /// <summary>0x162: a thread releases a lock that another one owns.</summary>
    public static Scenario InvalidLockRelease { get; } = new("bugcheck162", "0x162: a thread released a push lock that another thread owns")
    {
        BugCheck = new(0x162, kernel => [kernel.Thread("mover"), kernel.Lock("file lock"), NoSession, 0]) { Thread = "mover" },
        Drivers = [Driver],
        Processes = [System(Culprit("nt!KeBugCheckEx", "nt!KeAbPostRelease+a4", "nt!ExReleasePushLockEx+60",
            "TestDriver!FileMoveThread+98"), Creator)],
        Locks = [new PushLock("file lock") { Owners = ["creator"] }],
        Expected = [new("invalid-release") { Thread = "mover", Lock = "file lock", WithoutLockEntries = true }],
    };

    /// <summary>0x192: a lock is acquired at raised IRQL.</summary>
    public static Scenario RaisedIrql { get; } = new("bugcheck192", "0x192: a thread acquired a push lock at DISPATCH_LEVEL")
    {
        BugCheck = new(0x192, kernel => [kernel.Thread("mover"), kernel.Lock("file lock"), 2, 0]) { Thread = "mover" },
        Drivers = [Driver],
        Processes = [System(Culprit("nt!KeBugCheckEx", "nt!KeAbPreAcquire+b8", "nt!ExAcquirePushLockExclusiveEx+3c",
            "TestDriver!FileMoveThread+40"))],
        Locks = [new PushLock("file lock") { Acquiring = ["mover"] }],
    };

    /// <summary>0x157: a thread's priority floor went below zero.</summary>
    public static Scenario PriorityFloor { get; } =
        new("bugcheck157", "0x157: a thread's priority floor was released more often than it was set")
        {
            BugCheck = new(0x157, kernel => [kernel.Thread("mover"), 12, 2, 0]) { Thread = "mover" },
            Drivers = [Driver],
            Processes = [System(Culprit("nt!KeBugCheckEx", "TestDriver!FileMoveThread+a0"))],
        };

    /// <summary>0x152: a push lock function got flags that it does not know.</summary>
    public static Scenario PushLockFlags { get; } =
        new("bugcheck152", "0x152: a driver passed flags to a push lock function that it does not know")
        {
            BugCheck = new(0x152, kernel => [0x80, kernel.Lock("file lock"), 0, 0]) { Thread = "mover" },
            Drivers = [Driver],
            Processes = [System(Culprit("nt!KeBugCheckEx", "nt!ExAcquirePushLockExclusiveEx+70", "TestDriver!FileMoveThread+40"))],
            Locks = [new PushLock("file lock")],
        };

    /// <summary>0x16E: a resource is released for a thread that does not own it.</summary>
    public static Scenario ResourceRelease { get; } =
        new("bugcheck16e", "0x16E: a thread released a resource on behalf of a thread that does not own it")
        {
            BugCheck = new(0x16e, kernel =>
                [kernel.Lock("file resource"), kernel.Thread("mover"), kernel.Thread("creator"), 0])
            { Thread = "mover" },
            Drivers = [Driver],
            Processes =
            [
                System(Culprit("nt!KeBugCheckEx", "nt!ExReleaseResourceLite+150", "TestDriver!FileMoveThread+98"), Creator, Reader),
            ],
            Locks = [new Resource("file resource") { Owners = [new("reader") { Shared = true }] }],
            Expected = [new("invalid-release") { Thread = "mover", Lock = "file resource", WithoutLockEntries = true }],
        };

    /// <summary>0x13C: a thread's I/O boost state is wrong.</summary>
    public static Scenario IoBoost { get; } = new("bugcheck13c", "0x13C: a thread ended with an I/O boost")
    {
        BugCheck = new(0x13c, kernel => [kernel.Thread("mover"), 1, 0, 0]) { Thread = "mover" },
        Drivers = [Driver],
        Processes = [System(Culprit("nt!KeBugCheckEx", "nt!PspExitThread+200"))],
    };

    /// <summary>0xE3: a resource is released by a thread that does not own it.</summary>
    public static Scenario ResourceNotOwned { get; } = new("bugcheckE3", "0xE3: a thread released a resource that it does not own")
    {
        BugCheck = new(0xe3, kernel => [kernel.Lock("file resource"), kernel.Thread("mover"), 0, 0]) { Thread = "mover" },
        Drivers = [Driver],
        Processes = [System(Culprit("nt!KeBugCheckEx", "nt!ExReleaseResourceLite+150", "TestDriver!FileMoveThread+98"), Creator, Reader)],
        Locks = [new Resource("file resource") { Owners = ["creator"] }],
        Expected = [new("invalid-release") { Thread = "mover", Lock = "file resource", WithoutLockEntries = true }],
    };

    /// <summary>What LockLeak knows nothing of: the parameters are shown as they are.</summary>
    public static Scenario Unknown { get; } =
        BugCheckMachine.Machine("unknown", "A bug check that nobody knows: its parameters are shown", BugCheckMachine.HeldPushLock) with
        {
            BugCheck = new(0x7fff_1234, _ => [BugCheckMachine.Hidden, 0x17, 0, 0x2a]) { Numbers = ["ffffc788", "17", "2a"] },
        };

    /// <summary>
    /// The entry tells the lock; 26H1 has it in the bug check all the same. Where threads keep no entries there is no such bug check; there
    /// the parameter does.
    /// </summary>
    private static ulong[] LeakParameters(SyntheticKernel kernel)
    {
        ulong entry = kernel.Entry("mover", "file lock");
        bool isNamed = entry == 0 || AutoBoostEntries.AreInForce(kernel);
        return [kernel.Thread("mover"), entry, 1, isNamed ? kernel.LockWord("mover", "file lock") : 0];
    }

    private static ThreadSpec Creator => new("creator", 0x404) { WaitReason = "Executive" };

    private static ThreadSpec Reader => new("reader", 0x408) { WaitReason = "Executive" };

    private static ProcessSpec System(params ThreadSpec[] threads) => new("System", 4) { ParentPid = 0, Threads = threads };

    /// <summary>A thread of the driver that runs into the bug check.</summary>
    private static ThreadSpec Culprit(params string[] calls) =>
        new("mover", 0x400) { Processor = 0, Start = "TestDriver!FileMoveThread", Calls = calls };
}
