namespace KernelImages.Scenarios;

/// <summary>
/// What real lock entries look like where a reader may expect something else: linked or not, counted or not, and as 26H1
/// keeps them. Sources: docs/kernel-facts.md.
/// </summary>
public static class EntryFacts
{
    private const string Device = "Executive";
    private const uint FirstAutoBoost = 28000;

    private static readonly string[] InClose = ["nt!ObpRemoveObjectRoutine+20", "nt!ObfDereferenceObjectWithTag+20", "nt!NtClose+40"];

    /// <summary>A bucket of the global table is chosen by bits 4 to 13 of the lock's address: these three fall into one.</summary>
    private const ulong InOneBucket = 0xffffc788_3a0f6f70, NextInBucket = 0x4000;

    /// <summary>
    /// Two threads own a push lock that nobody waits for. Their entries are not linked, so the lock reads 0x7fff... and
    /// AbOwnedEntryCount is 0: a real small dump of 26100 and one of 19041 look like that. One of them is back in user mode.
    /// </summary>
    public static Scenario OwnedCountZero { get; } =
        new("owned-count-zero", "Two threads own push locks while AbOwnedEntryCount is 0, one of them waits in user mode")
        {
            Processes = [new("app.exe",
            0x3a0) { Threads = [new("in the kernel", 0x3a4) { Processor = 0, Calls = InClose }, new(
            "in user mode", 0x3a8) { WaitReason = "UserRequest" }] }],
            Locks = [new PushLock("first lock") { Owners = ["in the kernel"] },
            new PushLock("second lock") { Owners = [new("in user mode") { NotInTree = true }] }],
            Expected = [new("user-mode-owner") { Thread = "in user mode", Lock = "second lock" }],
            ExpectedThreads = [new("in the kernel") { Owns = ["first lock"] }, new("in user mode") { Owns = ["second lock"] }],
        };

    /// <summary>The healthy twin: both are still in the kernel.</summary>
    public static Scenario OwnedCountZeroHealthy { get; } = OwnedCountZero with
    {
        Name = "owned-count-zero-healthy",
        Title = "Two threads own push locks while AbOwnedEntryCount is 0, and both are still in the kernel",
        Processes = [new("app.exe",
            0x3a0) { Threads = [new("in the kernel", 0x3a4) { Processor = 0, Calls = InClose }, new(
            "in user mode", 0x3a8) { WaitReason = Device }] }],
        Expected = [],
    };

    /// <summary>5 of the 9 threads in real small dumps of 24H2 have run out of entries once, and have all of them back.</summary>
    public static Scenario ManyExhausted { get; } =
        new("exhausted-many", "Five of nine threads ran out of lock entries once, and a push lock's owner is gone")
        {
            Processes =
        [
            new("app.exe", 0x3a0)
            {
                Threads =
                [
                    .. Enumerable.Range(1, 8)
                        .Select(i => new ThreadSpec($"thread {i}",
                        0x3a0 + 4 * (ulong)i) { EntriesExhausted = i <= 5, WaitReason = Device }),
                    new("waiter", 0x3d0),
                ],
            },
        ],
            Locks = [new PushLock("index lock") { LostOwner = true, Waiters = ["waiter"] }],
            Expected = [new("ownerless-lock") { Lock = "index lock", Waiters = ["waiter"] }],
        };

    /// <summary>The healthy twin: one of the five owns the lock.</summary>
    public static Scenario ManyExhaustedHealthy { get; } = ManyExhausted with
    {
        Name = "exhausted-many-healthy",
        Title = "Five of nine threads ran out of lock entries once, and one of them owns the lock that is waited for",
        Locks = [new PushLock("index lock") { Owners = ["thread 2"], Waiters = ["waiter"] }],
        Expected = [],
    };

    /// <summary>Three locks whose head entries are in one tree of the global table, and a circle over two of them.</summary>
    public static Scenario OneBucket { get; } =
        new("one-bucket", "Three locks fall into one bucket of the global table, and two threads wait for each other over two of them")
        {
            Processes = [new("System",
            4) { ParentPid = 0, Threads = [
            new("first", 0x100), new("second", 0x104), new("third", 0x108) { WaitReason = Device }, new("fourth", 0x10c)] }],
            Locks =
        [
            new PushLock("low") { Address = InOneBucket, Owners = ["first"], Waiters = ["second"] },
            new PushLock("middle") { Address = InOneBucket + NextInBucket, Owners = ["third"], Waiters = ["fourth"] },
            new PushLock("high") { Address = InOneBucket + 2 * NextInBucket, Owners = ["second"], Waiters = ["first"], Head = "first" },
        ],
            Expected = [new("deadlock") { Threads = ["first", "second"] }],
        };

