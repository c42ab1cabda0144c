namespace KernelImages.Scenarios;

/// <summary>Waits for hours that lock entries do not tell of and that have no owner. Nothing is wrong (docs/kernel-facts.md).</summary>
public static class UntrackedWaits
{
    private static readonly TimeSpan Hours = TimeSpan.FromHours(2);

    /// <summary>Two threads wait until somebody unblocks a push lock, such as that of a handle table's entry.</summary>
    public static Scenario BlockedPushLock { get; } =
        new("blocked-push-lock", "Two threads wait for a push lock to be unblocked, whose value is a bare pointer: nothing is wrong")
        {
            Processes = [new("System",
            4) { ParentPid = 0, Threads = [new("first", 0x304) { Waited = Hours }, new("second", 0x308) { Waited = Hours }] }],
            Locks = [new BlockedPushLock("contention event") { Waiters = ["first", "second"] }],
            ExpectedLocks = [new("contention event") { Owners = [], Waiters = ["first", "second"], InOrder = false }],
        };

    /// <summary>A thread waits for all others to give up their references to what it is about to delete.</summary>
    public static Scenario Rundown { get; } =
        new("rundown", "A thread waits for rundown protection to be released, and owns a push lock: nothing is wrong")
        {
            Processes = [new("System",
            4) { ParentPid = 0, Threads = [
            new("deleting", 0x304) { Waited = Hours }, new("user", 0x308) { WaitReason = "Executive" }, new("behind", 0x30c)] }],
            Locks = [new RundownReference("device") { Owners = ["user"], Waiters = ["deleting"] },
            new PushLock("table lock") { Owners = ["deleting"], Waiters = ["behind"] }],
        };

    /// <summary>A thread waits for a grace period: WrRcu, 42, which is as new as 24H2.</summary>
    public static Scenario Rcu { get; } = new("rcu", "A thread waits with the reason WrRcu and owns a push lock: nothing is wrong")
    {
        Builds = (26100, uint.MaxValue),
        Processes = [new("System", 4) { ParentPid = 0, Threads = [new("writer", 0x304) { WaitReason = "WrRcu" }, new("behind", 0x308)] }],
        Locks = [new PushLock("table lock") { Owners = ["writer"], Waiters = ["behind"] }],
    };

    /// <summary>The faulty twin of the blocked push lock: an ordinary one that nobody owns and nobody unblocks.</summary>
    public static Scenario Ownerless { get; } =
        new("not-blocked-push-lock", "Two threads wait for a push lock that somebody has locked who is gone")
        {
            Processes = [new("System",
            4) { ParentPid = 0, Threads = [new("first", 0x304) { Waited = Hours }, new("second", 0x308) { Waited = Hours }] }],
            Locks = [new PushLock("lock") { LostOwner = true, Waiters = ["first", "second"] }],
            Expected = [new("ownerless-lock") { Lock = "lock", Waiters = ["first", "second"] }],
        };

    /// <summary>All of them.</summary>
    internal static IReadOnlyList<Scenario> All { get; } = [BlockedPushLock, Rundown, Rcu, Ownerless];
}
