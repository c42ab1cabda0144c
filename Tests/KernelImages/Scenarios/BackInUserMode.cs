namespace KernelImages.Scenarios;

/// <summary>
/// Threads that are back in user mode and own a lock of the kernel, in every way in which threads are in user mode (docs/kernel-facts.md),
/// and threads that only look like it.
/// </summary>
public static class BackInUserMode
{
    /// <summary>Since Windows 8, as the types of Windows 7 lack it.</summary>
    private const string AlertByThreadId = "WrAlertByThreadId";
    private const uint Windows8 = 9200;

    private static readonly string[] Reasons = ["UserRequest", "WrQueue", AlertByThreadId, "WrUserRequest", "WrLpcReply", "DelayExecution"];

    /// <summary>A push lock, one scenario for each wait reason.</summary>
    public static IReadOnlyList<Scenario> Waits { get; } = [.. Reasons.Select(reason => Owner(
        $"user-mode-{reason.ToLowerInvariant()}", $"A thread waits in user mode with the reason {reason} and still owns a push lock",
        new("client", 0x804) { WaitReason = reason, WaitsInUserMode = true, Waited = TimeSpan.FromMinutes(5) },
        new PushLock("device lock") { Owners = ["client"], Waiters = ["other"] }) with
    {
        Builds = (reason == AlertByThreadId ? Windows8 : 0, uint.MaxValue),
        Expected = [new("user-mode-owner") { Thread = "client", Lock = "device lock", Waiters = ["other"] }],
    })];

    /// <summary>The same thread runs in user mode: so say the registers that its processor saved.</summary>
    public static Scenario Running { get; } = Owner(
        "user-mode-running", "A thread runs in user mode and still owns a push lock",
        new("client", 0x804) { Processor = 1, RunsInUserMode = true },
        new PushLock("device lock") { Owners = ["client"], Waiters = ["other"] }) with
    {
        Expected = [new("user-mode-owner") { Thread = "client", Lock = "device lock", Waiters = ["other"] }],
    };

    /// <summary>A resource, whose owner its own owner field names on every build.</summary>
    public static Scenario OwnerOfResource { get; } = Owner(
        "user-mode-resource", "A thread waits in user mode and still owns a resource",
        new("client", 0x804) { WaitReason = "WrQueue", WaitsInUserMode = true },
        new Resource("device resource") { Owners = ["client"], Waiters = ["other"] }) with
    {
        Expected = [new("user-mode-owner") { Thread = "client", Lock = "device resource", Waiters = ["other"], WithoutLockEntries = true }],
    };

    /// <summary>The healthy twin: drivers wait in kernel mode with the same reasons while they hold a lock.</summary>
    public static Scenario KernelMode { get; } =
        new("kernel-mode-waits", "Threads wait in kernel mode with the wait reasons of user mode and own push locks: no finding")
        {
            Builds = (Windows8, uint.MaxValue),
            Processes =
        [
            new("client.exe", 0x800)
            {
                Threads =
                [
                    .. Reasons.Select((reason, i) =>
                    new ThreadSpec(reason, 0x804 +
                        4 * (ulong)i) { WaitReason = reason, WaitsInUserMode = false, Calls = ["TestDriver!FileReadThread+1c"] }),
                    .. Reasons.Select((reason, i) => new ThreadSpec($"behind {reason}", 0x904 + 4 * (ulong)i)),
                ],
            },
        ],
            Drivers = [Driver],
            Locks = [.. Reasons.Select(reason => new PushLock($"lock of {reason}") { Owners = [reason], Waiters = [$"behind {reason}"] })],
        };

    /// <summary>The healthy twin of the running one: its processor runs the kernel.</summary>
    public static Scenario RunningInKernel { get; } = Owner(
        "kernel-mode-running", "A thread of a user process runs in the kernel and owns a push lock: no finding",
        new("client", 0x804) { Processor = 1, Calls = ["TestDriver!FileReadThread+1c", "nt!NtClose+40"] },
        new PushLock("device lock") { Owners = ["client"], Waiters = ["other"] });

    /// <summary>All of them.</summary>
    internal static IReadOnlyList<Scenario> All { get; } = [.. Waits, Running, OwnerOfResource, KernelMode, RunningInKernel];

    private static DriverSpec Driver => new("TestDriver", 0xfffff807_45960000);

    private static Scenario Owner(string name, string title, ThreadSpec owner, LockSpec item) => new(name, title)
    {
        Drivers = [Driver],
        Processes =
        [
            new("client.exe", 0x800) { Threads = [owner] },
            new("other.exe", 0x900) { Threads = [
                new("other", 0x904) { Calls = ["TestDriver!FileReadThread+1c"], Waited = TimeSpan.FromMinutes(4) }] },
        ],
        Locks = [item],
    };
}
