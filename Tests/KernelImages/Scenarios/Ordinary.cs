namespace KernelImages.Scenarios;

/// <summary>Machines on which nothing is wrong, however it may look.</summary>
public static class Ordinary
{
    /// <summary>A few idle processes, one lock held by a thread that runs.</summary>
    public static Scenario Clean { get; } = new("clean", "Nothing is wrong: one lock is held, by a thread that runs")
    {
        Processes =
        [
            new("System", 4) { ParentPid = 0, Threads = [new("worker", 0x10), new("writer", 0x14) { Processor = 0 }] },
            new("csrss.exe", 0x208) { Threads = [new("csrss 1", 0x210), new("csrss 2", 0x214)] },
        ],
        Locks = [new PushLock("registry lock") { Owners = ["writer"] }],
    };

    /// <summary>2,000 threads in 100 processes.</summary>
    public static Scenario Busy { get; } = Crowds.Contention(processes: 100, threadsEach: 20);

    /// <summary>2,000 threads in 100 processes; one thread in a hundred holds or waits for a lock.</summary>
    public static Scenario Idle { get; } = Crowds.Idle(processes: 100, threadsEach: 20);

    /// <summary>Readers hold a push lock and wait for their disk; a writer waits for them.</summary>
    public static Scenario Readers { get; } =
        new("readers", "Ten threads share a push lock and wait for their disk, a writer waits for them")
        {
            Processes =
        [
            new("store.exe", 0x9a0)
            {
                Threads =
                [
                    .. Readers10.Select((name, i) => new ThreadSpec(name, 0x9b0 + 4 * (ulong)i) { WaitReason = "Executive" }),
                    new("writer", 0xa00) { Waited = TimeSpan.FromSeconds(2) },
                ],
            },
        ],
            Locks = [new PushLock("table lock") { Owners = [.. Readers10.Select(name => new Claim(name) { Shared = true })], Waiters = [
            "writer"] }],
        };

    /// <summary>Five threads wait for each other in a row, and the last one runs.</summary>
    public static Scenario Chain { get; } =
        new("chain", "Five threads wait in a row for push locks of the next, and the last one runs: no deadlock")
        {
            Processes =
        [
            new("chain.exe", 0x700)
            {
                Threads = [new("link 1", 0x704), new("link 2", 0x708), new("link 3", 0x70c), new("link 4", 0x710),
                    new("runner", 0x714) { Processor = 1 }],
            },
        ],
            Locks =
        [
            new PushLock("lock 1") { Owners = ["link 2"], Waiters = ["link 1"] },
            new PushLock("lock 2") { Owners = ["link 3"], Waiters = ["link 2"] },
            new PushLock("lock 3") { Owners = ["link 4"], Waiters = ["link 3"] },
            new PushLock("lock 4") { Owners = ["runner"], Waiters = ["link 4"] },
        ],
        };

    /// <summary>
    /// A resource was handed over to whoever completes the request, and the thread that acquired it is back in user mode.
    /// </summary>
    public static Scenario Disowned { get; } =
        new("disowned", "A resource that another thread will release is held by a thread that waits in user mode: no leak")
        {
            Processes = [new("filter.exe", 0xb00) { Threads = [new("opener", 0xb04), new("closer", 0xb08)] }],
            Locks = [new Resource("file resource") { Owners = [new("opener") { Pointer = OwnerPointer.Structure }], Waiters = ["closer"] }],
            ExpectedLocks = [new("file resource") { Kind = "resource", Owners = [], Waiters = ["closer exclusive"], Locked = true }],
        };

    /// <summary>Another thread released a disowned resource; the entry stays with its thread until it needs one.</summary>
    public static Scenario Orphaned { get; } = new("orphaned", "A thread keeps an entry whose lock another thread has released: no leak")
    {
        Processes = [new("filter.exe", 0xb00) { Threads = [new("opener", 0xb04) { OrphanedEntries = 1 }] }],
    };

    /// <summary>A thread took a lock when its entries had run out.</summary>
    public static Scenario Exhausted { get; } =
        new("exhausted", "A lock's owner has no entry for it, because its entries had run out: nobody can say who it is")
        {
            Processes = [new("greedy.exe",
            0xc00) { Threads = [new("greedy", 0xc04) { EntriesExhausted = true, Processor = 0 }, new("patient", 0xc08)] }],
            Locks =
        [
            .. Enumerable.Range(1, 6).Select(i => new PushLock($"lock {i}") { Owners = ["greedy"] }),
            new PushLock("lock 7") { Owners = [new("greedy") { Tracked = false }], Waiters = ["patient"] },
        ],
        };

    /// <summary>A guarded mutex and a mutant at work.</summary>
    public static Scenario Mutexes { get; } = new("mutexes", "A guarded mutex and a mutant are owned by threads that run, and waited for")
    {
        Processes =
        [
            new("shell.exe", 0xd00)
            {
                Threads =
                [
                    new("painter", 0xd04) { Processor = 0 },
                    new("caller", 0xd08) { Processor = 1 },
                    new("guest", 0xd0c),
                    new("visitor", 0xd10) { WaitReason = "UserRequest" },
                ],
            },
        ],
        Locks =
        [
            new GuardedMutex("paint mutex") { Owners = ["painter"], Waiters = ["guest"] },
            new Mutant("single instance") { Owners = ["caller"], Waiters = ["visitor"] },
        ],
    };

    private static IEnumerable<string> Readers10 => Enumerable.Range(1, 10).Select(i => $"reader {i}");
}
