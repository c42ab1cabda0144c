namespace KernelImages.Scenarios;

/// <summary>Threads that went back to user mode with a lock of the kernel, and wait there in the ways that threads of today wait (docs/kernel-facts.md).</summary>
public static class UserMode
{
    /// <summary>Windows 8 brought the newest of these reasons.</summary>
    private const uint FirstBuild = 9200;

    /// <summary>A push lock and each reason.</summary>
    public static IReadOnlyList<Scenario> All { get; } =
    [
        .. new[] { "WrQueue", "WrAlertByThreadId", "WrUserRequest", "WrLpcReply", "DelayExecution" }.Select(reason =>
            new Scenario($"user-mode-{reason.ToLowerInvariant()}", $"A thread waits in user mode ({reason}) and still owns a push lock of the kernel")
            {
                Builds = (FirstBuild, uint.MaxValue),
                Processes = [Client(reason), Other],
                Locks = [new PushLock("device lock") { Owners = ["client"], Waiters = ["other"] }],
                Expected = [new("user-mode-owner") { Thread = "client", Lock = "device lock", Waiters = ["other"] }],
            }),
    ];

    /// <summary>A resource that was not disowned is no better.</summary>
    public static Scenario Resource { get; } = new("user-mode-resource", "A thread waits in user mode and still owns a resource")
    {
        Processes = [Client("UserRequest"), Other],
        Locks = [new Resource("device resource") { Owners = ["client"], Waiters = ["other"] }],
        Expected = [new("user-mode-owner") { Thread = "client", Lock = "device resource", Waiters = ["other"], WithoutLockEntries = true }],
    };

    /// <summary>
    /// AbOwnedEntryCount counts linked entries alone: it is 0 in a thread that has acquired a lock since it began to run, as in real
    /// small dumps of 19041 and 26100.
    /// </summary>
    public static Scenario OwnedCountZero { get; } = new("owned-count-zero", "A thread that runs owns a push lock, and its count of owned entries is 0")
    {
        Processes = [new("client.exe", 0x800) { Threads = [new("client", 0x804) { Processor = 0 }] }],
        Locks = [new PushLock("device lock") { Owners = [new("client") { NotInTree = true }] }],
        ExpectedThreads = [new("client") { Owns = ["device lock"] }],
    };

    private static ProcessSpec Client(string reason) =>
        new("client.exe", 0x800) { Threads = [new("client", 0x804) { WaitReason = reason, WaitsInUserMode = true, Waited = TimeSpan.FromMinutes(5) }] };

    private static ProcessSpec Other => new("other.exe", 0x900) { Threads = [new("other", 0x904) { Waited = TimeSpan.FromMinutes(4) }] };
}
