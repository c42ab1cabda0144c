namespace KernelImages.Scenarios;

/// <summary>Threads that wait for minutes behind one that does not go on, and machines that only look so.</summary>
public static class Hangs
{
    private const ulong DriverBase = 0xfffff807_45960000;
    private const int LockQueueIoCancelLock = 7;

    /// <summary>
    /// The owner of a lock waits in a driver; four threads in a row and beside it wait for it, and one waits for somebody else.
    /// </summary>
    public static Scenario InDriver { get; } =
        new("hang", "The owner of a push lock waits in a driver, and others wait behind it for minutes, in a row and side by side")
        {
            Drivers = [new("TestDriver", DriverBase)],
            Processes =
        [
            new("System", 4)
            {
                ParentPid = 0,
                Threads = [new("blocker",
                    0x300) { WaitReason = "Executive", Waited = TimeSpan.FromMinutes(12), Start = "TestDriver!FileFlushThread", Calls = [
                    "TestDriver!FileFlushThread+4a"] }],
            },
            new("app.exe", 0x700)
            {
                Threads =
                [
                    new("first", 0x704) { Waited = TimeSpan.FromMinutes(11) }, new("second", 0x708) { Waited = TimeSpan.FromMinutes(10) },
                    new("third", 0x70c) { Waited = TimeSpan.FromMinutes(9) },
                    new("behind first", 0x710) { Waited = TimeSpan.FromMinutes(8) }, new("other owner", 0x714) { WaitReason = "Executive" },
                    new("other", 0x718) { Waited = TimeSpan.FromMinutes(30) },
                ],
            },
        ],
            Locks =
        [
            new PushLock("lock") { Owners = ["blocker"], Waiters = ["first", "second", "third"] },
            new FastMutex("mutex") { Owners = ["first"], Waiters = ["behind first"] },
            new PushLock("other lock") { Owners = ["other owner"], Waiters = ["other"] },
        ],
            Blocker = new("blocker") { Blocked = 4, Module = "TestDriver" },
        };

    /// <summary>The owner runs, in a driver.</summary>
    public static Scenario Running { get; } =
        new("hang-running", "The owner of a push lock runs in a driver for minutes, and two threads wait for it")
        {
            Drivers = [new("TestDriver", DriverBase)],
            Processes =
        [
            new("System", 4) { ParentPid = 0, Threads = [
            new("blocker", 0x300) { Processor = 1, Start = "TestDriver!FileReadThread", Calls = ["TestDriver!FileReadThread+1c"] }] },
            new("app.exe", 0x700) { Threads = [
                new("first", 0x704) { Waited = TimeSpan.FromMinutes(3) }, new("second", 0x708) { Waited = TimeSpan.FromMinutes(2) }] },
        ],
            Locks = [new PushLock("lock") { Owners = ["blocker"], Waiters = ["first", "second"] }],
            Blocker = new("blocker") { Blocked = 2, Module = "TestDriver" },
        };

    /// <summary>Its processor executes DPC routines in its place.</summary>
    public static Scenario InDpc { get; } = Running with
    {
        Name = "hang-in-dpc",
        Title = "The owner of a push lock runs for minutes, interrupted by DPC routines, and two threads wait for it",
        // Later layouts have the public part of _KPRCB alone.
        Builds = (0, 19041),
        Processes =
        [
            Running.Processes[0] with { Threads = [Running.Processes[0].Threads[0] with { InDpc = true }] }, .. Running.Processes.Skip(1),
        ],
        Blocker = new("blocker") { Blocked = 2, Module = "TestDriver", InDpc = true },
    };

    /// <summary>The healthy twin: what the table of processors leads to has another number.</summary>
    public static Scenario InDpcOfAnother { get; } = InDpc with
    {
        Name = "hang-in-dpc-of-another",
        Title = "The owner of a push lock runs for minutes, and what seems to execute DPC routines in its place has the number of " +
            "another processor",
        Damage = kernel => kernel.Typed.Set("_KPRCB", kernel.Processors[1].Prcb, "Number", 7),
        Blocker = Running.Blocker,
    };

