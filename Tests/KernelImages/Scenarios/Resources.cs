namespace KernelImages.Scenarios;

/// <summary>
/// Resources. No lock entry tells of them: the owner table names owners and shared waiters, and from Windows 10 on rings of wait
/// blocks name all waiters (docs/kernel-facts.md).
/// </summary>
public static class Resources
{
    /// <summary>A shared waiter is entered into the owner table before it waits.</summary>
    public static Scenario SharedWaiter { get; } =
        new("resource-shared-waiter",
        "A thread waits to share a resource that a running thread owns exclusively: it is in the owner table and no owner")
        {
            Processes = [Volume(new("writer", 0x304) { Processor = 0 }, new("reader", 0x308))],
            Locks = [new Resource("file resource") { Owners = ["writer"], Waiters = [Shared("reader")] }],
            ExpectedLocks = [Told("file resource", ["writer"], ["reader shared"]) with { Exclusive = true }],
        };

    /// <summary>The same where entries track it, which kernels do not do.</summary>
    public static Scenario SharedWaiterWithEntry { get; } = SharedWaiter with
    {
        Name = "resource-shared-waiter-entry",
        Title = "A thread waits to share a resource that a running thread owns exclusively, and both have lock entries",
        Locks = [new Resource("file resource") { HasEntries = true, Owners = ["writer"], Waiters = [Shared("reader")] }],
    };

    /// <summary>Waiters of both modes; their waits begin anew every four seconds.</summary>
    public static Scenario Queue { get; } =
        new("resource-queue", "Four threads of both modes have waited for a resource for ten minutes, and its owner waits for its disk")
        {
            Processes =
        [
            Volume(
                new("owner", 0x304) { WaitReason = "Executive", Waited = TimeSpan.FromMinutes(10) },
                new("r1", 0x310) { Waited = TimeSpan.FromMinutes(10) },
                new("w1", 0x314) { Waited = TimeSpan.FromMinutes(9) },
                new("r2", 0x318) { Waited = TimeSpan.FromMinutes(8) },
                new("w2", 0x31c) { Waited = TimeSpan.FromMinutes(7) }),
        ],
            Locks = [new Resource("file resource") { Owners = ["owner"], Waiters = [Shared("r1"), "w1", Shared("r2"), "w2"] }],
            ExpectedLocks = [Told("file resource", ["owner"],
            ["r1 shared", "w1 exclusive", "r2 shared", "w2 exclusive"]) with { InOrder = false, Exclusive = true }],
            ExpectedThreads = [new("r1") { WaitsFor = "file resource", WaitIsLowerBound = true },
            new("w1") { WaitsFor = "file resource", WaitIsLowerBound = true }],
        };

    /// <summary>Who waits shared behind an exclusive waiter takes the resource's own entry when it is free.</summary>
    public static Scenario WaiterInOwnEntry { get; } =
        new("resource-waiter-in-own-entry",
        "Two threads share a resource and are in its table; a third waits behind a writer and has the entry in the resource itself")
        {
            Processes = [Volume(new("r1", 0x304) { WaitReason = "Executive" }, new("r2", 0x308) { WaitReason = "Executive" },
            new("writer", 0x30c), new("r3", 0x310))],
            Locks = [new Resource("file resource") { OwnEntryIsFree = true, Owners = [Shared("r1"), Shared("r2")], Waiters = [
            "writer", Shared("r3")] }],
            ExpectedLocks = [Told("file resource", ["r1", "r2"],
            ["writer exclusive", "r3 shared"]) with { InOrder = false, Exclusive = false, SharedOwners = 2 }],
        };

    /// <summary>A thread that shares a resource waits for it exclusively, and nobody else can end that.</summary>
    public static Scenario WaitsForItself { get; } =
        new("resource-waits-for-itself", "A thread waits exclusively for a resource that it shares: a deadlock with itself")
        {
            Processes = [Volume(new("upgrader", 0x304), new("reader", 0x308) { WaitReason = "Executive" }, new("late", 0x30c))],
            Locks =
            [
                new Resource("file resource") { Owners = [Shared("upgrader"), Shared("reader")], Waiters = ["upgrader", Shared("late")] },
            ],
            Expected = [new("deadlock") { Threads = ["upgrader"], Waiters = ["late"], WithoutLockEntries = true }],
            ExpectedLocks = [Told("file resource", ["upgrader", "reader"], ["upgrader exclusive", "late shared"]) with { InOrder = false }],
        };

