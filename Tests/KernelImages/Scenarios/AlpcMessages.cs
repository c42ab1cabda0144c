namespace KernelImages.Scenarios;

/// <summary>
/// The owner of a push lock, for which somebody has waited since minutes, waits for the answer to an ALPC message: who has the message, and
/// what that thread waits for.
/// </summary>
public static class AlpcMessages
{
    /// <summary>The first build whose layout has ports and messages, and all of whose later ones have them as well.</summary>
    private const uint FirstKnown = 14393;

    private const byte Write = 4;

    private static readonly TimeSpan Minutes = TimeSpan.FromMinutes(6);

    /// <summary>All of them, and their healthy twins.</summary>
    internal static IReadOnlyList<Scenario> All { get; } =
    [
        // Server threads stand for those that a program's thread pool has: they come from user mode and wait in the kernel for what they
        // need there.
        Hang("alpc-received", "The owner of a lock waits for a server, whose thread has received the message and waits for a disk",
            new("server") { WaitsOn = "irp", Driver = @"\Driver\disk" },
            new AlpcSpec(Server) { Receiver = "server" },
            new ThreadSpec("server", 0x904) { WaitReason = "Executive", Irps = [new(Write, @"\Driver\disk", @"\log")] }) with
        {
            Blocker = new("server") { Blocked = 2 },
            ExpectedThreads = [new("owner") { WaitsOn = "alpc", Server = Server, Receiver = "server" },
                new("server") { WaitsOn = "irp", Driver = @"\Driver\disk" }],
        },
        Hang("alpc-lock", "The owner of a lock waits for a server, whose thread waits for another lock",
            new("holder") { WaitsOn = "timer" }, new AlpcSpec(Server) { Receiver = "server" },
            new ThreadSpec("server", 0x904), new ThreadSpec("holder", 0x908) { WaitReason = "DelayExecution" }) with
        {
            Locks = [new PushLock("lock") { Owners = ["owner"], Waiters = ["waiter"] },
                new FastMutex("mutex") { Owners = ["holder"], Waiters = ["server"] }],
            Blocker = new("holder") { Blocked = 3 },
        },
        Hang("alpc-twice", "The owner of a lock waits for a server, which waits for another server", new("second") { WaitsOn = "page-in" },
            new AlpcSpec(Server) { Receiver = "first" },
            new ThreadSpec("first", 0x904) { WaitReason = "WrLpcReply", Message = new(Second) { Receiver = "second" } }) with
        {
            Blocker = new("second") { Blocked = 3 },
            ExpectedThreads =
            [
                new("owner") { WaitsOn = "alpc", Server = Server, Receiver = "first" },
                new("first") { WaitsOn = "alpc", Server = Second, Receiver = "second" },
                new("second") { WaitsOn = "page-in" },
            ],
        },
        Hang("alpc-queued", "The owner of a lock waits for a server that has not received the message",
            new("owner") { WaitsOn = "alpc", Server = Server },
            new AlpcSpec(Server), new ThreadSpec("server", 0x904) { WaitReason = "Executive" }),
        Hang("alpc-completion-list", "The owner of a lock waits for a server that has received the message in user mode",
            new("owner") { WaitsOn = "alpc", Server = Server },
            new AlpcSpec(Server) { ByCompletionList = true }, new ThreadSpec("server", 0x904)),
        // What looks like the first one, and is not: the receiver has nothing to do with the message any more, or cannot be told.
        Hang("alpc-handed-on", "The owner of a lock waits for a server, whose thread has handed the message on and waits for the next one",
            new("owner") { WaitsOn = "alpc", Server = Server, Receiver = "server" }, new AlpcSpec(Server) { Receiver = "server" },
            new ThreadSpec("server", 0x904) { WaitReason = "WrLpcReceive" }),
        Hang("alpc-several", "The owner of a lock waits for a server, whose thread has received another message since and waits for a disk",
            new("owner") { WaitsOn = "alpc", Server = Server, Receiver = "server" }, new AlpcSpec(Server) { Receiver = "server" },
            new ThreadSpec("server", 0x904) { WaitReason = "Executive" },
            new ThreadSpec("other", 0x908) { WaitReason = "WrLpcReply", Message = new(Server) { Receiver = "server" } }),
        Hang("alpc-receiver-gone",
            "The owner of a lock waits for a server, whose thread has gone, and its memory is a thread of another process",
            new("owner") { WaitsOn = "alpc", Server = Server }, new AlpcSpec(Server) { Receiver = "waiter" },
            new ThreadSpec("server", 0x904)),
        Hang("alpc-other-message", "The owner of a lock waits for an answer, and its message field leads to a message of somebody else",
            new("owner") { WaitsOn = "alpc" },
            new AlpcSpec(Server) { Receiver = "server" }, new ThreadSpec("server", 0x904) { WaitReason = "Executive" }) with
        {
            Damage = kernel => kernel.Typed.Set("_KALPC_MESSAGE", MessageOf(kernel), "WaitingThread", kernel.Thread("waiter")),
        },
        Hang("alpc-queue-broken", "The owner of a lock waits for a server, and the queue that the message is in leads nowhere",
            new("owner") { WaitsOn = "alpc" },
            new AlpcSpec(Server) { Receiver = "server" }, new ThreadSpec("server", 0x904) { WaitReason = "Executive" }) with
        {
            Damage = kernel => kernel.Typed.SetQuads(MessageOf(kernel), kernel.Lock("lock")),
        },
        Hang("alpc-circle", "The owner of a lock waits for a server, whose thread waits for the lock",
            new("owner") { WaitsOn = "alpc", Server = Server, Receiver = "server" },
            new AlpcSpec(Server) { Receiver = "server" }, new ThreadSpec("server", 0x904)) with
        {
            Locks = [new PushLock("lock") { Owners = ["owner"], Waiters = ["waiter", "server"] }],
            Blocker = null,
            Expected = [new("deadlock") { Threads = ["owner", "server"], Waiters = ["waiter"], IsSuspect = true }],
            ExpectedThreads = [],
        },
        Hang("alpc-short", "The owner of a lock waits for a server, and others have just come: no hang", new("server") { WaitsOn = "irp" },
            new AlpcSpec(Server) { Receiver = "server" },
            new ThreadSpec("server", 0x904) { WaitReason = "Executive", Irps = [new(Write, @"\Driver\disk", @"\log")] }) with
        {
            Processes = Processes(TimeSpan.FromSeconds(1), new(Server) { Receiver = "server" },
                [new("server", 0x904) { WaitReason = "Executive", Irps = [new(Write, @"\Driver\disk", @"\log")] }]),
            Blocker = null,
        },
    ];

