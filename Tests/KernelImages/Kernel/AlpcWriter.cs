using KernelImages.Scenarios;

namespace KernelImages.Kernel;

/// <summary>ALPC ports, one for each server, and the messages in their queues.</summary>
/// <remarks>
/// Written from AlpcpInitializePort (queues), AlpcpDispatchNewMessage (WaitingThread, _ETHREAD.AlpcMessage), AlpcpCompleteDispatchMessage
/// (end of the main queue, PortQueue), AlpcpInsertMessagePendingQueue, AlpcpReceiveMessage (ServerThread is the thread that calls it),
/// AlpcpSignalAndWait (the wait for _ETHREAD.AlpcWaitSemaphore): nohuto/decompiled-pseudocode, ntoskrnl of 22631.4169. Values of QueueType:
/// the same functions.
/// </remarks>
internal static class AlpcWriter
{
    private const string Port = "_ALPC_PORT", Message = "_KALPC_MESSAGE";
    private const ulong InMainQueue = 1, InPendingQueue = 3;
    private const ulong BlobHeader = 0x30;
    private const int SemaphoreSize = 0x20;

    public static void Write(SyntheticKernel kernel)
    {
        if (kernel.Types.SizeOf(Message) is null) return;
        foreach (IGrouping<string, PlacedThread> senders in kernel.Threads.Where(thread => thread.Spec.Message is not null)
            .GroupBy(thread => thread.Spec.Message!.Server))
        {
            ulong port = AddPort(kernel, kernel.Processes.Single(process => process.Spec.Image == senders.Key));
            foreach (PlacedThread sender in senders) AddMessage(kernel, port, sender, sender.Spec.Message!);
        }
    }

    private static ulong AddPort(SyntheticKernel kernel, PlacedProcess owner)
    {
        int size = kernel.Types.RequiredSizeOf(Port);
        ulong port = kernel.Pool.Allocate(size);
        kernel.Memory.Map(port, size);
        kernel.Typed.Set(Port, port, "OwnerProcess", owner.Address);
        foreach (string queue in (string[])["MainQueue", "LargeMessageQueue", "PendingQueue", "DirectQueue", "WaitQueue", "CanceledQueue",
            "ResourceListHead"])
            kernel.Typed.InitializeListHead(Port, port, queue);
        return port;
    }

    private static void AddMessage(SyntheticKernel kernel, ulong port, PlacedThread sender, AlpcSpec spec)
    {
        int size = kernel.Types.RequiredSizeOf(Message);
        ulong message = kernel.Pool.Allocate((int)BlobHeader + size) + BlobHeader;
        kernel.Memory.Map(message - BlobHeader, (int)BlobHeader + size);
        bool isReceived = spec.Receiver is not null || spec.ByCompletionList;
        kernel.Typed.Set(Message, message, "WaitingThread", sender.Address);
        kernel.Typed.Set(Message, message, "PortQueue", port);
        kernel.Typed.Set(Message, message, "ServerThread", spec.Receiver is { } receiver ? kernel.Thread(receiver) : 0);
        kernel.Typed.Set(Message, message, "u1.s1.QueueType", isReceived ? InPendingQueue : InMainQueue);
        kernel.Typed.AppendToList(port + kernel.Types.OffsetOf(Port, isReceived ? "PendingQueue" : "MainQueue"), message);
        kernel.Typed.Set("_ETHREAD", sender.Address, "AlpcMessage", message);
        ulong semaphore = sender.Address + kernel.Types.OffsetOf("_ETHREAD", "AlpcWaitSemaphore");
        WaitWriter.WriteObject(kernel, semaphore, DispatcherType.Semaphore, SemaphoreSize / 4, 0);
        WaitMover.Move(kernel, sender, semaphore);
    }
}
