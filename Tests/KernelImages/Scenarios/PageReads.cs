namespace KernelImages.Scenarios;

/// <summary>
/// Pages that are being read. AutoBoost tracks the block of such a page: the thread that reads it owns the block, and others
/// that need the page wait for it with the reason WrPageIn. That happens all the time (docs/kernel-facts.md).
/// </summary>
public static class PageReads
{
    private const string PageIn = "WrPageIn";
    private const uint FirstTracked = 19041;

    /// <summary>One thread reads a page, two more wait for it.</summary>
    public static Scenario Shared { get; } =
        new("page-read", "Three threads need the same page, and one of them reads it: nothing is wrong")
        {
            Processes = [new("app.exe",
            0x700) { Threads = [new("reader", 0x704) { WaitReason = PageIn }, new("second", 0x708), new("third", 0x70c)] }],
            Builds = (FirstTracked, uint.MaxValue),
            Locks = [new InPageBlock("page") { Owners = ["reader"], Waiters = ["second", "third"] }],
            ExpectedLocks = [new("page") { Kind = "in-page block", Owners = ["reader"], Waiters = ["second", "third"], InOrder = false }],
        };

    /// <summary>The same where no lock entry tells of it.</summary>
    public static Scenario Untracked { get; } =
        Shared with { Name = "page-read-untracked", Builds = (0, FirstTracked - 1), ExpectedLocks = [] };

    /// <summary>The owner of a push lock waits for a page.</summary>
    public static Scenario UnderLock { get; } =
        new("page-read-under-lock", "The owner of a push lock reads a page, and another owner waits for the same page: nothing is wrong")
        {
            Processes = [new("app.exe",
            0x700) { Threads = [new("reader", 0x704) { WaitReason = PageIn }, new("second", 0x708), new("behind reader", 0x70c), new(
            "behind second", 0x710)] }],
            Locks =
        [
            new PushLock("first lock") { Owners = ["reader"], Waiters = ["behind reader"] },
            new PushLock("second lock") { Owners = ["second"], Waiters = ["behind second"] },
            new InPageBlock("page") { Owners = ["reader"], Waiters = ["second"] },
        ],
        };

    /// <summary>The faulty twin: a thread has ended with such an entry.</summary>
    public static Scenario Leaked { get; } =
        new("page-read-leaked", "A thread has ended with the entry of a page that it read, and another one waits for the page")
        {
            Builds = (FirstTracked, uint.MaxValue),
            Processes = [new("app.exe", 0x700) { Threads = [new("reader", 0x704) { Terminated = true }, new("second", 0x708)] }],
            Locks = [new InPageBlock("page") { Owners = ["reader"], Waiters = ["second"] }],
            Expected = [new("leaked-entry") { Thread = "reader", Lock = "page", Waiters = ["second"] }],
        };

    /// <summary>All of them.</summary>
    internal static IReadOnlyList<Scenario> All { get; } = [Shared, Untracked, UnderLock, Leaked];
}