    private static string Server => "svchost.exe";

    private static string Second => "lsass.exe";

    private static Scenario Hang(string name, string title, ExpectedThread expected, AlpcSpec message, params ThreadSpec[] servers) =>
        new(name, title)
        {
            Builds = (FirstKnown, uint.MaxValue),
            Processes = Processes(Minutes, message, servers),
            Locks = [new PushLock("lock") { Owners = ["owner"], Waiters = ["waiter"] }],
            Blocker = new("owner"),
            ExpectedThreads = [expected],
        };

    private static IReadOnlyList<ProcessSpec> Processes(TimeSpan waited, AlpcSpec message, ThreadSpec[] servers) =>
    [
        new("app.exe", 0x700) { Threads = [
        new("owner", 0x704) { WaitReason = "WrLpcReply", Message = message, Waited = waited }, new("waiter", 0x708) { Waited = waited }] },
        new(Server, 0x900) { Threads = [.. servers.Select(server => server with { Waited = waited })] },
        new(Second, 0x300) { Threads = [new("second", 0x304) { WaitReason = "WrPageIn", Waited = waited }] },
    ];

    private static ulong MessageOf(Kernel.SyntheticKernel kernel) => kernel.Typed.Get("_ETHREAD", kernel.Thread("owner"), "AlpcMessage");
}
