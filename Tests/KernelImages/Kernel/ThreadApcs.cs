using KernelImages.Scenarios;

namespace KernelImages.Kernel;

/// <summary>What keeps APCs from a thread, and what an APC does that suspends it.</summary>
/// <remarks>
/// A push lock, a resource or a file object's lock is taken inside a critical region (KernelApcDisable below 0), a guarded mutex
/// inside a guarded one (SpecialApcDisable below 0):
/// https://learn.microsoft.com/windows-hardware/drivers/kernel/critical-regions-and-guarded-regions. The user of a synchronous file stays
/// inside one while it waits for its request, in user mode or not. A suspended or frozen thread waits in KiSchedulerApc for its own
/// SuspendEvent with the reason Suspended, in the mode that the APC came upon (nohuto/decompiled-pseudocode,
/// 11-26H1/ntoskrnl/KiSchedulerApc.c). Windows 7 has a semaphore there.
/// </remarks>
internal static class ThreadApcs
{
    private const string Type = "_KTHREAD", Header = "_DISPATCHER_HEADER";
    private const ulong Semaphore = 5, SemaphoreSize = 0x20;

    public static void Write(SyntheticKernel kernel)
    {
        ILookup<string, LockSpec> taken = kernel.Scenario.Locks.SelectMany(item => item.Owners.Concat(item.Waiters).Concat(item.Acquiring)
            .Select(claim => claim.Thread).Distinct().Select(thread => (thread, item))).ToLookup(pair => pair.thread, pair => pair.item);
        foreach (PlacedThread thread in kernel.Threads) Write(kernel, thread, taken[thread.Spec.Name]);
    }

    private static void Write(SyntheticKernel kernel, PlacedThread thread, IEnumerable<LockSpec> taken)
    {
        ThreadSpec spec = thread.Spec;
        bool isSuspended = spec.WaitReason == "Suspended";
        LockSpec[] locks = isSuspended || spec.Terminated ? []
            : [.. taken.Where(item => item is FileObjectLock || !IsInUserMode(kernel, thread))];
        int critical = locks.Count(item =>
            item is PushLock or CacheAwarePushLock or AutoExpandPushLock or Resource or FastResource or FileObjectLock);
        int guarded = locks.Count(item => item is GuardedMutex);
        kernel.Typed.Set(Type, thread.Address, "KernelApcDisable", (ushort)(spec.KernelApcDisable ?? -critical));
        kernel.Typed.Set(Type, thread.Address, "SpecialApcDisable", (ushort)(spec.SpecialApcDisable ?? -guarded));
        kernel.Typed.Set(Type, thread.Address, "SuspendCount", spec.SuspendCount);
        kernel.Typed.Set(Type, thread.Address, "FreezeCount", spec.Frozen ? 1u : 0);
        if (spec.Frozen) kernel.Typed.Set("_KPROCESS", thread.Process.Address, "FreezeCount", 1);
        if (isSuspended) WaitToBeResumed(kernel, thread);
    }

    private static bool IsInUserMode(SyntheticKernel kernel, PlacedThread thread) =>
        thread.Spec.RunsInUserMode || (thread.Spec.Processor is null && kernel.Typed.Get(Type, thread.Address, "WaitMode") != 0);

    /// <summary>Lets a suspended thread wait for what resumes it, and no longer for what ThreadWriter has found for it.</summary>
    private static void WaitToBeResumed(SyntheticKernel kernel, PlacedThread thread)
    {
        bool isEvent = kernel.Types.Field(Type, "SuspendEvent") is not null;
        ulong dispatcher = thread.Address + kernel.Types.OffsetOf(Type, isEvent ? "SuspendEvent" : "SuspendSemaphore");
        WaitWriter.WriteEvent(kernel, dispatcher);
        if (!isEvent)
        {
            kernel.Typed.Set(Header, dispatcher, "Type", Semaphore);
            kernel.Typed.Set(Header, dispatcher, "Size", SemaphoreSize / 4);
        }
        kernel.Typed.Set(Type, thread.Address, "SuspendSchedulerApcWait", 1);
        WaitMover.Move(kernel, thread, dispatcher);
    }
}
