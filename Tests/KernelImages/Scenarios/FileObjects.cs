namespace KernelImages.Scenarios;

/// <summary>
/// The lock of a file that is used synchronously. Whoever reads from a pipe, a console or a device owns one for as long as the
/// read takes: hours, in a wait of user mode, and nothing is wrong (docs/kernel-facts.md; a real small dump of 19041).
/// </summary>
public static class FileObjects
{
    private const uint FirstTracked = 19041;

    private static readonly TimeSpan Hours = TimeSpan.FromHours(3);

    /// <summary>A read that has been going on for hours, and a write through the same handle that waits for it.</summary>
    public static Scenario Contended { get; } =
        Machine("file-object", "A thread reads from a pipe for hours, another one waits for the same file object: nothing is wrong",
        new("reader", 0x704) { WaitReason = "Executive", WaitsInUserMode = true, Waited = Hours }) with
        {
            Builds = (FirstTracked, uint.MaxValue),
            ExpectedLocks = [new("file") { Kind = "file object lock", Owners = ["reader"], Waiters = ["writer"] }],
        };

    /// <summary>The same before AutoBoost tracked such locks: there is nothing to tell of it, and nothing is wrong either.</summary>
    public static Scenario Untracked { get; } =
        Contended with { Name = "file-object-untracked", Builds = (0, FirstTracked - 1), ExpectedLocks = [] };

    /// <summary>A driver lets its caller wait with UserRequest, as many do that answer later.</summary>
    public static Scenario InvertedCall { get; } =
        Machine("file-object-inverted-call",
        "A driver answers a request later and its caller waits in user mode with UserRequest, another one waits for the file object",
        new("reader", 0x704)
        {
            WaitReason = "UserRequest",
            WaitsInUserMode = true,
            Waited = Hours,
            Calls = [
            "TestDriver!FileReadThread+1c"]
        });

    /// <summary>The user of the file runs.</summary>
    public static Scenario Running { get; } =
        Machine("file-object-running",
        "A thread of a process runs in a driver and owns the lock of a file object, another one waits for it",
        new("reader", 0x704) { Processor = 0, Calls = ["TestDriver!FileReadThread+1c", "nt!NtClose+40"] });

    /// <summary>Nobody waits for it.</summary>
    public static Scenario Uncontended { get; } = new("file-object-alone", "A thread reads from a pipe for hours: nothing is wrong")
    {
        Processes = [new("app.exe",
            0x700) { Threads = [new("reader", 0x704) { WaitReason = "Executive", WaitsInUserMode = true, Waited = Hours }] }],
        Locks = [new FileObjectLock("file") { Owners = ["reader"], FileName = @"\pipe\log", Driver = @"\FileSystem\Npfs" }],
    };

    /// <summary>The faulty twin: the thread has ended and its entry is still there.</summary>
    public static Scenario Leaked { get; } =
        Machine("file-object-leaked", "A thread has ended with the lock of a file object, another one waits for it",
        new("reader", 0x704) { Terminated = true }) with
        {
            Builds = (FirstTracked, uint.MaxValue),
            Expected = [new("leaked-entry") { Thread = "reader", Lock = "file", Waiters = ["writer"] }],
        };

    /// <summary>The other one: the user of a file waits for a push lock whose owner waits for the file.</summary>
    public static Scenario Deadlock { get; } =
        Machine("file-object-deadlock", "The user of a file object waits for a push lock whose owner waits for the file object",
        new("reader", 0x704)) with
        {
            Builds = (FirstTracked, uint.MaxValue),
            Locks = [File, new PushLock("device lock") { Owners = ["writer"], Waiters = ["reader"] }],
            Expected = [new("deadlock") { Threads = ["reader", "writer"] }],
        };

    /// <summary>All of them.</summary>
    internal static IReadOnlyList<Scenario> All { get; } = [Contended, Untracked, InvertedCall, Running, Uncontended, Leaked, Deadlock];

    private static FileObjectLock File =>
        new("file") { Owners = ["reader"], Waiters = ["writer"], FileName = @"\pipe\log", Driver = @"\FileSystem\Npfs" };

    private static Scenario Machine(string name, string title, ThreadSpec reader) => new(name, title)
    {
        Drivers = [new("TestDriver", 0xfffff807_45960000)],
        Processes = [new("app.exe",
            0x700) { Threads = [reader, new("writer", 0x708) { WaitsInUserMode = true, Waited = TimeSpan.FromMinutes(1) }] }],
        Locks = [File],
    };
}
