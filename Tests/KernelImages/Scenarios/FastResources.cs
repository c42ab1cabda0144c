namespace KernelImages.Scenarios;

/// <summary>
/// Fast resources: told by Flag bit 0, owned by owner entries that hang on threads, waited for in rings, tracked by AutoBoost.
/// From 24H2 on win32k's gpresUser is one (docs/kernel-facts.md).
/// </summary>
public static class FastResources
{
    private const uint FirstBuild1 = 17763, LastBuild1 = 22631, FirstBuild2 = 22621;

    /// <summary>Both versions of each situation.</summary>
    public static IReadOnlyList<Scenario> All { get; } = [.. new[] { 1, 2 }.SelectMany(InVersion)];

    private static IEnumerable<Scenario> InVersion(int version)
    {
        yield return Situation("exclusive",
            "A thread owns a fast resource exclusively and waits for its device, and three threads wait for it") with
        {
            Processes = [Csrss(new("owner", 0x304) { WaitReason = "Executive" }, new("w1", 0x308), new("reader", 0x30c), new("w2", 0x310))],
            Locks = [Fast() with { Owners = ["owner"], Waiters = ["w1", Shared("reader"), "w2"] }],
            ExpectedLocks = [Told(["owner"], ["w1 exclusive", "reader shared", "w2 exclusive"]) with { Exclusive = true }],
        };
        yield return Situation("shared",
            "Two threads share a fast resource and wait for their device, a writer waits, and a third reader waits behind it") with
        {
            Processes = [Csrss(new("r1", 0x304) { WaitReason = "Executive" }, new("r2", 0x308) { WaitReason = "Executive" },
                new("writer", 0x30c), new("r3", 0x310))],
            Locks = [Fast() with { Owners = [Shared("r1"), Shared("r2")], Waiters = ["writer", Shared("r3")] }],
            ExpectedLocks = [Told(["r1", "r2"], ["writer exclusive", "r3 shared"]) with { Exclusive = false, SharedOwners = 2 }],
        };
        yield return Situation("untracked", "A thread that was out of lock entries owns a fast resource, and another waits for it") with
        {
            Processes = [Csrss(new("owner", 0x304) { WaitReason = "Executive", EntriesExhausted = true }, new("waiter", 0x308))],
            Locks = [Fast() with { Owners = [new("owner") { Tracked = false }], Waiters = ["waiter"] }],
            ExpectedLocks = [Told(["owner"], ["waiter exclusive"]) with { Exclusive = true }],
        };
        yield return Situation("uncontended", "A thread that runs owns a fast resource exclusively, and nobody waits") with
        {
            Processes = [Csrss(new ThreadSpec("owner", 0x304) { Processor = 0 })],
            Locks = [Fast() with { Owners = [new("owner") { NotInTree = true }] }],
            ExpectedLocks = [Told(["owner"], []) with { Exclusive = true }],
        };
        yield return Situation("handed-over", "A fast resource was handed over to a thread that does not run yet, and another waits") with
        {
            Processes = [Csrss(new("next", 0x304), new("waiter", 0x308))],
            Locks = [Fast() with { Waiters = [new("next") { Stage = WaitStage.Woken }, "waiter"] }],
            ExpectedLocks = [Told(null, ["waiter exclusive"]) with { Exclusive = true }],
        };
        yield return Situation("disowned",
            "A thread gave a fast resource away and is back in user mode, and another waits for it: no finding") with
        {
            Processes = [Csrss(new("giver", 0x304) { WaitReason = "UserRequest" }, new("waiter", 0x308))],
            Locks = [Fast() with { Owners = [new("giver") { CrossThreadReleasable = true }], Waiters = ["waiter"] }],
            ExpectedLocks = [new("gpresUser") { Kind = "fast resource", Waiters = ["waiter exclusive"], Locked = true }],
        };
        yield return Situation("leaked", "A thread has ended with a fast resource, and nobody waits for it") with
        {
            Processes = [Csrss(new ThreadSpec("owner", 0x304) { Terminated = true })],
            Locks = [Fast() with { Owners = ["owner"] }],
            Expected = [new("leaked-entry") { Thread = "owner", Lock = "gpresUser" }],
            ExpectedLocks = [Told(["owner"], [])],
        };
        yield return Situation("deadlock", "Two threads wait for each other over a fast resource and a push lock") with
        {
            Processes = [Csrss(new("painter", 0x304), new("mover", 0x308))],
            Locks = [Fast() with { Owners = ["painter"], Waiters = [Shared("mover")] },
                new PushLock("device lock") { Owners = ["mover"], Waiters = ["painter"] }],
            Expected = [new("deadlock") { Threads = ["painter", "mover"] }],
            ExpectedLocks = [Told(["painter"], ["mover shared"])],
        };

        Scenario Situation(string name, string title) => new($"fast-resource{version}-{name}", $"{title} (version {version})")
        {
            Builds = version == 1 ? (FirstBuild1, LastBuild1) : (FirstBuild2, uint.MaxValue),
        };

        FastResource Fast() => new("gpresUser") { Version = version };
    }

    private static Claim Shared(string thread) => new(thread) { Shared = true };

    private static ProcessSpec Csrss(params ThreadSpec[] threads) => new("csrss.exe", 0x300) { Threads = threads };

    private static ExpectedLock Told(string[]? owners, string[] waiters) =>
        new("gpresUser") { Kind = "fast resource", Owners = owners, Waiters = waiters, InOrder = false, Locked = true };
}
