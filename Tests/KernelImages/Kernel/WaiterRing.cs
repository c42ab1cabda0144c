using KernelImages.Memory;

namespace KernelImages.Kernel;

/// <summary>
/// The rings of wait blocks that SharedWaiters and ExclusiveWaiters of a resource point into from Windows 10 on. A block lies on
/// its waiter's stack: { Flink; Blink; Thread; KEVENT; lock entry; on 26H1 the time when the wait began }.
/// </summary>
/// <remarks>
/// Read from ExpAcquireResourceExclusiveLite (queues at the end: the resource points to the oldest), RtlInsertHeadCircularList
/// (shared waiters, the newest first) and KeCaptureWaitChainHeadEx (https://github.com/nohuto/decompiled-pseudocode, 11-23H2/ntoskrnl).
/// </remarks>
internal static class WaiterRing
{
    private const ulong Event = 0x18, LockEntry = 0x30, StartTime = 0x38;
    private const int Size = 0x38;

    /// <summary>The first build whose blocks have the time.</summary>
    private const uint TimeBuild = 28000;

    /// <summary>Writes a ring.</summary>
    /// <param name="kernel">The machine.</param>
    /// <param name="head">The resource's field.</param>
    /// <param name="waiters">The waiters in the order of the ring, with their lock entries.</param>
    public static void Write(SyntheticKernel kernel, ulong head, IReadOnlyList<(PlacedThread Thread, ulong Entry)> waiters)
    {
        ulong[] blocks = [.. waiters.Select(waiter => waiter.Thread.Stack!.WaitBlock)];
        for (int i = 0; i < blocks.Length; i++)
        {
            WriteBlock(kernel, blocks[i], blocks[(i + 1) % blocks.Length], blocks[(i + blocks.Length - 1) % blocks.Length], waiters[i]);
            WaitWriter.Wait(kernel, blocks[i] + Event, [waiters[i].Thread]);
        }
        kernel.Typed.SetQuads(head, blocks.Length > 0 ? blocks[0] : 0);
    }

    /// <summary>A waiter that was taken out of its ring and signalled: its block is a ring of its own.</summary>
    public static void WriteWoken(SyntheticKernel kernel, (PlacedThread Thread, ulong Entry) waiter)
    {
        ulong block = waiter.Thread.Stack!.WaitBlock;
        WriteBlock(kernel, block, block, block, waiter);
        WaitWriter.EndWait(kernel, block + Event, waiter.Thread);
    }

    private static void WriteBlock(SyntheticKernel kernel, ulong block, ulong next, ulong previous,
        (PlacedThread Thread, ulong Entry) waiter)
    {
        TypedMemory typed = kernel.Typed;
        kernel.Memory.Map(block, Size);
        typed.SetQuads(block, next, previous, waiter.Thread.Address);
        WaitWriter.WriteEvent(kernel, block + Event);
        typed.SetQuads(block + LockEntry, waiter.Entry);
        if (kernel.Types.Build >= TimeBuild) typed.SetQuads(block + StartTime,
            (ulong)(kernel.Scenario.Uptime - waiter.Thread.Spec.Waited).Ticks);
    }
}
