using KernelImages.Scenarios;

namespace KernelImages.Kernel;

/// <summary>Dispatcher objects and the wait blocks of the threads that wait for them.</summary>
internal static class WaitWriter
{
    private const ulong WaitAny = 1;
    private const ulong BlockActive = 4;
    private const int EventSize = 0x18;

    /// <summary>The _KWAIT_REASON of a thread of which the scenario names none.</summary>
    public static string ReasonOf(PlacedThread thread) => thread switch
    {
        { Spec.Terminated: true } => "WrTerminated",
        { Spec.Processor: not null } => "Executive",
        { WaitsFor: PushLock or CacheAwarePushLock or AutoExpandPushLock or BlockedPushLock } => "WrPushLock",
        { WaitsFor: FileObjectLock or RundownReference } => "Executive",
        { WaitsFor: InPageBlock } => "WrPageIn",
        { WaitsFor: FastMutex } => "WrFastMutex",
        { WaitsFor: GuardedMutex } => "WrGuardedMutex",
        { WaitsFor: Resource } => "WrResource",
        { Process.Spec.Pid: 4 } => "WrQueue",
        _ => "UserRequest",
    };

    /// <summary>A SynchronizationEvent that is not signalled.</summary>
    public static void WriteEvent(SyntheticKernel kernel, ulong address)
    {
        kernel.Typed.Set("_DISPATCHER_HEADER", address, "Type", (ulong)DispatcherType.SynchronizationEvent);
        kernel.Typed.Set("_DISPATCHER_HEADER", address, "Size", EventSize / 4);
        kernel.Typed.Set("_DISPATCHER_HEADER", address, "SignalState", 0);
        kernel.Typed.InitializeListHead("_DISPATCHER_HEADER", address, "WaitListHead");
    }

    /// <summary>Lets threads wait for a dispatcher object, in this order.</summary>
    public static void Wait(SyntheticKernel kernel, ulong dispatcher, IEnumerable<PlacedThread> threads)
    {
        List<ulong> blocks = [];
        foreach (PlacedThread thread in threads)
        {
            ulong block = thread.Address + kernel.Types.OffsetOf("_KTHREAD", "WaitBlock");
            blocks.Add(block);
            kernel.Typed.Set("_KWAIT_BLOCK", block, "Thread", thread.Address);
            kernel.Typed.Set("_KWAIT_BLOCK", block, "Object", dispatcher);
            kernel.Typed.Set("_KWAIT_BLOCK", block, "NextWaitBlock", block);
            kernel.Typed.Set("_KWAIT_BLOCK", block, "WaitType", WaitAny);
            kernel.Typed.Set("_KWAIT_BLOCK", block, "BlockState", BlockActive);
            kernel.Typed.Set("_KTHREAD", thread.Address, "WaitBlockList", block);
            kernel.Typed.Set("_KTHREAD", thread.Address, "WaitBlockCount", 1);
        }
        kernel.Typed.LinkList(dispatcher + kernel.Types.OffsetOf("_DISPATCHER_HEADER", "WaitListHead"), blocks);
    }

    /// <summary>Lets a thread wait for an event that nobody else knows.</summary>
    public static void WaitForOwnEvent(SyntheticKernel kernel, PlacedThread thread)
    {
        ulong address = kernel.Pool.Allocate(EventSize);
        WriteEvent(kernel, address);
        Wait(kernel, address, [thread]);
    }
}
