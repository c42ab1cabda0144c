using static KernelImages.Scenarios.BugCheckMachine;

namespace KernelImages.Scenarios;

/// <summary>Bug checks and live dumps about a lock: nobody could have it, or a thread did to it what it must not.</summary>
public static class BugCheckLocks
{
    /// <summary>0x1CC: a resource was not to be had for 30 seconds. Its owner waits for a device.</summary>
    public static Scenario ResourceTimeout { get; } =
        Machine("1cc", "0x1CC: a thread did not get a resource for 30 seconds, and its owner waits for a device", HeldResource) with
        {
            BugCheck = new(0x1cc, kernel => [kernel.Lock("lock"), kernel.Thread("waiter"), 12345, 30])
            { Name = "EXRESOURCE_TIMEOUT_LIVEDUMP", Threads = ["waiter"], Locks = ["lock"], Numbers = ["12345", "30"] },
        };

    /// <summary>The faulty twin: the owner has ended.</summary>
    public static Scenario ResourceTimeoutLeaked { get; } = ResourceTimeout with
    {
        Name = "bugcheck1cc-leaked",
        Title = "0x1CC: a thread did not get a resource for 30 seconds, and its owner has ended",
        Processes = [SystemProcess(new("owner", 0x304) { Terminated = true }, new("waiter", 0x308) { Waited = Minutes })],
        Locks = [new Resource("lock") { Owners = [new("owner") { Tracked = false }], Waiters = ["waiter"] }],
        Expected = [new("leaked-lock") { Thread = "owner", Lock = "lock", Waiters = ["waiter"], WithoutLockEntries = true }],
    };

    /// <summary>0x1C6: an ordinary resource in the hands of a routine for fast ones.</summary>
    public static Scenario FastResource { get; } =
        Machine("1c6", "0x1C6: a driver passed a legacy resource to a fast resource routine", HeldResource) with
        {
            BugCheck = new(0x1c6, kernel => [3, kernel.Lock("lock"), 0, 0])
            { Name = "FAST_ERESOURCE_PRECONDITION_VIOLATION", Locks = ["lock"] },
        };

    /// <summary>0x1C6: an owner entry of another thread.</summary>
    public static Scenario FastResourceThread { get; } =
        Machine("1c6-thread", "0x1C6: a driver passed an owner entry that belongs to another thread", HeldResource) with
        {
            BugCheck = new(0x1c6, kernel => [9, Hidden, kernel.Thread("owner"), 0])
            { Name = "FAST_ERESOURCE_PRECONDITION_VIOLATION", Threads = ["owner"] },
        };

    /// <summary>0x132: the owner pointer of a resource is none.</summary>
    public static Scenario OwnerPointer { get; } =
        Machine("132", "0x132: a thread set an invalid owner pointer in a resource", HeldResource) with
        {
            BugCheck = new(0x132, kernel => [kernel.Lock("lock"), 0, kernel.Thread("owner"), Hidden])
            { Name = "RESOURCE_OWNER_POINTER_INVALID", Threads = ["owner"], Locks = ["lock"] },
        };

    /// <summary>0x11: the reference gives no parameters.</summary>
    public static Scenario NotMutexOwner { get; } =
        Machine("11", "0x11: a thread released a KMUTEX that it does not own", HeldResource) with
        {
            BugCheck = new(0x11, _ => [0, 0, 0, 0]) { Name = "THREAD_NOT_MUTEX_OWNER" },
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
                SystemProcess(
                    new("mover", 0x400)
                    {
                        Processor = 0, Start = "TestDriver!FileMoveThread",
                        Calls = ["nt!KeBugCheckEx", "nt!KeAbPostReleaseEx+a4", "TestDriver!FileMoveThread+98"],
                    },
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

    /// <summary>All of them.</summary>
    internal static IReadOnlyList<Scenario> All { get; } =
    [
        ResourceTimeout, ResourceTimeoutLeaked, FastResource, FastResourceThread, OwnerPointer, NotMutexOwner, ReleasedOtherLock,
    ];
}