    /// <summary>Acquired three times by its owner.</summary>
    public static Scenario Recursive { get; } =
        new("resource-recursive", "A thread that runs has acquired a resource three times, and another waits for it")
        {
            Processes = [Volume(new("owner", 0x304) { Processor = 1 }, new("waiter", 0x308))],
            Locks = [new Resource("file resource") { Owners = [new("owner") { Recursion = 3 }], Waiters = ["waiter"] }],
            ExpectedLocks = [Told("file resource", ["owner"], ["waiter exclusive"])],
        };

    /// <summary>An exclusive owner made itself a shared one, which woke a reader; a writer goes on waiting.</summary>
    public static Scenario Converted { get; } =
        new("resource-converted", "The owner of a resource has just made itself a shared owner and woken a reader, and a writer waits")
        {
            Processes = [Volume(new("converter", 0x304) { Processor = 1 }, new("reader", 0x308), new("writer", 0x30c))],
            Locks = [new Resource("file resource") { Owners = [Shared("converter")], Waiters = [
            Shared("reader") with { Stage = WaitStage.Woken }, "writer"] }],
            ExpectedLocks = [Told("file resource", null, ["writer exclusive"]) with { Exclusive = false }],
        };

    /// <summary>The next exclusive owner is written down before it runs.</summary>
    public static Scenario HandedOver { get; } =
        new("resource-handed-over", "A resource was handed over to a thread that does not run yet, and another waits")
        {
            Processes = [Volume(new("next", 0x304), new("waiter", 0x308))],
            Locks = [new Resource("file resource") { Waiters = [new("next") { Stage = WaitStage.Woken }, "waiter"] }],
            ExpectedLocks = [Told("file resource", null, ["waiter exclusive"]) with { Exclusive = true }],
        };

    /// <summary>Shared owners to be, both in the table and both not run yet.</summary>
    public static Scenario ReadersWoken { get; } =
        new("resource-readers-woken", "A resource was handed over to two readers that do not run yet, and a writer waits")
        {
            Processes = [Volume(new("r1", 0x304), new("r2", 0x308), new("writer", 0x30c))],
            Locks = [new Resource("file resource") { Waiters = [
            Shared("r1") with { Stage = WaitStage.Woken }, Shared("r2") with { Stage = WaitStage.Woken }, "writer"] }],
            ExpectedLocks = [Told("file resource", null, ["writer exclusive"]) with { Exclusive = false }],
        };

    /// <summary>Disowned: whoever completes the request will release it. So the thread that acquired it closes no circle.</summary>
    public static Scenario PointerCircle { get; } =
        new("resource-pointer-circle",
        "A thread gave a resource away and waits for a lock of a thread that waits for the resource: no deadlock")
        {
            Processes = [Volume(new("giver", 0x304), new("holder", 0x308))],
            Locks =
        [
            new Resource("file resource") { Owners = [new("giver") { Pointer = OwnerPointer.Thread }], Waiters = ["holder"] },
            new PushLock("stream lock") { Owners = ["holder"], Waiters = ["giver"] },
        ],
            ExpectedLocks = [new("file resource") { Kind = "resource", Waiters = ["holder exclusive"], Locked = true },
            new("stream lock") { Owners = ["holder"], Waiters = ["giver exclusive"] }],
        };

    /// <summary>One of three shared owners is a pointer.</summary>
    public static Scenario PointerAmongOwners { get; } =
        new("resource-pointer-among-owners", "Three own a resource shared, one of them by a pointer of its driver, and a writer waits")
        {
            Processes = [Volume(new("r1", 0x304) { WaitReason = "Executive" }, new("giver", 0x308),
            new("r2", 0x30c) { WaitReason = "Executive" }, new("writer", 0x310))],
            Locks = [new Resource("file resource") { Owners = [
            Shared("r1"), Shared("giver") with { Pointer = OwnerPointer.Structure }, Shared("r2")], Waiters = ["writer"] }],
            ExpectedLocks = [Told("file resource", ["r1", "r2"], ["writer exclusive"]) with { Exclusive = false, SharedOwners = 3 }],
        };

