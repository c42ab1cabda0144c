namespace KernelImages.Scenarios;

/// <summary>Machines whose small dumps hold more, or less, than one would think. As full dumps nothing is wrong with them.</summary>
public static class SmallDumps
{
    private const int Workers = 18;

    /// <summary>A small dump of 0x9F holds the worker threads of the System process whole, and not the process.</summary>
    public static Scenario PowerFailure { get; } =
        new("small-dump-workers", "0x9F: the small dump holds 18 worker threads and not their process")
        {
            BugCheck = new(0x9f, _ =>
                [3, 0xffffd680_0a1b2060, 0xffffd007_d6287ba0,
            0xffffd680_0c3d4010])
            { Thread = "watchdog", Name = "DRIVER_POWER_STATE_FAILURE" },
            Processes =
        [
            new("System", 4)
            {
                ParentPid = 0,
                Threads =
                [
                    .. Enumerable.Range(1, Workers).Select(i => new ThreadSpec($"worker {i}", 0x3c0 + 4 * (ulong)i)
                    {
                        InSmallDump = true,
                        WaitReason = i == 2 ? null : i % 3 == 0 ? "WrQueue" : "Executive",
                        Waited = TimeSpan.FromSeconds(i),
                    }),
                ],
            },
            new("Idle", 0) { Threads = [new("watchdog", 0) { Processor = 0, Calls = ["nt!KeBugCheckEx"] }] },
        ],
            // Two of them own locks, which the dump does not hold.
            Locks = [new PushLock("driver lock") { Owners = ["worker 1"], Waiters = ["worker 2"] },
            new Resource("resource") { Owners = ["worker 4"] }],
        };

    /// <summary>A small dump of a bug check that has nothing to do with locks: the thread at hand owns one.</summary>
    public static Scenario OwnerAtHand { get; } =
        new("small-dump-owner", "A thread of a process ran into a bug check that has nothing to do with the push lock that it owns")
        {
            BugCheck = new(0x50, _ => [0xffff8083_5941ddc0, 0, 0xfffff800_afa65df0, 2]) { Thread = "reader" },
            Processes = [new("app.exe",
            0x2efc) { Threads = [new(
            "reader", 0x4340) { Processor = 0, ContextSwitches = 10511, Calls = [
            "nt!KeBugCheckEx", "nt!ObpRemoveObjectRoutine+20", "nt!NtClose+40"] }] }],
            Locks = [new PushLock("lock") { Owners = ["reader"] }],
        };

    /// <summary>All of them.</summary>
    internal static IReadOnlyList<Scenario> All { get; } = [PowerFailure, OwnerAtHand];
}