    /// <summary>
    /// The head of a lock is the entry that was linked first: that of an owner, or of a waiter whose owner still runs. Both here, and
    /// shared owners.
    /// </summary>
    public static Scenario Heads { get; } =
        new("heads", "Locks whose head entry is that of an owner, of a waiter, of the only owner: nothing is wrong")
        {
            Processes =
        [
            new("store.exe", 0x9a0)
            {
                Threads =
                [
                    .. Enumerable.Range(1, 3)
                        .Select(i => new ThreadSpec($"reader {i}",
                        0x9a0 + 4 * (ulong)i) { WaitReason = Device, Priority = (sbyte)(7 + i) }),
                    new("runner", 0x9c0) { Processor = 0 },
                    .. Enumerable.Range(1, 4)
                        .Select(i => new ThreadSpec($"waiter {i}", 0x9d0 + 4 * (ulong)i) { Priority = (sbyte)(12 - i) }),
                ],
            },
        ],
            Locks =
        [
            new PushLock("owner first") { Owners = [
            new("reader 1") { Shared = true }, new("reader 2") { Shared = true }, new("reader 3") { Shared = true }],
                Waiters = ["waiter 1", "waiter 2"] },
            new PushLock("waiter first") { Owners = ["runner"], Waiters = ["waiter 3", "waiter 4"] },
            new PushLock("not contended") { Owners = ["reader 1"] },
        ],
            ExpectedLocks =
        [
            new("owner first") { Owners = ["reader 1", "reader 2", "reader 3"], Waiters = ["waiter 1", "waiter 2"] },
            new("waiter first") { Owners = ["runner"], Waiters = ["waiter 3", "waiter 4"] },
        ],
        };

    /// <summary>The 26H1 kernel with its new entries switched off.</summary>
    public static Scenario Fallback { get; } = Leaks.Terminated with
    {
        Name = "26h1-fallback",
        Title = "A thread has ended with a push lock; on 26H1 bit 0 of KiAbpGlobalState is clear, and entries are those of 24H2",
        LegacyAutoBoost = true,
        Builds = (FirstAutoBoost, uint.MaxValue),
    };

    /// <summary>The healthy twin: the owner lives.</summary>
    public static Scenario FallbackHealthy { get; } = Fallback with
    {
        Name = "26h1-fallback-healthy",
        Title = "A push lock is waited for; on 26H1 bit 0 of KiAbpGlobalState is clear, and entries are those of 24H2",
        Processes = [new("System", 4) { ParentPid = 0, Threads = [new("mover", 0x200) { WaitReason = Device }, new("creator", 0x204)] }],
        Expected = [],
    };

    /// <summary>
    /// A mutant's owner has its entry back as soon as it runs again: somebody else has deleted the mutant. A thread that
    /// has ended, and one in user mode, are not to blame for such an entry.
    /// </summary>
    public static Scenario PendingRelease { get; } =
        new("26h1-pending-release", "Two threads keep entries whose release is pending, one of them has ended: no leak")
        {
            Builds = (FirstAutoBoost, uint.MaxValue),
            Processes = [new("agent.exe",
            0x1300) { Threads = [new("ended", 0x1304) { Terminated = true }, new("in user mode", 0x1308) { WaitReason = "UserRequest" }] }],
            Locks = [new Mutant("first mutex") { AbEnabled = true, Owners = [new("ended") { ReleasePending = true }] },
            new Mutant("second mutex") { AbEnabled = true, Owners = [new("in user mode") { ReleasePending = true }] }],
            // The mutants are gone; what lies there now is anything.
            Damage = kernel =>
            {
                foreach (Mutant mutex in kernel.Scenario.Locks.OfType<Mutant>())
                {
                    kernel.Typed.SetQuads(kernel.Lock(mutex.Name), 0x656c6946_0a0b0c0d, 0, 0x00720065_00730055, 0, 0, 0, 0);
                    ulong owner = kernel.Thread(mutex.Owners[0].Thread);
                    kernel.Typed.InitializeListHead("_KTHREAD", owner, "MutantListHead");
                    kernel.Typed.Set("_KTHREAD", owner, "KernelApcDisable", 0);
                }
            },
        };

    /// <summary>All of them.</summary>
    internal static IReadOnlyList<Scenario> All { get; } =
        [OwnedCountZero, OwnedCountZeroHealthy, ManyExhausted, ManyExhaustedHealthy, OneBucket, Heads, Fallback, FallbackHealthy,
            PendingRelease];
}
