namespace KernelImages.Scenarios;

/// <summary>
/// Fast mutexes. Count is 32 bits, its bit 0 says free; the owner is 0 exactly when it is free (ExpAcquireFastMutexContended,
/// ExReleaseFastMutex; docs/kernel-facts.md).
/// </summary>
public static class FastMutexes
{
    /// <summary>Owned and waited for.</summary>
    public static Scenario Busy { get; } =
        new("fast-mutex-busy", "A fast mutex is owned by a thread that waits for its device, and two threads wait for it")
        {
            Processes = [System(new("owner", 0x300) { WaitReason = "Executive" }, new("w1", 0x304), new("w2", 0x308))],
            Locks = [new FastMutex("list mutex") { Owners = ["owner"], Waiters = ["w1", "w2"] }],
            ExpectedLocks = [Told(["owner"], ["w1", "w2"])],
        };

    /// <summary>Free, and one of two waiters was woken for it.</summary>
    public static Scenario HandedOver { get; } =
        new("fast-mutex-woken", "A fast mutex is free, one waiter was woken and does not run yet, and another waits")
        {
            Processes = [System(new("w1", 0x304), new("w2", 0x308))],
            Locks = [new FastMutex("list mutex") { Waiters = [new("w1") { Stage = WaitStage.Woken }, "w2"] }],
            ExpectedLocks = [Told([], ["w2"]) with { Locked = false }],
        };

    /// <summary>Acquired by a thread that was out of lock entries, and which has ended since.</summary>
    public static Scenario OwnerEnded { get; } =
        new("fast-mutex-owner-ended", "The owner of a fast mutex has ended and had no lock entry for it")
        {
            Processes = [System(new("ended", 0x300) { Terminated = true }, new("waiter", 0x304) { Waited = TimeSpan.FromMinutes(20) })],
            Locks = [new FastMutex("list mutex") { Owners = [new("ended") { Tracked = false }], Waiters = ["waiter"] }],
            Expected = [new("leaked-lock") { Thread = "ended", Lock = "list mutex", Waiters = ["waiter"], WithoutLockEntries = true }],
            ExpectedLocks = [Told(["ended"], ["waiter"])],
        };

    /// <summary>The owner's last reference went, and its memory holds text.</summary>
    public static Scenario OwnerGone { get; } = new("fast-mutex-owner-gone", "The owner of a fast mutex is gone, and its memory holds text")
    {
        Processes = [System(new ThreadSpec("waiter", 0x304) { Waited = TimeSpan.FromMinutes(20) })],
        Locks = [new FastMutex("list mutex") { Gone = GoneOwner.Text, Waiters = ["waiter"] }],
        Expected = [new("leaked-lock") { Lock = "list mutex", Waiters = ["waiter"], WithoutLockEntries = true }],
        ExpectedLocks = [Told([], ["waiter"])],
    };

    private static ProcessSpec System(params ThreadSpec[] threads) => new("System", 4) { ParentPid = 0, Threads = threads };

    private static ExpectedLock Told(string[] owners, string[] waiters) =>
        new("list mutex") { Kind = "fast mutex", Owners = owners, Waiters = waiters, Locked = true, WithoutLockEntries = true };
}
