namespace KernelImages.Scenarios;

/// <summary>
/// What the last thread of a chain waits for, and why it does not run: it owns a push lock that somebody has waited for since minutes.
/// </summary>
public static class WaitEnds
{
    private const byte Read = 3, DeviceControl = 14;

    private static readonly TimeSpan Minutes = TimeSpan.FromMinutes(6);

    /// <summary>All of them, and their healthy twins.</summary>
    internal static IReadOnlyList<Scenario> All { get; } =
    [
        Hang("end-irp", "The owner of a lock waits for a read of a pipe",
            new("owner", 0x704) { WaitReason = "Executive", Irps = [new(Read, @"\FileSystem\Npfs", @"\pipe\log")] },
            new("owner") { WaitsOn = "irp", Driver = @"\FileSystem\Npfs", FileName = @"\pipe\log" }),
        Hang("end-irp-own-event", "The owner of a lock waits for the second newest of its three I/O requests, by an event of its own",
            new("owner", 0x704)
        {
            WaitReason = "Executive",
            Irps =
            [
                new(Read, @"\FileSystem\Ntfs", @"\newest") { IsAwaited = false },
                new(DeviceControl, @"\Driver\usbhub", @"\hub") { HasOwnEvent = true, StackCount = 1, Passed = 0 },
                new(Read, @"\FileSystem\Ntfs", @"\oldest") { IsAwaited = false },
            ],
        }, new("owner") { WaitsOn = "irp", Driver = @"\Driver\usbhub", FileName = @"\hub" }),
        Hang("end-irp-unsent", "The owner of a lock waits for an I/O request that no driver has", new("owner", 0x704)
        {
            WaitReason = "Executive",
            Irps = [new(Read, @"\FileSystem\Npfs", @"\pipe\log") { HasOwnEvent = true, StackCount = 2, Passed = -1 }],
        }, new("owner") { WaitsOn = "irp" }),
        Hang("end-irp-beside", "The owner of a lock waits for an event, and one of its I/O requests is under way that has nothing to do " +
            "with it", new("owner", 0x704)
        {
            WaitReason = "Executive", Irps = [new(Read, @"\FileSystem\Npfs", @"\pipe\log") { IsAwaited = false }],
        }, new("owner") { WaitsOn = "possible-irp", Driver = @"\FileSystem\Npfs", FileName = @"\pipe\log" }),
        Hang("end-irp-broken", "The list of the owner's I/O requests leads to something else",
            new("owner", 0x704) { WaitReason = "Executive" }, new("owner") { WaitsOn = "object" }) with
        {
            Damage = kernel => kernel.Typed.Set("_ETHREAD", kernel.Thread("owner"), "IrpList", kernel.Lock("lock")),
        },
        Hang("end-event", "The owner of a lock waits for an event that nobody knows", new("owner", 0x704) { WaitReason = "Executive" },
            new("owner") { WaitsOn = "object" }),
        Hang("end-page", "The owner of a lock waits for a page", new("owner", 0x704) { WaitReason = "WrPageIn" },
            new("owner") { WaitsOn = "page-in" }),
        Hang("end-delay", "The owner of a lock sleeps", new("owner", 0x704) { WaitReason = "DelayExecution" },
            new("owner") { WaitsOn = "timer" }),
        Hang("end-alpc", "The owner of a lock waits for the answer of another process", new("owner", 0x704) { WaitReason = "WrLpcReply" },
            new("owner") { WaitsOn = "alpc" }),
        Hang("end-ready", "The owner of a lock is ready to run, and no processor runs it",
            new("owner", 0x704) { Ready = true, Priority = 4 }, new("owner") { WaitsOn = "ready" }),
        Hang("end-ending", "The owner of a lock is on its way out and waits for a request that cannot be cancelled",
            new("owner", 0x704) { Ending = true, WaitReason = "Executive", Irps = [new(DeviceControl, @"\Driver\usbhub", @"\hub")] },
            new("owner") { WaitsOn = "irp", Driver = @"\Driver\usbhub" }),
        Hang("end-irp-short", "The owner of a lock waits for a read of a pipe, and others have just come: no hang",
            new("owner", 0x704) { WaitReason = "Executive", Irps = [new(Read, @"\FileSystem\Npfs", @"\pipe\log")] },
            new("owner") { WaitsOn = "irp" }, TimeSpan.FromSeconds(1)),
    ];

    private static Scenario Hang(string name, string title, ThreadSpec owner, ExpectedThread expected, TimeSpan? waited = null) =>
        new(name, title)
        {
            Processes = [new("app.exe",
            0x700) { Threads = [owner with { Waited = waited ?? Minutes }, new("waiter", 0x708) { Waited = waited ?? Minutes }] }],
            Locks = [new PushLock("lock") { Owners = ["owner"], Waiters = ["waiter"] }],
            Blocker = waited is null ? new("owner") : null,
            ExpectedThreads = [expected],
        };
}
