namespace KernelImages.Scenarios;

/// <summary>
/// The worker threads of a queue wait for locks that another thread owns, and nobody is left for the work that waits; and what only looks
/// so.
/// </summary>
public static class WorkQueues
{
    /// <summary>The first build whose layout has the queues.</summary>
    private const uint FirstKnown = 14393;

    private static readonly TimeSpan Minutes = TimeSpan.FromMinutes(4);

    /// <summary>All of them.</summary>
    internal static IReadOnlyList<Scenario> All { get; } =
    [
        Workers("work-queue-exhausted", "All workers of a queue wait for minutes, and two work items wait for one of them",
            new(All4) { WorkItems = 2 }) with
        {
            Expected = [new("exhausted-work-queue") { Waiters = All4 }],
        },
        Workers("work-queue-no-work", "All workers of a queue wait, and there is no more work: nothing is wrong but the wait", new(All4)),
        Workers("work-queue-below-maximum", "All workers of a queue wait, and the kernel may make more of them",
            new(All4) { WorkItems = 2, MaxThreads = 4096 }),
        Workers("work-queue-new-worker", "All workers of a queue wait, and the kernel is making one more",
            new(All4) { WorkItems = 2, IsMakingAWorker = true }),
        Workers("work-queue-busy", "Three workers of a queue wait, and the fourth works", new(All4) { WorkItems = 2 },
            new ThreadSpec("fourth", 0x110) { Processor = 1 }),
        Workers("work-queue-ready", "Three workers of a queue wait, and the fourth is ready to run", new(All4) { WorkItems = 1 },
            new ThreadSpec("fourth", 0x110) { Ready = true }),
        Workers("work-queue-idle",
            "Three workers of a queue wait, and the fourth is about to be woken for the work item that has just come",
            new(All4) { WorkItems = 1 },
            new ThreadSpec("fourth", 0x110) { WaitReason = "WrQueue", Waited = Minutes }),
        Workers("work-queue-moving", "Three workers of a queue wait for minutes, and the fourth has waited for a moment",
            new(All4) { WorkItems = 2 },
            new ThreadSpec("fourth", 0x110) { WaitReason = "Executive" }),
        Workers("work-queue-broken", "A queue of workers counts more of them than its list has", new(All4) { WorkItems = 2 }) with
        {
            Damage = kernel => kernel.Typed.SetQuads(kernel.Thread("second") + kernel.Types.OffsetOf("_KTHREAD", "QueueListEntry"),
                kernel.Lock("lock")),
        },
    ];

    private static string[] All4 => ["first", "second", "third", "fourth"];

    private static Scenario Workers(string name, string title, WorkQueueSpec queue, ThreadSpec? fourth = null) => new(name, title)
    {
        Builds = (FirstKnown, uint.MaxValue),
        Processes =
        [
            new("System", 4)
            {
                ParentPid = 0,
                Threads =
                [
                    Worker("first", 0x104), Worker("second", 0x108), Worker("third", 0x10c),
                    fourth ?? new("fourth", 0x110) { WaitReason = "Executive", Waited = Minutes },
                    new("owner", 0x200) { WaitReason = "Executive", Waited = Minutes },
                ],
            },
        ],
        Locks = [new PushLock("lock") { Owners = ["owner"], Waiters = ["first", "second"] },
            new FastMutex("mutex") { Owners = ["owner"], Waiters = ["third"] }],
        WorkQueues = [queue],
        Blocker = new("owner") { Blocked = 3 },
    };

    private static ThreadSpec Worker(string name, uint tid) => new(name, tid) { Waited = Minutes };
}
