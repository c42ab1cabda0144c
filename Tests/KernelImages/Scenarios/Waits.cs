namespace KernelImages.Scenarios;

/// <summary>
/// Waits for several objects, with timeouts, for threads and for processes. In each of them a thread owns a push lock and waits;
/// whether the thread behind it waits for ever depends on the wait alone (docs/kernel-facts.md).
/// </summary>
public static class Waits
{
    /// <summary>The event may come first.</summary>
    public static Scenario AnyOf { get; } =
        Circle("wait-any", "A thread owns a push lock and waits for a mutex of a thread behind it or an event, whichever comes first: " +
        "no deadlock",
        new WaitSpec(new MutantObject("mutex"), new EventObject()));

    /// <summary>The same in the other order.</summary>
    public static Scenario AnyOfReversed { get; } =
        Circle("wait-any-reversed",
        "A thread owns a push lock and waits for an event or a mutex of a thread behind it, whichever comes first: no deadlock",
        new WaitSpec(new EventObject(), new MutantObject("mutex")));

    /// <summary>The wait ends with its timeout.</summary>
    public static Scenario Timed { get; } =
        Circle("wait-timed", "A thread owns a push lock and waits for a mutex of a thread behind it, five seconds at most: no deadlock",
        new WaitSpec(new MutantObject("mutex")) { Timed = true });

    /// <summary>The mutex never comes, so neither do all of them.</summary>
    public static Scenario AllOf { get; } =
        Circle("wait-all", "A thread owns a push lock and waits for an event and a mutex of a thread behind it, for both: a deadlock",
        new WaitSpec(new EventObject(), new MutantObject("mutex")) { All = true }, isDeadlock: true);

    /// <summary>More objects than a thread has wait blocks for.</summary>
    public static Scenario ManyAll { get; } =
        Circle("wait-all-of-five",
        "A thread owns a push lock and waits for four events and a mutex of a thread behind it, for all five: a deadlock",
        new WaitSpec(new EventObject(), new EventObject(), new EventObject(), new EventObject(), new MutantObject("mutex")) { All = true },
        isDeadlock: true);

    /// <summary>The same, for any of them.</summary>
    public static Scenario ManyAny { get; } =
        Circle("wait-any-of-five",
        "A thread owns a push lock and waits for one of four events and a mutex of a thread behind it: no deadlock",
        new WaitSpec(new EventObject(), new EventObject(), new EventObject(), new EventObject(), new MutantObject("mutex")));

    /// <summary>DriverUnload waits for its worker to end, and the worker waits for a lock of DriverUnload's.</summary>
    public static Scenario Unload { get; } =
        new("wait-for-thread", "A driver's unload owns a push lock and waits for its worker thread to end, which waits for the lock: a " +
        "deadlock")
        {
            Drivers = [new("TestDriver", 0xfffff807_45960000)],
            Processes =
        [
            System(
                new("unloader", 0x304) { Wait = new(new ThreadObject("worker")), Waited = TimeSpan.FromHours(1) },
                new("worker", 0x308) { Start = "TestDriver!FileMoveThread", Calls = [
                    "TestDriver!FileMoveThread+62"], Waited = TimeSpan.FromHours(1) }),
        ],
            Locks = [new PushLock("queue lock") { Owners = ["unloader"], Waiters = ["worker"] }],
            Expected = [new("deadlock") { Threads = ["unloader", "worker"] }],
        };

    /// <summary>The worker waits for its device and will get on.</summary>
    public static Scenario UnloadInTime { get; } = Unload with
    {
        Name = "wait-for-thread-in-time",
        Title = "A driver's unload owns a push lock and waits for its worker thread to end, which waits for its device: no deadlock",
        Processes = [System(new("unloader", 0x304) { Wait = new(new ThreadObject("worker")) },
            new("worker", 0x308) { WaitReason = "Executive" })],
        Locks = [new PushLock("queue lock") { Owners = ["unloader"] }],
        Expected = [],
    };

    /// <summary>A process ends with the last of its threads.</summary>
    public static Scenario Process { get; } =
        new("wait-for-process", "A thread owns a push lock and waits for a process to end, a thread of which waits for the lock: a " +
        "deadlock")
        {
            Processes =
        [
            System(new ThreadSpec("closer", 0x304) { Wait = new(new ProcessObject("client.exe")), Waited = TimeSpan.FromMinutes(30) }),
            new("client.exe", 0x900) { Threads = [
                new("client", 0x904) { Waited = TimeSpan.FromMinutes(30) }, new("helper", 0x908) { Processor = 1 }] },
        ],
            Locks = [new PushLock("session lock") { Owners = ["closer"], Waiters = ["client"] }],
            Expected = [new("deadlock") { Threads = ["closer", "client"] }],
        };

    /// <summary>No thread of the process waits for the lock.</summary>
    public static Scenario ProcessInTime { get; } = Process with
    {
        Name = "wait-for-process-in-time",
        Title = "A thread owns a push lock and waits for a process to end, whose threads get on: no deadlock",
        Locks = [new PushLock("session lock") { Owners = ["closer"] }],
        Processes = [.. Process.Processes.Take(1),
            new("client.exe", 0x900) { Threads = [new("client", 0x904) { WaitReason = "Executive" }] }],
        Expected = [],
    };

    private static Scenario Circle(string name, string title, WaitSpec wait, bool isDeadlock = false) => new(name, title)
    {
        Processes = [System(new("holder", 0x304) { Wait = wait, Waited = TimeSpan.FromMinutes(3) },
            new("owner", 0x308) { Waited = TimeSpan.FromMinutes(3) })],
        Locks = [new PushLock("port lock") { Owners = ["holder"], Waiters = ["owner"] },
            new Mutant("mutex") { Owners = ["owner"], Waiters = ["holder"] }],
        Expected = isDeadlock ? [new("deadlock") { Threads = ["holder", "owner"] }] : [],
        ExpectedLocks = [new("mutex") { Kind = "mutant", Owners = ["owner"], Waiters = ["holder"], WithoutLockEntries = true }],
    };

    private static ProcessSpec System(params ThreadSpec[] threads) => new("System", 4) { ParentPid = 0, Threads = threads };
}
