using LockLeak.Target;

namespace LockLeak.Kernel;

/// <summary>An ALPC message whose answer a thread waits for, and who has it.</summary>
/// <remarks>
/// AlpcpDispatchNewMessage writes the thread into the message and the message into the thread; AlpcpReceiveMessagePort moves the message
/// from the port's main queue to its pending queue, and AlpcpReceiveMessage notes the thread that has received it, without a reference
/// (https://github.com/nohuto/decompiled-pseudocode, ntoskrnl of 22631.4169). That thread may hand the message to another one of its
/// process: so does everybody who comes back for the next one.
/// </remarks>
/// <param name="Message">_KALPC_MESSAGE.</param>
/// <param name="Server">The process whose port has it.</param>
/// <param name="IsReceived">True when a thread of the server has taken it and not answered yet.</param>
/// <param name="Receiver">That thread; null when it is not known, or is none any more.</param>
/// <param name="IsAlone">True when the receiver has not received another message that is not answered yet.</param>
internal sealed record AlpcRequest(ulong Message, KernelProcess Server, bool IsReceived, KernelThread? Receiver, bool IsAlone)
{
    /// <summary>More messages than wait at one port; a damaged list ends here.</summary>
    private const int Most = 512;

    /// <summary>
    /// The thread that has to answer as far as can be told: it has received this message and no other one, and has not come back for more.
    /// </summary>
    public KernelThread? Answerer => IsAlone && Receiver is { IsTerminated: false } && !IsBack(Receiver) ? Receiver : null;

    /// <summary>The message that a thread waits for the answer to; null when it waits for something else, or it is not proved.</summary>
    public static AlpcRequest? Of(KernelView view, KernelThread thread)
    {
        KernelMemory memory = view.Memory;
        if (thread.WaitReason != WaitReasons.WrLpcReply || view.Layout.Alpc is not { } fields || !WaitsForSemaphore(view, thread, fields) ||
            !memory.TryReadPointer(thread.Address.Value + (ulong)fields.ThreadMessage.Offset, out ulong address) || address == 0)
        {
            return null;
        }

        if (memory.TryReadWindow(address, 0, fields.MessageSize) is not { } message ||
            memory.Canonical(message.Value(fields.WaitingThread)) != thread.Address.Value)
        {
            string where = Address.Text(address);
            view.Notes.Add($"The ALPC message of thread {thread.Address} cannot be read at {where}: it is gone, paged out or not in the " +
                "dump.");
            return null;
        }

        // Without a port the message is on its way; bit 0 of the owner marks a port whose process is about to go.
        ulong portAddress = memory.Canonical(message.Value(fields.PortQueue));
        return portAddress != 0 && memory.TryReadWindow(portAddress, 0, fields.PortSize) is { } port &&
            (port.Value(fields.OwnerProcess) & 1) == 0 &&
            view.Process(new ProcessAddress(memory.Canonical(port.Value(fields.OwnerProcess)))) is { } server
            ? InQueue(view, fields, message, port, server)
            : null;
    }

    private static bool WaitsForSemaphore(KernelView view, KernelThread thread, AlpcFields fields)
    {
        foreach (WaitBlock block in view.WaitBlocks(thread))
        {
            if (block.Object == thread.Address.Value + (ulong)fields.ThreadSemaphore.Offset)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// Goes once around the queue of the message: that it closes through the port is what other memory has not by chance.
    /// </summary>
    private static AlpcRequest? InQueue(KernelView view, AlpcFields fields, Window message, Window port, KernelProcess server)
    {
        KernelMemory memory = view.Memory;
        ulong own = message.Structure + (ulong)fields.Entry.Offset, receiver = memory.Canonical(message.Value(fields.ServerThread));
        ulong link = Next(memory, message, fields.Entry.Offset);
        TypeField? queue = null;
        bool isAlone = true;
        for (int count = 0; link != own; count++)
        {
            if (queue is null && QueueAt(fields, link - port.Structure) is { } head)
            {
                queue = head;
                link = Next(memory, port, head.Offset);
            }
            else if (count < Most && memory.TryReadWindow(link - (ulong)fields.Entry.Offset, 0, fields.MessageSize) is { } other &&
                memory.Canonical(other.Value(fields.PortQueue)) == port.Structure)
            {
                isAlone &= memory.Canonical(other.Value(fields.ServerThread)) != receiver;
                link = Next(memory, other, fields.Entry.Offset);
            }
            else
            {
                string which = Address.Text(message.Structure);
                view.Notes.Add($"The queue of ALPC port {Address.Text(port.Structure)} breaks at {Address.Text(link)}: who has message " +
                    $"{which} is not known.");
                return null;
            }
        }

        bool isReceived = queue == fields.PendingQueue;
        return queue is null ? null
            : new AlpcRequest(message.Structure, server, isReceived, isReceived ? ReceiverOf(view, receiver, server) : null, isAlone);
    }

    private static ulong Next(KernelMemory memory, Window window, int offset) => memory.Canonical(window.Value(ListEntry.Flink, offset));

    private static TypeField? QueueAt(AlpcFields fields, ulong offset) =>
        offset == (ulong)fields.PendingQueue.Offset ? fields.PendingQueue
        : offset == (ulong)fields.MainQueue.Offset ? fields.MainQueue
        : offset == (ulong)fields.LargeMessageQueue.Offset ? fields.LargeMessageQueue
        : null;

    private static KernelThread? ReceiverOf(KernelView view, ulong receiver, KernelProcess server) =>
        receiver != 0 && view.Thread(new ThreadAddress(receiver)) is { } thread && thread.Process?.Address == server.Address
            ? thread
            : null;

    /// <summary>It waits for the next message, or for more work of any kind.</summary>
    private static bool IsBack(KernelThread thread) =>
        thread.IsWaiting && (thread.WaitReason == WaitReasons.WrLpcReceive || WaitReasons.IsQueue(thread.WaitReason));
}
