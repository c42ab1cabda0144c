namespace KernelImages.Scenarios;

/// <summary>
/// Owners that have ended where only the lock itself says so: KeTerminateThread looks at no resource and no mutex, so that the lock's
/// owner field goes on naming the thread (docs/kernel-facts.md). And owners that only seem to have ended.
/// </summary>
public static class EndedOwners
{
    /// <summary>A resource, on builds without lock entries as well.</summary>
    public static Scenario OfResource { get; } =
        Owner("ended-owner-resource", "A resource is owned by a thread that has ended, and no lock entry says so",
        new Resource("lock") { Owners = [Untracked], Waiters = ["waiter"] });

    /// <summary>A resource shared by a thread that has ended and one that lives.</summary>
    public static Scenario OfSharedResource { get; } =
        Owner("ended-owner-shared", "A resource is shared by a thread that has ended and one that lives",
        new Resource("lock") { Owners = [Untracked with { Shared = true }, new("living") { Shared = true }], Waiters = ["waiter"] });

    /// <summary>A resource that nobody waits for.</summary>
    public static Scenario Uncontended { get; } =
        Owner("ended-owner-uncontended", "A resource that nobody waits for is owned by a thread that has ended",
        new Resource("lock") { Owners = [Untracked] });

    /// <summary>A fast mutex.</summary>
    public static Scenario OfFastMutex { get; } =
        Owner("ended-owner-fast-mutex", "A fast mutex is owned by a thread that has ended, and no lock entry says so",
        new FastMutex("lock") { Owners = [Untracked], Waiters = ["waiter"] });

    /// <summary>A guarded mutex, which has a gate in Windows 7.</summary>
    public static Scenario OfGuardedMutex { get; } =
        Owner("ended-owner-guarded-mutex", "A guarded mutex is owned by a thread that has ended, and no lock entry says so",
        new GuardedMutex("lock") { Owners = [Untracked], Waiters = ["waiter"] });

    /// <summary>The healthy twin: all these locks, and their owners live.</summary>
    public static Scenario Living { get; } =
        new("living-owners", "A resource, a fast mutex and a guarded mutex are owned by threads that live, and no lock entry says so")
        {
            Processes = [new("System",
            4) { ParentPid = 0, Threads = [
            .. Names.SelectMany((name, i) =>
            new ThreadSpec[] { new($"owner of {name}", 0x200 + 8 * (ulong)i) { WaitReason = "Executive" },
                new($"waiter for {name}", 0x204 + 8 * (ulong)i) })] }],
            Locks =
        [
            new Resource(Names[0]) { Owners = [new($"owner of {Names[0]}") { Tracked = false }], Waiters = [$"waiter for {Names[0]}"] },
            new FastMutex(Names[1]) { Owners = [new($"owner of {Names[1]}") { Tracked = false }], Waiters = [$"waiter for {Names[1]}"] },
            new GuardedMutex(Names[2]) { Owners = [new($"owner of {Names[2]}") { Tracked = false }], Waiters = [$"waiter for {Names[2]}"] },
        ],
        };

    /// <summary>
    /// A thread on its way out runs and still owns what it releases in a moment. Two real small dumps of 26100 show such a thread:
    /// CrossThreadFlags says Terminated, State Running, and an entry is acquired.
    /// </summary>
    public static Scenario Ending { get; } = new("ending-owner", "Threads on their way out run and still own locks: no leak")
    {
        Processes =
        [
            new("app.exe", 0x700)
            {
                Threads =
                [
                    new("ending", 0x704) { Processor = 0, Ending = true, Calls = [
                    "nt!PspExitThread+200", "nt!PspTerminateThreadByPointer+53"] },
                    new("ending too", 0x708) { Ending = true, WaitReason = "Executive", Calls = [
                        "nt!PspExitThread+200", "nt!PspTerminateThreadByPointer+53"] },
                    new("first", 0x70c), new("second", 0x710),
                ],
            },
        ],
        Locks = [new PushLock("lock") { Owners = ["ending"], Waiters = ["first"] },
            new Resource("resource") { Owners = ["ending too"], Waiters = ["second"] }],
    };

    /// <summary>All of them.</summary>
    internal static IReadOnlyList<Scenario> All { get; } =
        [OfResource, OfSharedResource, Uncontended, OfFastMutex, OfGuardedMutex, Living, Ending];

    private static string[] Names => ["resource", "fast mutex", "guarded mutex"];

    private static Claim Untracked => new("ended") { Tracked = false };

    private static Scenario Owner(string name, string title, LockSpec item) => new(name, title)
    {
        Drivers = [new("TestDriver", 0xfffff807_45960000)],
        Processes =
        [
            new("System", 4)
            {
                ParentPid = 0,
                Threads = [new("ended", 0x200) { Terminated = true, Start = "TestDriver!FileMoveThread" }, new("waiter", 0x204),
                    new("living", 0x208) { WaitReason = "Executive" }],
            },
        ],
        Locks = [item],
        Expected = [new("leaked-lock") { Thread = "ended", Lock = "lock", Waiters = [
            .. item.Waiters.Select(claim => claim.Thread)], WithoutLockEntries = true }],
    };
}
