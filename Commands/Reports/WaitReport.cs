using LockLeak.Analysis;
using LockLeak.Kernel;

namespace LockLeak.Reports;

/// <summary>What a thread at the end of a chain waits for, or why it does not run.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Words">The same for people, behind "it": "waits for a page that is being read".</param>
/// <param name="Irp">The I/O request that has to do with it.</param>
/// <param name="Function">What the request asks for: "read".</param>
/// <param name="Driver">The driver that has the request: "\FileSystem\Npfs".</param>
/// <param name="Device">The device that has it.</param>
/// <param name="File">The name of the file that it is for, relative to its device.</param>
internal sealed record WaitReport(string Kind, string Words, ulong? Irp, string? Function, string? Driver, ulong? Device, string? File)
{
    /// <summary>The ALPC message that it waits for the answer to.</summary>
    public ulong? Message { get; init; }

    /// <summary>The process that has to answer.</summary>
    public ProcessAddress? Server { get; init; }

    /// <summary>Image name of that process.</summary>
    public string? ServerImage { get; init; }

    /// <summary>Its process ID.</summary>
    public long? ServerPid { get; init; }

    /// <summary>The thread of it that has received the message.</summary>
    public ThreadAddress? Receiver { get; init; }

    /// <summary>IRP_MJ_* (wdm.h), by number.</summary>
    private static readonly string[] Functions =
    [
        "create", "create named pipe", "close", "read", "write", "query information", "set information", "query EA", "set EA",
        "flush buffers", "query volume information",
        "set volume information", "directory control", "file system control", "device control", "internal device control", "shutdown",
        "lock control", "cleanup",
        "create mailslot", "query security", "set security", "power", "system control", "device change", "query quota", "set quota", "PnP",
    ];

    /// <summary>Puts into words what keeps a thread.</summary>
    internal static WaitReport Of(KernelView view, KernelThread thread, WaitEnd end)
    {
        PendingIrp? irp = end.Irp;
        string? function = irp?.Function is { } number ? number < Functions.Length ? Functions[number] : $"function 0x{number:x}" : null;
        string request = irp is null ? "" : Request(irp, function, end.Driver, end.File);
        string ending = thread.IsTerminated ? "is on its way out and " : "";
        string words = end.Kind switch
        {
            WaitEndKind.Irp => $"waits for {request}",
            WaitEndKind.PossibleIrp => $"waits with {view.Layout.WaitReasonName(thread.WaitReason)} and has sent {request}",
            WaitEndKind.PageIn => "waits for a page that is being read",
            WaitEndKind.Timer => "waits for a timer",
            WaitEndKind.Rundown => "waits until others give up what they use (rundown protection)",
            WaitEndKind.Alpc when end.Request is { } asked => Answer(asked),
            WaitEndKind.Alpc => "waits for an ALPC message",
            WaitEndKind.Queue => "waits for more work in a queue",
            WaitEndKind.User => "waits in user mode",
            WaitEndKind.Thread => "waits for a thread to end",
            WaitEndKind.Process => "waits for a process to end",
            WaitEndKind.Object => $"waits with {view.Layout.WaitReasonName(thread.WaitReason)}",
            WaitEndKind.Suspended => $"is suspended (SuspendCount {thread.SuspendCount})",
            WaitEndKind.Frozen => "is frozen with its process",
            WaitEndKind.Ready => $"is ready to run at priority {thread.Priority} and no processor runs it{Running(view)}",
        };
        return new WaitReport(Reports.Words.Of(end.Kind), ending + words, irp?.Address, function, end.Driver,
            irp is { Device: not 0 } ? irp.Device : null, end.File)
        {
            Message = end.Request?.Message,
            Server = end.Request?.Server.Address,
            ServerImage = end.Request?.Server.ImageFileName,
            ServerPid = (long?)end.Request?.Server.UniqueProcessId,
            Receiver = end.Request?.Receiver?.Address,
        };
    }

    /// <summary>Who has the message, and whether it still has it.</summary>
    private static string Answer(AlpcRequest request)
    {
        string who = request.Receiver is { } receiver ? $"thread {receiver.Address} has received"
            : request.IsReceived ? "it has received"
            : "no thread of it has received";
        string handedOn = request.Receiver is not null && request.Answerer is null ? "; that thread has gone on to others" : "";
        string server = $"{request.Server.ImageFileName} ({request.Server.UniqueProcessId:x})";
        return $"waits for {server} to answer ALPC message {Address.Text(request.Message)}, which {who}{handedOn}";
    }

    /// <summary>What the processors run instead.</summary>
    private static string Running(KernelView view)
    {
        List<int> priorities = [.. view.Target.RunningThreads.Where(running => running != 0)
            .Select(running => view.Thread(new ThreadAddress(running))?.Priority).Present().Distinct().OrderDescending()];
        return priorities.Count == 0 ? "" : $"; the processors run threads of priority {string.Join(", ", priorities)}";
    }

    private static string Request(PendingIrp irp, string? function, string? driver, string? file)
    {
        string what = function is null ? "an I/O request" : $"an I/O request ({function})";
        string of = file is null ? "" : $" for \"{file}\"";
        string who = irp.Device == 0
            ? ", which no driver has" : $", which {driver ?? "a driver that cannot be read"} has: device {Address.Text(irp.Device)}";
        return $"{what}{of}{who}, IRP {Address.Text(irp.Address)}";
    }
}
