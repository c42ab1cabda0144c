namespace KernelImages.Scenarios;

/// <summary>
/// Cache-aware and auto-expand push locks. Lock entries name the lock, threads wait for one of its parts (docs/kernel-facts.md):
/// the value at the lock's own address says nothing of them.
/// </summary>
public static class SlottedPushLocks
{
    private const string Device = "Executive";

    /// <summary>A reader, a writer that waits for it, and a reader behind the writer.</summary>
    public static Scenario CacheAware { get; } =
        Machine("cache-aware", "A thread shares a cache-aware push lock, a writer and another reader wait for it: nothing is wrong", Owner,
        new CacheAwarePushLock("lock") { Owners = [Shared("owner")], Waiters = ["writer", Shared("reader")] }) with
        {
            Builds = (FirstEntries, uint.MaxValue),
            ExpectedLocks = [new("lock") { Kind = "cache-aware push lock", Owners = ["owner"], Waiters = [
            "writer exclusive", "reader shared"], InOrder = false }],
        };

    /// <summary>A writer owns all 32 slots.</summary>
    public static Scenario CacheAwareExclusive { get; } =
        Machine("cache-aware-exclusive",
        "A thread owns a cache-aware push lock exclusively, two others wait for it: nothing is wrong", Owner,
        new CacheAwarePushLock("lock") { Owners = ["owner"], Waiters = [Shared("reader"), "writer"], Slot = 0 }) with
        {
            Builds = (FirstEntries, uint.MaxValue),
            ExpectedLocks = [new("lock") { Kind = "cache-aware push lock", Owners = ["owner"], Waiters = [
            "reader shared", "writer exclusive"], InOrder = false }],
        };

    /// <summary>Nobody waits for it.</summary>
    public static Scenario CacheAwareUncontended { get; } =
        Machine("cache-aware-alone", "A thread shares a cache-aware push lock: nothing is wrong", Owner,
        new CacheAwarePushLock("lock") { Owners = [Shared("owner")] });

    /// <summary>The faulty twin: a reader has ended.</summary>
    public static Scenario CacheAwareLeaked { get; } =
        Machine("cache-aware-leaked", "A thread has ended that shared a cache-aware push lock, and a writer waits for it", Ended,
        new CacheAwarePushLock("lock") { Owners = [Shared("owner")], Waiters = ["writer"] }) with
        {
            Expected = [new("leaked-entry") { Thread = "owner", Lock = "lock", Waiters = ["writer"] }],
        };

    /// <summary>The other one: a circle.</summary>
    public static Scenario CacheAwareDeadlock { get; } =
        Machine("cache-aware-deadlock", "Two threads wait for each other over a cache-aware push lock and an ordinary one",
        new("owner", 0x704),
        new CacheAwarePushLock("lock") { Owners = [Shared("owner")], Waiters = ["writer"] }) with
        {
            Locks = [new CacheAwarePushLock("lock") { Owners = [Shared("owner")], Waiters = ["writer"] },
            new PushLock("other lock") { Owners = ["writer"], Waiters = ["owner"] }],
            Expected = [new("deadlock") { Threads = ["owner", "writer"] }],
        };

    /// <summary>An auto-expand push lock after it has expanded. There are none before Windows 10.</summary>
    public static Scenario AutoExpand { get; } =
        Machine("auto-expand", "A thread shares an auto-expand push lock, a writer and another reader wait for it: nothing is wrong", Owner,
        new AutoExpandPushLock("lock") { Owners = [Shared("owner")], Waiters = ["writer", Shared("reader")] }) with
        {
            Builds = (FirstAutoExpand, uint.MaxValue),
            ExpectedLocks = [new("lock") { Owners = ["owner"], Waiters = ["writer", "reader"], InOrder = false }],
        };

    /// <summary>The faulty twin: a reader has ended.</summary>
    public static Scenario AutoExpandLeaked { get; } =
        Machine("auto-expand-leaked", "A thread has ended that shared an auto-expand push lock, and a writer waits for it", Ended,
        new AutoExpandPushLock("lock") { Owners = [Shared("owner")], Waiters = ["writer"] }) with
        {
            Builds = (FirstAutoExpand, uint.MaxValue),
            Expected = [new("leaked-entry") { Thread = "owner", Lock = "lock", Waiters = ["writer"] }],
        };

    /// <summary>All of them.</summary>
    internal static IReadOnlyList<Scenario> All { get; } =
        [CacheAware, CacheAwareExclusive, CacheAwareUncontended, CacheAwareLeaked, CacheAwareDeadlock, AutoExpand, AutoExpandLeaked];

    private static uint FirstAutoExpand => 10240;

    private static uint FirstEntries => 9600;

    private static ThreadSpec Owner => new("owner", 0x704) { WaitReason = Device };

    private static ThreadSpec Ended => new("owner", 0x704) { Terminated = true };

    private static Claim Shared(string thread) => new(thread) { Shared = true };

    private static Scenario Machine(string name, string title, ThreadSpec owner, LockSpec item)
    {
        ThreadSpec Other(string thread, ulong tid) =>
            new(thread, tid) { WaitReason = item.Waiters.Any(claim => claim.Thread == thread) ? null : Device };
        return new(name, title)
        {
            Processes = [new("app.exe", 0x700) { Threads = [owner, Other("writer", 0x708), Other("reader", 0x70c)] }],
            Locks = [item],
        };
    }
}