    /// <summary>Its processor spins for a lock that another one owns.</summary>
    public static Scenario Spinning { get; } = Running with
    {
        Name = "hang-spinning",
        Title = "The owner of a push lock spins for minutes for a queued spin lock, and two threads wait for it",
        Processes =
        [
            Running.Processes[0] with
            {
                Threads =
                [
                    Running.Processes[0].Threads[0] with { SpinsFor = LockQueueIoCancelLock },
                    new("canceler", 0x304) { Processor = 0, Start = "TestDriver!FileReadThread", OwnsSpinLock = LockQueueIoCancelLock },
                ],
            },
            .. Running.Processes.Skip(1),
        ],
        Blocker = new("blocker")
        {
            Blocked = 2,
            Module = "TestDriver",
            SpinsFor = "spins for queued spin lock LockQueueIoCancelLock, which processor 0 owns in thread ",
        },
    };

    /// <summary>The healthy twin: its processor owns that lock, and the other one waits for it.</summary>
    public static Scenario SpunFor { get; } = Spinning with
    {
        Name = "hang-spun-for",
        Title = "The owner of a push lock runs for minutes and owns a queued spin lock, for which another processor spins",
        Processes =
        [
            Spinning.Processes[0] with
            {
                Threads =
                [
                    Running.Processes[0].Threads[0] with { OwnsSpinLock = LockQueueIoCancelLock },
                    Spinning.Processes[0].Threads[1] with { SpinsFor = LockQueueIoCancelLock, OwnsSpinLock = null },
                ],
            },
            .. Running.Processes.Skip(1),
        ],
        Blocker = Running.Blocker,
    };

    /// <summary>A wait for a resource begins anew every four seconds, and so never shows more.</summary>
    public static Scenario OfResource { get; } =
        new("hang-resource", "The owner of a resource does not go on, and three threads wait for it for minutes, in rounds of four seconds")
        {
            Processes =
        [
            new("System", 4) { ParentPid = 0, Threads = [
            new("blocker", 0x300) { WaitReason = "Executive", Waited = TimeSpan.FromMinutes(12) }] },
            new("app.exe", 0x700)
            {
                Threads =
                [
                    new("first", 0x704) { Waited = TimeSpan.FromMinutes(11) },
                    new("second", 0x708) { Waited = TimeSpan.FromSeconds(121.5) },
                    new("third", 0x70c) { Waited = TimeSpan.FromSeconds(0.2) },
                ],
            },
        ],
            Locks = [new Resource("resource") { Owners = ["blocker"], Waiters = ["first", "second", new("third") { Shared = true }] }],
            Blocker = new("blocker") { Blocked = 3, WithoutLockEntries = true },
        };

    /// <summary>Locks with names: two lie in a driver's data.</summary>
    public static Scenario OfNamedLocks { get; } = Running with
    {
        Name = "hang-named-lock",
        Title = "Two threads wait for minutes for a lock in a driver's data, which has a name",
        Locks = [new PushLock("lock") { Owners = ["blocker"], Waiters = ["first", "second"], Address = DriverBase + 0x3010 }],
    };

    /// <summary>The healthy twin: the same, a moment after it began.</summary>
    public static Scenario Contention { get; } = InDriver with
    {
        Name = "hang-not-yet",
        Title = "Threads wait for locks for seconds that a busy machine takes as well: no hang",
        Processes = [.. InDriver.Processes.Select(process =>
            process with { Threads = [.. process.Threads.Select(thread => thread with { Waited = thread.Waited / 200 })] })],
        Locks = [.. InDriver.Locks.Take(2)],
        Blocker = null,
    };

    /// <summary>The other one: a program waits for a mutex of another one for hours, in user mode, and can be closed at any time.</summary>
    public static Scenario InUserMode { get; } =
        new("hang-in-user-mode", "A program waits for hours for a mutex that another one owns: no hang of the machine")
        {
            Processes =
        [
            new("first.exe", 0x700) { Threads = [new("owner", 0x704) { Processor = 0 }] },
            new("second.exe", 0x800) { Threads = [new("visitor", 0x804) { WaitReason = "UserRequest", Waited = TimeSpan.FromHours(5) }] },
        ],
            Locks = [new Mutant("single instance") { Owners = ["owner"], Waiters = ["visitor"] }],
        };

    /// <summary>All of them.</summary>
    internal static IReadOnlyList<Scenario> All { get; } =
        [InDriver, Running, InDpc, InDpcOfAnother, Spinning, SpunFor, OfResource, OfNamedLocks, Contention, InUserMode];
}
