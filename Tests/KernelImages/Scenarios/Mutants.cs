namespace KernelImages.Scenarios;

/// <summary>
/// Mutexes of drivers and mutants of programs. AutoBoost tracks next to none of them, and kernel threads wait for them with the
/// reason that the driver gave, Executive (docs/kernel-facts.md).
/// </summary>
public static class Mutants
{
    /// <summary>A thread sleeps with a mutex.</summary>
    public static Scenario OwnerSleeps { get; } =
        new("mutex-owner-sleeps", "A thread of a driver waits for a mutex whose owner waits for its device")
        {
            Processes = [System(new("owner", 0x300) { WaitReason = "Executive", Waited = TimeSpan.FromMinutes(2) },
            new("waiter", 0x304) { Waited = TimeSpan.FromMinutes(1) })],
            Locks = [new Mutant("port mutex") { Owners = ["owner"], Waiters = ["waiter"] }],
            ExpectedLocks = [Told("port mutex", ["owner"], ["waiter"])],
            ExpectedThreads = [new("waiter") { WaitsFor = "port mutex" }],
        };

    /// <summary>A circle of mutexes.</summary>
    public static Scenario Deadlock { get; } = new("deadlock-mutexes", "Two threads of a driver took two mutexes in opposite order")
    {
        Processes = [System(new("reader", 0x300) { Waited = TimeSpan.FromHours(1) },
            new("writer", 0x304) { Waited = TimeSpan.FromHours(1) }, new("late", 0x308))],
        Locks = [new Mutant("first mutex") { Owners = ["reader"], Waiters = ["writer", "late"] },
            new Mutant("second mutex") { Owners = ["writer"], Waiters = ["reader"] }],
        Expected = [new("deadlock") { Threads = ["reader", "writer"], Waiters = ["late"], WithoutLockEntries = true }],
        ExpectedLocks = [Told("first mutex", ["reader"], ["writer", "late"]), Told("second mutex", ["writer"], ["reader"])],
    };

    /// <summary>The same where KeInitializeMutantEx was asked for AutoBoost.</summary>
    public static Scenario TrackedDeadlock { get; } = Deadlock with
    {
        Name = "deadlock-tracked-mutexes",
        Title = "Two threads took two mutexes that AutoBoost tracks in opposite order",
        Locks =
        [
            new Mutant("first mutex") { AbEnabled = true, Owners = ["reader"], Waiters = ["writer", "late"] },
            new Mutant("second mutex") { AbEnabled = true, Owners = ["writer"], Waiters = ["reader"] },
        ],
    };

    /// <summary>A thread's list of mutants has several, one acquired twice.</summary>
    public static Scenario Several { get; } =
        new("mutex-several", "A thread that runs owns three mutexes, one of them twice, and each is waited for")
        {
            Processes = [System(new("owner", 0x300) { Processor = 1 }, new("a", 0x304), new("b", 0x308), new("c", 0x30c))],
            Locks =
        [
            new Mutant("mutex a") { Owners = ["owner"], Waiters = ["a"] },
            new Mutant("mutex b") { Owners = [new("owner") { Recursion = 2 }], Waiters = ["b"] },
            new Mutant("mutex c") { Owners = ["owner"], Waiters = ["c"] },
        ],
            ExpectedLocks = [Told("mutex a", ["owner"], ["a"]), Told("mutex b", ["owner"], ["b"]), Told("mutex c", ["owner"], ["c"])],
        };

    /// <summary>The kernel takes mutants back when their owner's end gets there; it has not yet.</summary>
    public static Scenario OwnerEnding { get; } =
        new("mutex-owner-ending", "A thread on its way out still owns a mutex that another waits for")
        {
            Processes = [System(new("leaver", 0x300) { Ending = true, Processor = 1 }, new("waiter", 0x304))],
            Locks = [new Mutant("port mutex") { Owners = ["leaver"], Waiters = ["waiter"] }],
            ExpectedLocks = [Told("port mutex", ["leaver"], ["waiter"])],
        };

    /// <summary>Abandoned, and taken by the next thread since, which still has to learn of it.</summary>
    public static Scenario AbandonedAndTaken { get; } =
        new("mutex-abandoned-taken", "An abandoned mutant was taken by another thread, which runs, and a third waits")
        {
            Processes = [new("agent.exe",
            0x1300) { Threads = [new("gone", 0x1304) { Terminated = true }, new("next", 0x1308) { Processor = 1 }, new(
            "waiter", 0x130c) { WaitReason = "UserRequest" }] }],
            Locks = [new Mutant("agent mutex") { Abandoned = true, Owners = ["next"], Waiters = ["waiter"] }],
            ExpectedLocks = [Told("agent mutex", ["next"], ["waiter"])],
        };

    private static ProcessSpec System(params ThreadSpec[] threads) => new("System", 4) { ParentPid = 0, Threads = threads };

    private static ExpectedLock Told(string name, string[] owners, string[] waiters) =>
        new(name) { Kind = "mutant", Owners = owners, Waiters = waiters, Locked = true, WithoutLockEntries = true };
}
