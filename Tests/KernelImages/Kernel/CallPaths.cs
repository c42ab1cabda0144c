using KernelImages.Scenarios;

namespace KernelImages.Kernel;

/// <summary>What the kernel calls on a thread's way into a wait, and what called the thread's own functions.</summary>
internal static class CallPaths
{
    private static readonly string[] Switch = ["nt!KiSwapContext+76", "nt!KiSwapThread+2b5"];

    private static readonly string[] Exit =
        [.. Switch, "nt!KeTerminateThread+19f", "nt!PspExitThread+4c3", "nt!PspTerminateThreadByPointer+53"];

    private static readonly string[] Wait = [.. Switch, "nt!KiCommitThreadWait+137", "nt!KeWaitForSingleObject+256"];

    private static readonly string[] WaitForSeveral = [.. Switch, "nt!KiCommitThreadWait+137", "nt!KeWaitForMultipleObjects+2be"];

    /// <summary>The whole stack of a thread, newest call first; empty for one that runs and whose calls are not described.</summary>
    public static IReadOnlyList<string> Of(PlacedThread thread)
    {
        if (thread.Spec.Processor is not null && thread.Spec.Calls.Count == 0 && thread.WaitsFor is null) return [];
        return [.. Newest(thread), .. thread.Spec.Calls, .. Oldest(thread)];
    }

    /// <summary>
    /// True for a function that keeps the thread's wait block for a lock in its frame: of a push lock the function that acquires it
    /// (ExfAcquirePushLockExclusiveEx), of a resource that which calls ExpWaitForResource.
    /// </summary>
    public static bool HoldsWaitBlock(SyntheticKernel kernel, string function) =>
        function.StartsWith("ExfAcquirePushLock", StringComparison.Ordinal) ||
            function.StartsWith("ExpAcquireResource", StringComparison.Ordinal) ||
        function == "ExpWaitForResource" && kernel.Modules.Kernel("ExpAcquireResourceSharedLite") == 0 ||
        function is "ExBlockOnAddressPushLock" or "ExWaitForUnblockPushLock" or "ExfWaitForRundownProtectionRelease" or "NtCreateFile";

    private static string[] Newest(PlacedThread thread) => thread switch
    {
        { Spec.Terminated: true } => Exit,
        { Spec.Processor: not null, WaitsFor: { } item, Wait: { } claim } => Acquire(item, claim),
        { Spec.Processor: not null } => [],
        { Spec.Wait.Objects.Count: > 1 } => WaitForSeveral,
        { Spec.Wait: not null } => Wait,
        { WaitsFor: { } item, Wait: { } claim } => [.. Wait, .. Acquire(item, claim)],
        { Spec.Calls.Count: > 0 } => Wait,
        { Process.Spec.Pid: 4 } => [.. Switch, "nt!KiCommitThreadWait+137", "nt!KeRemoveQueueEx+24e", "nt!ExpWorkerThread+127"],
        _ => UserWait(thread.Spec.WaitReason),
    };

    private static string[] Acquire(LockSpec item, Claim claim) => item switch
    {
        BlockedPushLock => ["nt!ExTimedWaitForUnblockPushLock+9c", "nt!ExBlockOnAddressPushLock+d2|nt!ExWaitForUnblockPushLock+12"],
        RundownReference => ["nt!ExfWaitForRundownProtectionRelease+c0", "nt!ExWaitForRundownProtectionRelease+1d"],
        // The functions that wait (TurnWriter) have no published place in any build; this stands for them.
        SectionPointer or HiveWriteQueue or EofLock => ["nt!NtCreateFile+79"],
        InPageBlock => ["nt!MiDispatchFault+2b0", "nt!MmAccessFault+189", "nt!KiPageFault+35e"],
        PushLock or CacheAwarePushLock or AutoExpandPushLock when claim.Shared =>
            ["nt!ExfAcquirePushLockSharedEx+1a0|nt!ExfAcquirePushLockShared+1a0", "nt!ExAcquirePushLockSharedEx+112"],
        PushLock or CacheAwarePushLock or AutoExpandPushLock =>
            ["nt!ExfAcquirePushLockExclusiveEx+1a0|nt!ExfAcquirePushLockExclusive+1a0", "nt!ExAcquirePushLockExclusiveEx+112"],
        FastMutex => ["nt!ExpAcquireFastMutexContended+7c", "nt!ExAcquireFastMutex+9a"],
        GuardedMutex => ["nt!ExpAcquireFastMutexContended+7c", "nt!KeAcquireGuardedMutex+2c"],
        Resource or FastResource when claim.Shared =>
            ["nt!ExpWaitForResource+cf", "nt!ExpAcquireResourceSharedLite+1f7", "nt!ExAcquireResourceSharedLite+4c"],
        Resource or FastResource =>
            ["nt!ExpWaitForResource+cf", "nt!ExpAcquireResourceExclusiveLite+1f7", "nt!ExAcquireResourceExclusiveLite+4c"],
        _ => [],
    };

    /// <summary>The system calls in which threads of user mode wait.</summary>
    private static string[] UserWait(string? reason) => reason switch
    {
        "WrQueue" => [.. Switch, "nt!KiCommitThreadWait+137", "nt!KeRemoveQueueEx+24e", "nt!IoRemoveIoCompletion+98",
            "nt!NtRemoveIoCompletion+13d"],
        "WrAlertByThreadId" => [.. Switch, "nt!KiCommitThreadWait+137", "nt!KeWaitForAlertByThreadId+c4", "nt!NtWaitForAlertByThreadId+2e"],
        "WrLpcReply" => [.. Wait, "nt!AlpcpSignalAndWait+143", "nt!AlpcpReceiveSynchronousReply+56", "nt!NtAlpcSendWaitReceivePort+1c4"],
        "DelayExecution" => [.. Switch, "nt!KiCommitThreadWait+137", "nt!KeDelayExecutionThread+122", "nt!NtDelayExecution+5f"],
        _ => [.. Wait, "nt!ObWaitForSingleObject+bb", "nt!NtWaitForSingleObject+6a"],
    };

    private static string[] Oldest(PlacedThread thread) => thread switch
    {
        { Process.Spec.Pid: not (0 or 4) } => ["nt!KiSystemServiceCopyEnd+25"],
        { Spec.Terminated: true } => ["nt!PspSystemThreadStartup+71", "nt!KiStartSystemThread+34"],
        _ => ["nt!PspSystemThreadStartup+57", "nt!KiStartSystemThread+34"],
    };
}
