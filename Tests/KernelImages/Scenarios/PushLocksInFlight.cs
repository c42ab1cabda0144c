namespace KernelImages.Scenarios;

/// <summary>
/// Moments of push locks at which somebody is in the middle of something. None is a fault, and the next instant shows another picture.
/// </summary>
public static class PushLocksInFlight
{
    /// <summary>ExpWakePushLock has taken the queue off as a whole; it signals the waiters one after the other.</summary>
    public static Scenario Detached { get; } =
        new("push-lock-detached", "A push lock's queue has been taken off and is being woken: the lock is 0, and threads still wait")
        {
            Processes = [App(new("releaser", 0x704) { Processor = 1 }, new("w1", 0x708), new("w2", 0x70c), new("w3", 0x710))],
            Locks =
        [
            new PushLock("cache lock")
            {
                Value = 0,
                Detached = true,
                Owners = ["releaser"],
                Waiters = [new("w1") { Shared = true, Stage = WaitStage.Woken }, new("w2") { Shared = true }, new("w3") { Shared = true }],
            },
        ],
        };

    /// <summary>The same, and somebody has taken the free lock meanwhile.</summary>
    public static Scenario DetachedAndTaken { get; } = Detached with
    {
        Name = "push-lock-detached-taken",
        Title = "A push lock's queue is being woken, and another thread has taken the lock already",
        Processes = [App(new("releaser", 0x704), new("newcomer", 0x714) { Processor = 1 }, new("w1", 0x708), new("w2", 0x70c),
            new("w3", 0x710))],
        Locks = [new PushLock("cache lock") { Detached = true, Behind = "", Owners = [new("newcomer") { NotInTree = true }], Waiters = [
            "w1", "w2", "w3"] }],
        ExpectedLocks = [new("cache lock") { Owners = ["newcomer"], Locked = true }],
    };

    /// <summary>One exclusive waiter was taken out of the queue and woken; the lock is free until it runs.</summary>
    public static Scenario Woken { get; } =
        new("push-lock-woken", "A push lock is free, its next owner has been woken and does not run yet, and two threads wait")
        {
            Processes = [App(new("w1", 0x708), new("w2", 0x70c), new("w3", 0x710))],
            Locks = [new PushLock("cache lock") { Behind = "w1", Waiters = [
            new("w1") { Stage = WaitStage.Woken }, "w2", new("w3") { Shared = true }] }],
            ExpectedLocks =
            [
                new("cache lock") { Kind = "push lock", Owners = [], Waiters = ["w2 exclusive", "w3 shared"], Locked = false },
            ],
        };

    /// <summary>Somebody else was faster than the thread that was woken.</summary>
    public static Scenario WokenAndTaken { get; } = Woken with
    {
        Name = "push-lock-woken-taken",
        Title = "A push lock was taken by a thread that runs before the one that was woken for it",
        Processes = [App(new("newcomer", 0x704) { Processor = 1 }, new("w1", 0x708), new("w2", 0x70c), new("w3", 0x710))],
        Locks =
        [
            new PushLock("cache lock")
            {
                Behind = "w1",
                Owners = [new("newcomer") { NotInTree = true }],
                Waiters = [new("w1") { Stage = WaitStage.Woken }, "w2", new("w3") { Shared = true }],
            },
        ],
        ExpectedLocks = [new("cache lock") { Kind = "push lock", Owners = ["newcomer"], Waiters = [
            "w2 exclusive", "w3 shared"], Locked = true }],
    };

    /// <summary>A thread has just put itself into the queue and is at work on its order.</summary>
    public static Scenario Waking { get; } =
        new("push-lock-waking", "A thread has just queued for a push lock and puts the queue in order: the Waking bit is set")
        {
            Processes = [App(new("owner", 0x704) { WaitReason = "Executive" }, new("w1", 0x708), new("w2", 0x70c),
            new("w3", 0x710) { Processor = 1 })],
            Locks = [new PushLock("cache lock") { Waking = true, Owners = ["owner"], Waiters = [
            "w1", new("w2") { Shared = true }, new("w3") { Stage = WaitStage.Queues }] }],
            ExpectedLocks = [new("cache lock") { Kind = "push lock", Owners = ["owner"], Locked = true }],
        };

    /// <summary>The first waiter's block is in the queue before its event is written.</summary>
    public static Scenario Queueing { get; } =
        new("push-lock-queueing", "The only waiter of a push lock has just queued: its event holds what the stack held")
        {
            Processes =
            [
                App(new("bystander", 0x714), new("owner", 0x704) { WaitReason = "Executive" }, new("w1", 0x708) { Processor = 1 }),
            ],
            Locks = [new PushLock("cache lock") { Owners = ["owner"], Waiters = [new("w1") { Stage = WaitStage.Queues }] }],
            ExpectedLocks = [new("cache lock") { Kind = "push lock", Owners = ["owner"], Locked = true }],
        };

    /// <summary>A waiter that comes behind a sleeper spins before it sleeps.</summary>
    public static Scenario Spinning { get; } =
        new("push-lock-spinning", "A waiter for a push lock spins before it sleeps, behind one that sleeps")
        {
            Processes = [App(new("owner", 0x704) { Processor = 0 }, new("w1", 0x708), new("w2", 0x70c) { Processor = 1 })],
            Locks = [new PushLock("cache lock") { Owners = [new("owner") { NotInTree = true }], Waiters = [
            "w1", new("w2") { Shared = true, Stage = WaitStage.Spins }] }],
            ExpectedLocks = [new("cache lock") { Kind = "push lock", Owners = ["owner"], Waiters = [
            "w1 exclusive", "w2 shared"], Locked = true }],
        };

    private static ProcessSpec App(params ThreadSpec[] threads) => new("app.exe", 0x700) { Threads = threads };
}
