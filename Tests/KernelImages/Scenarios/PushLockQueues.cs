namespace KernelImages.Scenarios;

/// <summary>
/// Push locks that wait for nothing but their owner. The oldest wait block's Next is what is left of an earlier queue, and its
/// ShareCount what the first waiter saw (ExfAcquirePushLockExclusiveEx, ExpWakePushLock; docs/kernel-facts.md).
/// </summary>
public static class PushLockQueues
{
    private static readonly IReadOnlyList<Claim> Five = ["w1", new("w2") { Shared = true }, "w3", new("w4") { Shared = true }, "w5"];

    /// <summary>Next leads to the stack of the thread that was woken first and owns the lock now.</summary>
    public static Scenario BehindOwner { get; } =
        Hang("queue-behind-owner",
        "A stuck thread owns a push lock and five wait: the queue's end still names the owner, and there is no deadlock", null);

    /// <summary>Next leads to the stack of a thread that had the lock long ago.</summary>
    public static Scenario BehindStranger { get; } =
        Hang("queue-behind-stranger", "Five threads wait for a push lock: the queue's end still names a thread that had it long ago",
        "stranger");

    /// <summary>Next leads into the queue: the thread that was woken has queued again, at the same place on its stack.</summary>
    public static Scenario BehindItself { get; } =
        Hang("queue-behind-itself", "Five threads wait for a push lock: the queue's end leads into the queue again", "w3");

    /// <summary>Nobody wrote Next: the oldest waiter came first.</summary>
    public static Scenario BehindNobody { get; } =
        Hang("queue-behind-nobody", "Five threads wait for a push lock, the oldest of them came when nobody waited", "");

    /// <summary>ShareCount counts down, MultipleShared stays until the last owner is gone.</summary>
    public static Scenario LastReader { get; } =
        new("queue-last-reader", "The last of several readers still owns a push lock that a writer waits for")
        {
            Processes = [new("store.exe", 0x9a0) { Threads = [new("reader", 0x9a4) { WaitReason = "Executive" }, new("writer", 0x9a8)] }],
            Locks =
            [
                new PushLock("table lock") { Owners = [new("reader") { Shared = true }], Waiters = ["writer"], MultipleShared = true },
            ],
            ExpectedLocks = [new("table lock") { Kind = "push lock", Owners = ["reader"], Waiters = [
            "writer exclusive"], Locked = true, Exclusive = false, SharedOwners = 1 }],
        };

    /// <summary>Somebody took each lock between its release and the wake-up: ShareCount tells of the owner before.</summary>
    public static Scenario StaleShareCount { get; } =
        new("queue-stale-count", "Two push locks were taken between release and wake-up, and their queues still tell of the owners before")
        {
            Processes =
        [
            new("store.exe", 0x9a0)
            {
                Threads =
                [
                    new("reader", 0x9a4) { WaitReason = "Executive" }, new("writer", 0x9a8) { WaitReason = "Executive" },
                    new("behind reader", 0x9ac), new("behind writer", 0x9b0),
                ],
            },
        ],
            Locks =
        [
            new PushLock("says exclusive") { Owners = [new("reader") { Shared = true }], Waiters = [
            "behind reader"], Behind = "", ShareCount = -2 },
            new PushLock("says shared") { Owners = ["writer"], Waiters = ["behind writer"], Behind = "", ShareCount = 1 },
        ],
            ExpectedLocks =
        [
            new("says exclusive") { Kind = "push lock", Owners = ["reader"], Waiters = ["behind reader exclusive"], Locked = true },
            new("says shared") { Kind = "push lock", Owners = ["writer"], Waiters = ["behind writer exclusive"], Locked = true },
        ],
        };

    /// <summary>
    /// A structure like any other: what follows a push lock is no fast mutex, although an event lies where a fast mutex has one.
    /// </summary>
    public static Scenario StructureWithEvent { get; } =
        new("structure-with-event", "A thread owns a push lock in a structure that has a thread's address behind it and an event at +0x18")
        {
            Processes = [new("System",
            4) { ParentPid = 0, Threads = [
            new("owner", 0x200) { WaitReason = "Executive" }, new("innocent", 0x204) { WaitReason = "Executive" }] }],
            Locks = [new PushLock("list lock") { Owners = ["owner"], InStructureWithEvent = true }],
            ExpectedLocks = [new("list lock") { Kind = "push lock", Owners = ["owner"], Waiters = [], Locked = true, Exclusive = true }],
        };

    /// <summary>The same lock, leaked.</summary>
    public static Scenario StructureWithEventLeaked { get; } = StructureWithEvent with
    {
        Name = "structure-with-event-leaked",
        Title = "A thread has ended with a push lock in a structure that has another thread's address behind it and an event at +0x18",
        Processes = [new("System",
            4) { ParentPid = 0, Threads = [
            new("owner", 0x200) { Terminated = true }, new("innocent", 0x204) { WaitReason = "Executive" }] }],
        Expected = [new("leaked-entry") { Thread = "owner", Lock = "list lock" }],
    };

    private static Scenario Hang(string name, string title, string? behind) => new(name, title)
    {
        Processes =
        [
            new("service.exe", 0x840)
            {
                Threads =
                [
                    new("owner", 0x844) { WaitReason = "Executive", Waited = TimeSpan.FromMinutes(6) },
                    new("stranger", 0x848) { WaitReason = "Executive" },
                    .. Five.Select((claim, i) => new ThreadSpec(claim.Thread, 0x850 + 4 * (ulong)i) { Waited = TimeSpan.FromMinutes(5) }),
                ],
            },
        ],
        Locks = [new PushLock("service lock") { Owners = ["owner"], Waiters = Five, Behind = behind }],
        ExpectedLocks =
        [
            new("service lock") { Kind = "push lock", Owners = ["owner"], Waiters = [
            "w1 exclusive", "w2 shared", "w3 exclusive", "w4 shared", "w5 exclusive"], Locked = true },
        ],
    };
}
