namespace KernelImages.Scenarios;

/// <summary>
/// Owners that do not run because somebody suspended them or froze their process. That can only happen to a thread that has
/// taken its lock outside of a critical region: such a thread gets the APC that suspends it (KernelImages.Kernel.ThreadApcs).
/// </summary>
public static class SuspendedOwners
{
    private const string Suspended = "Suspended";

    /// <summary>Two threads wait for a push lock whose owner is suspended.</summary>
    public static Scenario OfPushLock { get; } =
        Owner("suspended-owner", "The owner of a push lock is suspended, and two threads wait for it",
        new("owner", 0x704) { WaitReason = Suspended, SuspendCount = 1, Waited = TimeSpan.FromHours(1) },
        new PushLock("lock") { Owners = ["owner"], Waiters = ["first", "second"] }) with
        {
            Expected = [new("suspended-owner") { Thread = "owner", Lock = "lock", Waiters = ["first", "second"] }],
        };

    /// <summary>The same by its own owner field, so on every build.</summary>
    public static Scenario OfResource { get; } =
        Owner("suspended-owner-resource", "The owner of a resource is suspended, and two threads wait for it",
        new("owner", 0x704) { WaitReason = Suspended, SuspendCount = 1 },
        new Resource("lock") { Owners = ["owner"], Waiters = ["first", "second"] }) with
        {
            Expected =
            [
                new("suspended-owner") { Thread = "owner", Lock = "lock", Waiters = ["first", "second"], WithoutLockEntries = true },
            ],
        };

    /// <summary>The owner's process is frozen, as apps are that nobody looks at.</summary>
    public static Scenario Frozen { get; } =
        Owner("frozen-owner", "The owner of a push lock is frozen with its process, and two threads wait for it",
        new("owner", 0x704) { WaitReason = Suspended, Frozen = true, Waited = TimeSpan.FromHours(1) },
        new PushLock("lock") { Owners = ["owner"], Waiters = ["first", "second"] }) with
        {
            Expected = [new("suspended-owner") { Thread = "owner", Lock = "lock", Waiters = ["first", "second"] }],
        };

    /// <summary>The healthy twin: the owner is inside a critical region, so that the APC waits until it has released the lock.</summary>
    public static Scenario Pending { get; } =
        Owner("suspend-pending", "The owner of a push lock is to be suspended as soon as it has released it: no finding",
        new("owner", 0x704) { WaitReason = "Executive", SuspendCount = 1 },
        new PushLock("lock") { Owners = ["owner"], Waiters = ["first", "second"] });

    /// <summary>The other healthy twin: suspended and frozen threads without locks, as a machine is full of.</summary>
    public static Scenario WithoutLock { get; } = new("suspended-idle", "Threads without locks are suspended and frozen: no finding")
    {
        Processes =
        [
            new("debugged.exe", 0x700) { Threads = [
            new("suspended", 0x704) { WaitReason = Suspended, SuspendCount = 2, WaitsInUserMode = true },
            new("free", 0x708) { WaitReason = "Executive" }] },
            new("app.exe", 0x800) { Threads = [new("frozen", 0x804) { WaitReason = Suspended, Frozen = true, WaitsInUserMode = true }] },
        ],
        Locks = [new PushLock("lock") { Owners = ["free"] }],
    };

    /// <summary>All of them.</summary>
    internal static IReadOnlyList<Scenario> All { get; } = [OfPushLock, OfResource, Frozen, Pending, WithoutLock];

    private static Scenario Owner(string name, string title, ThreadSpec owner, LockSpec item) => new(name, title)
    {
        Processes = [new("app.exe", 0x700) { Threads = [owner, new("first", 0x708), new("second", 0x70c)] }],
        Locks = [item],
    };
}
