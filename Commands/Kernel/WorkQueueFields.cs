using LockLeak.Target;

namespace LockLeak.Kernel;

/// <summary>Fields of the queues from which the kernel's worker threads take their work.</summary>
/// <param name="WorkItems">_KPRIQUEUE.Header.SignalState: number of work items that wait.</param>
/// <param name="Threads">_KPRIQUEUE.ThreadListHead: its workers, linked through _KTHREAD.QueueListEntry.</param>
/// <param name="ThreadCount">_EX_WORK_QUEUE.ThreadCount.</param>
/// <param name="MaxThreads">_EX_WORK_QUEUE.MaxThreads.</param>
/// <param name="Size">sizeof(_KPRIQUEUE), which its header carries in units of 4 bytes.</param>
/// <param name="ThreadQueue">_KTHREAD.Queue.</param>
/// <param name="ThreadLink">_KTHREAD.QueueListEntry.</param>
internal sealed record WorkQueueFields(
    TypeField WorkItems, TypeField Threads, TypeField ThreadCount, TypeField MaxThreads, int Size, TypeField ThreadQueue,
    TypeField ThreadLink)
{
    /// <summary>Bytes of a queue that hold all that is looked at.</summary>
    public int End => Math.Max(ThreadCount.Offset + ThreadCount.Size, MaxThreads.Offset + MaxThreads.Size);

    /// <summary>Looks the fields up; null where a build lacks one, or has its queues in another way.</summary>
    public static WorkQueueFields? TryResolve(ITypes types) =>
        types.SizeOf("_KPRIQUEUE") is { } size && types.Field("_EX_WORK_QUEUE", "WorkPriQueue") is { Offset: 0 } &&
        types.Field("_KPRIQUEUE", "Header.SignalState") is { } workItems && types.Field("_KPRIQUEUE", "ThreadListHead") is { } threads &&
        types.Field("_EX_WORK_QUEUE", "ThreadCount") is { } threadCount && types.Field("_EX_WORK_QUEUE", "MaxThreads") is { } maxThreads &&
        types.Field("_KTHREAD", "Queue") is { } threadQueue && types.Field("_KTHREAD", "QueueListEntry") is { } threadLink
            ? new WorkQueueFields(workItems, threads, threadCount, maxThreads, size, threadQueue, threadLink)
            : null;
}