    /// <summary>The end of a thread does not look at its resources (KeTerminateThread).</summary>
    public static Scenario OwnerEnded { get; } = new("resource-owner-ended", "A thread has ended with a resource that another waits for")
    {
        Processes = [Volume(new("ended", 0x304) { Terminated = true }, new("waiter", 0x308) { Waited = TimeSpan.FromMinutes(20) })],
        Locks = [new Resource("file resource") { Owners = ["ended"], Waiters = ["waiter"] }],
        Expected = [new("leaked-lock") { Thread = "ended", Lock = "file resource", Waiters = ["waiter"], WithoutLockEntries = true }],
        ExpectedLocks = [Told("file resource", ["ended"], ["waiter exclusive"])],
    };

    /// <summary>The owner's last reference went, and its page with it.</summary>
    public static Scenario OwnerUnmapped { get; } =
        Gone(GoneOwner.Nothing, "resource-owner-unmapped", "The owner of a resource is gone, and so is its memory");

    /// <summary>The owner's memory holds text now.</summary>
    public static Scenario OwnerIsText { get; } =
        Gone(GoneOwner.Text, "resource-owner-text", "The owner of a resource is gone, and its memory holds text");

    /// <summary>The owner's memory holds an event now.</summary>
    public static Scenario OwnerIsEvent { get; } =
        Gone(GoneOwner.Event, "resource-owner-event", "The owner of a resource is gone, and its memory holds an event");

    /// <summary>The kernel's own mark says possible, and here nothing is wrong but a slow disk.</summary>
    public static Scenario PossibleDeadlock { get; } =
        new("resource-possible-deadlock", "The kernel has marked a resource as possibly deadlocked, and its owner waits for its disk")
        {
            Processes =
            [
                Volume(new("owner", 0x304) { WaitReason = "Executive" }, new("waiter", 0x308) { Waited = TimeSpan.FromMinutes(40) }),
            ],
            Locks = [new Resource("file resource") { PossibleDeadlock = true, Owners = ["owner"], Waiters = ["waiter"] }],
            ExpectedLocks = [Told("file resource", ["owner"], ["waiter exclusive"])],
        };

    /// <summary>Waits for resources have timeouts, and begin anew: a circle of them is one all the same.</summary>
    public static Scenario Deadlock { get; } = new("deadlock-resources", "Two threads took two resources in opposite order")
    {
        Processes = [Volume(new("mover", 0x304) { Waited = TimeSpan.FromMinutes(8) },
            new("lister", 0x308) { Waited = TimeSpan.FromMinutes(8) })],
        Locks = [new Resource("source") { Owners = [Shared("mover")], Waiters = ["lister"] },
            new Resource("target") { Owners = ["lister"], Waiters = [Shared("mover")] }],
        Expected = [new("deadlock") { Threads = ["mover", "lister"], WithoutLockEntries = true }],
        ExpectedLocks = [Told("source", ["mover"], ["lister exclusive"]), Told("target", ["lister"], ["mover shared"])],
    };

    private static Scenario Gone(GoneOwner gone, string name, string title) => new(name, title)
    {
        Processes = [Volume(new("waiter", 0x308) { Waited = TimeSpan.FromMinutes(20) },
            new("reader", 0x30c) { Waited = TimeSpan.FromMinutes(19) })],
        Locks = [new Resource("file resource") { Gone = gone, Waiters = ["waiter", Shared("reader")] }],
        Expected = [new("leaked-lock") { Lock = "file resource", Waiters = ["waiter", "reader"], WithoutLockEntries = true }],
        ExpectedLocks = [Told("file resource", [], ["waiter exclusive", "reader shared"]) with { InOrder = false }],
    };

    private static Claim Shared(string thread) => new(thread) { Shared = true };

    private static ProcessSpec Volume(params ThreadSpec[] threads) => new("System", 4) { ParentPid = 0, Threads = threads };

    private static ExpectedLock Told(string name, string[]? owners, string[] waiters) =>
        new(name) { Kind = "resource", Owners = owners, Waiters = waiters, Locked = true, WithoutLockEntries = true };
}
