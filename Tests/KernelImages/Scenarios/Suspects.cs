namespace KernelImages.Scenarios;

/// <summary>What looks wrong and cannot be proved.</summary>
public static class Suspects
{
    private const ulong DriverBase = 0xfffff807_45960000;

    /// <summary>A push lock that nobody owns and two threads wait for.</summary>
    public static Scenario Ownerless { get; } = new("ownerless", "Two threads wait for a push lock whose owner is gone")
    {
        Processes =
        [
            new("index.exe", 0x600)
            {
                Threads = [new("first", 0x604) { Waited = TimeSpan.FromMinutes(10) },
                    new("second", 0x608) { Waited = TimeSpan.FromMinutes(9) }],
            },
        ],
        Locks = [new PushLock("index lock") { LostOwner = true, Waiters = ["first", new("second") { Shared = true }] }],
        Expected = [new("ownerless-lock") { Lock = "index lock", Waiters = ["first", "second"] }],
    };

    /// <summary>
    /// The same among threads that ran out of lock entries once and have all of them back: most threads of a real machine may have.
    /// </summary>
    public static Scenario OwnerlessAmongExhausted { get; } =
        new("ownerless-exhausted", "A thread waits for a push lock whose owner is gone, and another thread once ran out of lock entries")
        {
            Processes = [new("index.exe",
            0x600) { Threads = [new("waiter", 0x604), new("once greedy", 0x608) { EntriesExhausted = true, WaitReason = "Executive" }] }],
            Locks = [new PushLock("index lock") { LostOwner = true, Waiters = ["waiter"] }],
            Expected = [new("ownerless-lock") { Lock = "index lock", Waiters = ["waiter"] }],
        };

    /// <summary>A driver was unloaded while a thread of its waited; the lock's memory has been cleared.</summary>
    public static Scenario StaleWaiter { get; } =
        new("stale-waiter", "A thread waits for a push lock of a driver that has been unloaded, and the lock's memory is zero")
        {
            Drivers = [new("TestDriver", DriverBase) { Unloaded = true }],
            Processes =
        [
            new("System", 4)
            {
                ParentPid = 0,
                Threads = [new("waiter", 0x300) { Start = "TestDriver+10e0", Calls = ["TestDriver+112f"], Waited = TimeSpan.FromHours(1) }],
            },
        ],
            Locks = [new PushLock("driver lock") { Address = DriverBase + 0x3010, Waiters = ["waiter"], Value = 0 }],
            Expected = [new("stale-waiter") { Thread = "waiter", Lock = "driver lock", Waiters = ["waiter"] }],
        };

    /// <summary>The same, and the lock's page is gone too.</summary>
    public static Scenario StaleWaiterUnmapped { get; } = StaleWaiter with
    {
        Name = "stale-waiter-unmapped",
        Title = "A thread waits for a push lock of a driver that has been unloaded, and the lock's page is gone",
        Damage = kernel => kernel.Memory.Unmap(kernel.Lock("driver lock")),
    };

    /// <summary>A thread went back to user mode with a push lock of the kernel.</summary>
    public static Scenario UserModeOwner { get; } =
        new("user-mode-owner", "A thread waits in user mode and still owns a push lock of the kernel")
        {
            Drivers = [new("TestDriver", DriverBase)],
            Processes =
        [
            new("client.exe", 0x800) { Threads = [new("client", 0x804) { WaitReason = "UserRequest", Waited = TimeSpan.FromMinutes(5) }] },
            new("other.exe", 0x900) { Threads = [
                new("other", 0x904) { Calls = ["TestDriver!FileReadThread+1c"], Waited = TimeSpan.FromMinutes(4) }] },
        ],
            Locks = [new PushLock("device lock") { Owners = ["client"], Waiters = ["other"] }],
            Expected = [new("user-mode-owner") { Thread = "client", Lock = "device lock", Waiters = ["other"] }],
        };
}
