using KernelImages.Scenarios;

namespace KernelImages.Kernel;

/// <summary>_EX_WORK_QUEUEs with their workers and the work items that wait in them.</summary>
/// <remarks>
/// Written from KeInitializePriQueue (header and lists), ExpWorkQueueInitialize (MinThreads, MaxThreads), KeInsertPriQueue (SignalState
/// counts what waits), KiSwitchPriQueue (_KTHREAD.Queue and QueueListEntry at the end of the list), KeRemovePriQueue (an idle worker waits
/// for the queue with WrQueue), ExpCreateWorkerThread (0x4000 in ThreadCount while a worker is made): nohuto/decompiled-pseudocode,
/// ntoskrnl of 22631.4169.
/// </remarks>
internal static class WorkQueueWriter
{
    private const string Type = "_EX_WORK_QUEUE", Queue = "_KPRIQUEUE";
    private const ulong PriorityQueue = 21, BeingMade = 0x4000;
    private const int Priorities = 32, UsualPriority = 12, WorkItemSize = 0x20;

    public static void Write(SyntheticKernel kernel, WorkQueueSpec spec)
    {
        if (kernel.Types.SizeOf(Type) is not { } size) return;
        ulong queue = kernel.Pool.Allocate(size);
        kernel.Memory.Map(queue, size);
        kernel.Typed.Set(Queue, queue, "Header.Type", PriorityQueue);
        kernel.Typed.Set(Queue, queue, "Header.Size", (ulong)kernel.Types.RequiredSizeOf(Queue) / 4);
        kernel.Typed.Set(Queue, queue, "Header.SignalState", (ulong)spec.WorkItems);
        kernel.Typed.InitializeListHead(Queue, queue, "Header.WaitListHead");
        for (int priority = 0; priority < Priorities; priority++)
            kernel.Typed.LinkList(queue + kernel.Types.OffsetOf(Queue, $"EntryListHead[{priority}]"),
                priority == UsualPriority ? AddItems(kernel, spec.WorkItems) : []);
        kernel.Typed.Set(Queue, queue, "MaximumCount", (ulong)kernel.Scenario.Processors);
        kernel.Typed.Set(Type, queue, "ThreadCount", (uint)spec.Workers.Count | (spec.IsMakingAWorker ? BeingMade : 0));
        kernel.Typed.Set(Type, queue, "MinThreads", 1);
        kernel.Typed.Set(Type, queue, "MaxThreads", (ulong)(spec.MaxThreads ?? spec.Workers.Count));
        PlacedThread[] workers = [.. spec.Workers.Select(kernel.Placed)];
        foreach (PlacedThread worker in workers)
        {
            kernel.Typed.Set("_KTHREAD", worker.Address, "Queue", queue);
            if (worker.Spec.WaitReason == "WrQueue") WaitMover.Move(kernel, worker, queue);
        }
        kernel.Typed.LinkList(
            queue + kernel.Types.OffsetOf(Queue, "ThreadListHead"),
            workers.Select(worker => worker.Address + kernel.Types.OffsetOf("_KTHREAD", "QueueListEntry")));
    }

    private static ulong[] AddItems(SyntheticKernel kernel, int count)
    {
        ulong[] items = new ulong[count];
        for (int i = 0; i < count; i++)
        {
            items[i] = kernel.Pool.Allocate(WorkItemSize);
            kernel.Memory.Map(items[i], WorkItemSize);
        }
        return items;
    }
}
