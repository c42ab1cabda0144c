using System.Collections.Frozen;

namespace KernelImages.Kernel;

/// <summary>
/// The functions that call stacks may name, with their frame sizes: bytes from a frame's Child-SP to that of its
/// caller. The images carry unwind data of the same sizes, so that a debugger walks the stacks. KiSwapContext and
/// below have the sizes seen in the walk-through's stacks (22621); the rest are plausible.
/// </summary>
public static class StackFunctions
{
    private static readonly FrozenDictionary<string, int> Sizes = new Dictionary<string, int>
    {
        ["KeBugCheckEx"] = 0x8,
        ["KiSwapContext"] = 0x140,
        ["KiSwapThread"] = 0x150,
        ["KiCommitThreadWait"] = 0xb0,
        ["KeWaitForSingleObject"] = 0x3a0,
        ["KeWaitForMultipleObjects"] = 0x3a0,
        ["KeWaitForAlertByThreadId"] = 0x80,
        ["KeRemoveQueueEx"] = 0x80,
        ["KeDelayExecutionThread"] = 0x80,
        ["KeTerminateThread"] = 0x80,
        ["KeCleanupThreadState"] = 0x50,
        ["KeAbPreAcquire"] = 0x70,
        ["KeAbPostRelease"] = 0x40,
        ["KeAbPostReleaseEx"] = 0x40,
        ["ExfAcquirePushLockExclusiveEx"] = 0xb0,
        ["ExfAcquirePushLockExclusive"] = 0xb0,
        ["ExfAcquirePushLockSharedEx"] = 0xb0,
        ["ExfAcquirePushLockShared"] = 0xb0,
        ["ExAcquirePushLockExclusiveEx"] = 0x40,
        ["ExAcquirePushLockSharedEx"] = 0x40,
        ["ExReleasePushLockEx"] = 0x40,
        ["ExReleasePushLockExclusiveEx"] = 0x40,
        ["ExTimedWaitForUnblockPushLock"] = 0x50,
        ["ExBlockOnAddressPushLock"] = 0xa0,
        ["ExWaitForUnblockPushLock"] = 0xa0,
        ["ExfWaitForRundownProtectionRelease"] = 0xa0,
        ["ExWaitForRundownProtectionRelease"] = 0x30,
        ["MiDispatchFault"] = 0x120,
        ["MmAccessFault"] = 0x190,
        ["KiPageFault"] = 0x190,
        ["IoRemoveIoCompletion"] = 0x90,
        ["NtRemoveIoCompletion"] = 0x90,
        ["NtWaitForAlertByThreadId"] = 0x40,
        ["AlpcpSignalAndWait"] = 0x90,
        ["AlpcpReceiveSynchronousReply"] = 0x60,
        ["NtAlpcSendWaitReceivePort"] = 0xe0,
        ["ExpAcquireFastMutexContended"] = 0x80,
        ["ExAcquireFastMutex"] = 0x40,
        ["KeAcquireGuardedMutex"] = 0x40,
        ["ExpWaitForResource"] = 0x110,
        ["ExpAcquireResourceExclusiveLite"] = 0x80,
        ["ExpAcquireResourceSharedLite"] = 0x80,
        ["ExAcquireResourceExclusiveLite"] = 0x40,
        ["ExAcquireResourceSharedLite"] = 0x40,
        ["ExReleaseResourceLite"] = 0x60,
        ["ObWaitForSingleObject"] = 0x60,
        ["NtWaitForSingleObject"] = 0x40,
        ["NtDelayExecution"] = 0x40,
        ["NtClose"] = 0x40,
        ["NtCreateFile"] = 0x90,
        ["KiDispatchInterrupt"] = 0x90,
        ["KiIdleLoop"] = 0x40,
        ["KiSystemServiceCopyEnd"] = 0x180,
        ["PspThreadDelete"] = 0x70,
        ["PspReaper"] = 0x40,
        ["ObpRemoveObjectRoutine"] = 0x60,
        ["ObfDereferenceObjectWithTag"] = 0x40,
        ["PspExitThread"] = 0x100,
        ["PspTerminateThreadByPointer"] = 0x40,
        ["ExpWorkerThread"] = 0x1f0,
        ["PspSystemThreadStartup"] = 0x50,
        ["KiStartSystemThread"] = 0x30,
        ["FileCreationThread"] = 0x220,
        ["FileMoveThread"] = 0x220,
        ["FileFlushThread"] = 0x120,
        ["FileReadThread"] = 0x120,
        ["FileCopyThread"] = 0x220,
        ["DriverEntry"] = 0x50,
    }.ToFrozenDictionary();

    /// <summary>The functions with a frame.</summary>
    public static IReadOnlyDictionary<string, int> All => Sizes;

    /// <summary>The frame size of a function, which must be one of <see cref="All"/>.</summary>
    public static int FrameSize(string function) =>
        Sizes.TryGetValue(function, out int size) ? size : throw new ArgumentException($"No frame size is known of {function}.");
}
