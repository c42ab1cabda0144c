namespace KernelImages.Scenarios;

/// <summary>
/// The machine behind a bug check's parameters: a thread owns a lock, another one waits for it, and nothing else is wrong. Names and
/// parameters of the bug checks are those of https://learn.microsoft.com/windows-hardware/drivers/debugger/bug-check-code-reference2;
/// where that has no page, the function that raises the bug check is named.
/// </summary>
internal static class BugCheckMachine
{
    /// <summary>An address at which there is nothing.</summary>
    public const ulong Hidden = 0xffffc788_0badcafe;

    /// <summary>What a thread waits with that waits for a device.</summary>
    public const string Device = "Executive";

    public static TimeSpan Minutes => TimeSpan.FromMinutes(5);

    public static DriverSpec Driver => new("TestDriver", 0xfffff807_45960000);

    public static Resource HeldResource => new("lock") { Owners = ["owner"], Waiters = ["waiter"] };

    public static PushLock HeldPushLock => new("lock") { Owners = ["owner"], Waiters = ["waiter"] };

    public static ProcessSpec SystemProcess(params ThreadSpec[] threads) => new("System", 4) { ParentPid = 0, Threads = threads };

    /// <summary>The machine with a lock of some kind.</summary>
    public static Scenario Machine(string code, string title, LockSpec item) => new($"bugcheck{code}", title)
    {
        Drivers = [Driver],
        Processes =
        [
            SystemProcess(
                new("owner", 0x304) { WaitReason = Device, Calls = ["TestDriver!FileReadThread+1c"], Waited = Minutes },
                new("waiter", 0x308) { Waited = Minutes }),
        ],
        Locks = [item],
    };
}
