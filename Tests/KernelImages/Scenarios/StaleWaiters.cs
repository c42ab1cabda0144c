namespace KernelImages.Scenarios;

/// <summary>
/// Threads that wait for a push lock whose memory is no lock any more: their driver was unloaded, and what it had allocated is in use by
/// something else (docs/kernel-facts.md). The wait block on the thread's stack still names the lock.
/// </summary>
public static class StaleWaiters
{
    private const ulong DriverBase = 0xfffff807_45960000;

    /// <summary>Text lies where the lock was.</summary>
    public static Scenario Text { get; } =
        Reused("stale-waiter-text", "A thread of an unloaded driver waits for a push lock where text lies now", 0x0072006f_006c006f);

    /// <summary>A pointer to an object lies there.</summary>
    public static Scenario Pointer { get; } =
        Reused("stale-waiter-pointer", "A thread of an unloaded driver waits for a push lock where a pointer lies now",
        0xffffc788_3a0f1230);

    /// <summary>Somebody else's push lock lies there, owned and not waited for.</summary>
    public static Scenario OtherLock { get; } =
        Reused("stale-waiter-other-lock",
        "A thread of an unloaded driver waits for a push lock where another lock lies now, for which nobody waits", 1);

    /// <summary>
    /// The healthy twin: a thread of an unloaded driver waits for a lock that is there and has an owner, such as one of the kernel's.
    /// </summary>
    public static Scenario LivingLock { get; } = Text with
    {
        Name = "unloaded-driver-waits",
        Title = "A thread of an unloaded driver waits for a push lock whose owner runs: no stale waiter",
        Locks = [new PushLock("lock") { Owners = ["owner"], Waiters = ["waiter"] }],
        Expected = [],
    };

    /// <summary>All of them.</summary>
    internal static IReadOnlyList<Scenario> All { get; } = [Text, Pointer, OtherLock, LivingLock];

    private static Scenario Reused(string name, string title, ulong value) => new(name, title)
    {
        Drivers = [new("TestDriver", DriverBase) { Unloaded = true }],
        Processes =
        [
            new("System", 4)
            {
                ParentPid = 0,
                Threads = [new("waiter", 0x300) { Start = "TestDriver+10e0", Calls = ["TestDriver+112f"], Waited = TimeSpan.FromHours(1) },
                    new("owner", 0x304) { Processor = 0 }],
            },
        ],
        Locks = [new PushLock("lock") { Value = value, Waiters = ["waiter"] }],
        Expected = [new("stale-waiter") { Thread = "waiter", Lock = "lock", Waiters = ["waiter"] }],
    };
}
