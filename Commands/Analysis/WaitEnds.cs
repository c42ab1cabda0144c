using LockLeak.Kernel;

namespace LockLeak.Analysis;

/// <summary>What keeps a thread that others wait for and that waits for no lock itself.</summary>
internal enum WaitEndKind
{
    /// <summary>An I/O request, whose end sets the event that it waits for.</summary>
    Irp,

    /// <summary>An event; the thread has I/O requests under way, and none of them is known to set it.</summary>
    PossibleIrp,

    /// <summary>A page that is being read.</summary>
    PageIn,

    /// <summary>A time.</summary>
    Timer,

    /// <summary>The end of all uses of an object that is about to go (rundown protection).</summary>
    Rundown,

    /// <summary>The answer to an ALPC message, or the next message.</summary>
    Alpc,

    /// <summary>A queue: more work, or an I/O that completes.</summary>
    Queue,

    /// <summary>User mode waits for something of its own.</summary>
    User,

    /// <summary>The end of a thread.</summary>
    Thread,

    /// <summary>The end of a process.</summary>
    Process,

    /// <summary>Another dispatcher object, of which nothing says who will signal it.</summary>
    Object,

    /// <summary>Nothing: somebody has suspended it.</summary>
    Suspended,

    /// <summary>Nothing: it is frozen with its process.</summary>
    Frozen,

    /// <summary>Nothing: it is ready to run and no processor runs it.</summary>
    Ready,
}

/// <summary>What keeps a thread.</summary>
/// <param name="Kind">What it is.</param>
internal sealed record WaitEnd(WaitEndKind Kind)
{
    /// <summary>The I/O request that it waits for, or else the newest one that it has sent; null when neither has to do with it.</summary>
    public PendingIrp? Irp { get; init; }

    /// <summary>The driver that has the request: "\FileSystem\Npfs"; null when none has it or it cannot be read.</summary>
    public string? Driver { get; init; }

    /// <summary>The name of the file that the request is for, relative to its device; null without one.</summary>
    public string? File { get; init; }

    /// <summary>The message that it waits for the answer to; null where memory does not prove one.</summary>
    public AlpcRequest? Request { get; init; }
}

/// <summary>Says what the thread at the end of a chain waits for, or why it does not run.</summary>
/// <param name="view">The machine.</param>
/// <param name="stacks">Where threads are.</param>
internal sealed class WaitEnds(KernelView view, ThreadStacks stacks)
{
    /// <summary>The kernel's routine that waits for rundown protection; its caller keeps what it waits for on its stack.</summary>
    private const string RundownWait = "ExfWaitForRundownProtectionRelease";

    /// <summary>What keeps a thread; null when it runs, has ended, or that cannot be told.</summary>
    public WaitEnd? Of(KernelThread thread)
    {
        if (ThreadStates.IsReady(thread.State))
        {
            return new WaitEnd(WaitEndKind.Ready);
        }

        if (!thread.IsWaiting)
        {
            return null;
        }

        if (WaitReasons.IsSuspension(thread.WaitReason))
        {
            return new WaitEnd(thread.SuspendCount > 0 ? WaitEndKind.Suspended : WaitEndKind.Frozen);
        }

        if (WaitReasons.IsOfPaging(thread.WaitReason))
        {
            return new WaitEnd(WaitEndKind.PageIn);
        }

        IReadOnlyList<ulong> objects = [.. view.WaitBlocks(thread).Select(block => block.Object)];
        IReadOnlyList<PendingIrp> requests = PendingIrp.Of(view, thread);
        return requests.FirstOrDefault(request => objects.Any(request.Ends)) is { } awaited ? Of(WaitEndKind.Irp, awaited)
            : ByReason(thread) is { } kind ? new WaitEnd(kind) { Request = kind == WaitEndKind.Alpc ? AlpcRequest.Of(view, thread) : null }
            : stacks.Of(thread).Any(frame => frame.Symbol is { Module: "nt", Name: RundownWait }) ? new WaitEnd(WaitEndKind.Rundown)
            : objects.Select(ByObject).FirstOrDefault(found => found is not null) is { } byObject ? new WaitEnd(byObject)
            : requests.Count > 0 ? Of(WaitEndKind.PossibleIrp, requests[0])
            : objects.Count > 0 ? new WaitEnd(WaitEndKind.Object)
            : null;
    }

    private WaitEnd Of(WaitEndKind kind, PendingIrp irp) => new(kind)
    {
        Irp = irp,
        Driver = irp.Device == 0 ? null : IoObjects.DriverOf(view.Memory, irp.Device),
        File = irp.File == 0 ? null : IoObjects.NameOfFile(view.Memory, irp.File),
    };

    private static WaitEndKind? ByReason(KernelThread thread) =>
        WaitReasons.IsDelay(thread.WaitReason) ? WaitEndKind.Timer
        : WaitReasons.IsAlpc(thread.WaitReason) ? WaitEndKind.Alpc
        : WaitReasons.IsQueue(thread.WaitReason) ? WaitEndKind.Queue
        : thread.WaitsInUserMode && WaitReasons.IsOfUserMode(thread.WaitReason) ? WaitEndKind.User
        : null;

    private WaitEndKind? ByObject(ulong waitObject) =>
        view.Memory.TryReadByte(waitObject) is not { } header ? null : ObjectTypes.Of(header) switch
        {
            ObjectTypes.Thread => WaitEndKind.Thread,
            ObjectTypes.Process => WaitEndKind.Process,
            ObjectTypes.NotificationTimer or ObjectTypes.SynchronizationTimer => WaitEndKind.Timer,
            ObjectTypes.Queue => WaitEndKind.Queue,
            _ => null,
        };
}
