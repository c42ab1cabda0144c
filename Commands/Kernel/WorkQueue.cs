namespace LockLeak.Kernel;

/// <summary>A queue of the kernel's worker threads that has all the workers it may have, while work waits.</summary>
/// <remarks>
/// KeInitializePriQueue writes the header, KeInsertPriQueue counts what waits in SignalState, KiSwitchPriQueue links a worker into the
/// list, and ExpNewThreadNecessary adds no worker once there are MaxThreads. ThreadCount has flags from bit 14 on: one worker is just
/// being made, or they are to end (ExpCreateWorkerThread, ExpWorkerThread: https://github.com/nohuto/decompiled-pseudocode, ntoskrnl of
/// 22631.4169).
/// </remarks>
/// <param name="Address">_EX_WORK_QUEUE.</param>
/// <param name="WorkItems">Number of work items that wait.</param>
/// <param name="Workers">All its workers.</param>
internal sealed record WorkQueue(ulong Address, int WorkItems, IReadOnlyList<KernelThread> Workers)
{
    private const byte PriorityQueue = 21;
    private const ulong CountMask = 0x3FFF, Flags = 0xC000;

    /// <summary>The queue that a thread takes its work from; 0 when it is no worker.</summary>
    public static ulong Of(KernelView view, KernelThread thread) =>
        view.Layout.WorkQueue is { } fields ? view.Memory.Canonical(thread.Window.Value(fields.ThreadQueue)) : 0;

    /// <summary>
    /// Reads a queue and its workers; null unless work waits there, and it has all its workers, each of which leads back.
    /// </summary>
    public static WorkQueue? TryReadFull(KernelView view, ulong address)
    {
        if (view.Layout.WorkQueue is not { } fields || view.Memory.TryReadWindow(address, 0, fields.End) is not { } queue ||
            !IsQueue(queue, fields))
        {
            return null;
        }

        ulong count = queue.Value(fields.ThreadCount) & CountMask;
        int workItems = (int)queue.Value(fields.WorkItems);
        return workItems > 0 && count > 0 && count >= queue.Value(fields.MaxThreads) && (queue.Value(fields.ThreadCount) & Flags) == 0 &&
            ReadWorkers(view, fields, queue, (int)count) is { } workers
            ? new WorkQueue(address, workItems, workers)
            : null;
    }

    private static bool IsQueue(Window queue, WorkQueueFields fields)
    {
        ReadOnlySpan<byte> header = queue.All;
        return ObjectTypes.Of(header[0]) == PriorityQueue && header[2] == (byte)(fields.Size / 4);
    }

    /// <summary>The threads on the list of a queue; null when they are not as many as it counts, or one has another queue.</summary>
    private static List<KernelThread>? ReadWorkers(KernelView view, WorkQueueFields fields, Window queue, int count)
    {
        List<KernelThread> workers = [];
        ulong head = queue.Structure + (ulong)fields.Threads.Offset;
        ulong link = view.Memory.Canonical(queue.Value(ListEntry.Flink, fields.Threads.Offset));
        while (link != head)
        {
            if (workers.Count == count || view.Thread(new ThreadAddress(link - (ulong)fields.ThreadLink.Offset)) is not { } worker ||
                Of(view, worker) != queue.Structure)
            {
                string which = Kernel.Address.Text(queue.Structure);
                view.Notes.Add($"The list of worker threads of queue {which} breaks after {workers.Count} of {count}.");
                return null;
            }

            workers.Add(worker);
            link = view.Memory.Canonical(worker.Window.Value(ListEntry.Flink, fields.ThreadLink.Offset));
        }

        return workers.Count == count ? workers : null;
    }
}
