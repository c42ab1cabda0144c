using LockLeak.Target;

namespace LockLeak.Kernel;

/// <summary>Fields that lead from a thread to its ALPC message, and from there to the port that has it.</summary>
/// <param name="ThreadMessage">_ETHREAD.AlpcMessage: the message that the thread waits for the answer to.</param>
/// <param name="ThreadSemaphore">_ETHREAD.AlpcWaitSemaphore, which it then waits for.</param>
/// <param name="Entry">_KALPC_MESSAGE.Entry, link in a queue of the port.</param>
/// <param name="PortQueue">_KALPC_MESSAGE.PortQueue: the port that has the message in one of its queues.</param>
/// <param name="WaitingThread">_KALPC_MESSAGE.WaitingThread.</param>
/// <param name="ServerThread">_KALPC_MESSAGE.ServerThread: who received the message last.</param>
/// <param name="OwnerProcess">_ALPC_PORT.OwnerProcess.</param>
/// <param name="MainQueue">_ALPC_PORT.MainQueue: messages that nobody has received yet.</param>
/// <param name="LargeMessageQueue">_ALPC_PORT.LargeMessageQueue: the same.</param>
/// <param name="PendingQueue">_ALPC_PORT.PendingQueue: messages that were received and not answered.</param>
internal sealed record AlpcFields(
    TypeField ThreadMessage, TypeField ThreadSemaphore, TypeField Entry, TypeField PortQueue, TypeField WaitingThread,
    TypeField ServerThread, TypeField OwnerProcess, TypeField MainQueue, TypeField LargeMessageQueue, TypeField PendingQueue)
{
    /// <summary>Bytes of a message that hold all that is looked at.</summary>
    public int MessageSize => Math.Max(ServerThread.Offset, Math.Max(WaitingThread.Offset, PortQueue.Offset)) + sizeof(ulong);

    /// <summary>The same of a port.</summary>
    public int PortSize => PendingQueue.Offset + PendingQueue.Size;

    /// <summary>Looks the fields up; null where a build lacks one.</summary>
    public static AlpcFields? TryResolve(ITypes types) =>
        types.Field("_KALPC_MESSAGE", "Entry") is { } entry && types.Field("_KALPC_MESSAGE", "PortQueue") is { } portQueue &&
        types.Field("_KALPC_MESSAGE", "WaitingThread") is { } waitingThread &&
        types.Field("_KALPC_MESSAGE", "ServerThread") is { } serverThread &&
        types.Field("_ALPC_PORT", "OwnerProcess") is { } ownerProcess && types.Field("_ALPC_PORT", "MainQueue") is { } mainQueue &&
        types.Field("_ALPC_PORT", "LargeMessageQueue") is { } largeMessageQueue &&
        types.Field("_ALPC_PORT", "PendingQueue") is { } pendingQueue &&
        types.Field("_ETHREAD", "AlpcMessage") is { } threadMessage && types.Field("_ETHREAD", "AlpcWaitSemaphore") is { } threadSemaphore
            ? new AlpcFields(
                threadMessage, threadSemaphore, entry, portQueue, waitingThread, serverThread, ownerProcess, mainQueue, largeMessageQueue,
                pendingQueue)
            : null;
}
