using KernelImages.Memory;
using KernelImages.Scenarios;

namespace KernelImages.Kernel;

/// <summary>
/// _EX_PUSH_LOCK and the wait blocks on its waiters' stacks. Only the PDB of Windows 7 has the type
/// _EX_PUSH_LOCK_WAIT_BLOCK; the offsets are the same ever since.
/// </summary>
/// <remarks>
/// Read from ExfAcquirePushLockExclusiveEx, ExfAcquirePushLockSharedEx, ExpOptimizePushLockList and ExpWakePushLock
/// (https://github.com/nohuto/decompiled-pseudocode, 11-23H2/ntoskrnl).
/// </remarks>
internal static class PushLockWriter
{
    private const ulong Locked = 1, Waiting = 2, Waking = 4, MultipleShared = 8;
    private const int SharedShift = 4;
    private const ulong EventList = 8, Next = 0x18, Last = 0x20, Previous = 0x28, ShareCountAndFlags = 0x30, LockEntry = 0x38;
    private const int WaitBlockSize = 0x40;

    /// <summary>From the wait block to the register of its caller that the acquiring function saved: the lock's address.</summary>
    private const ulong SavedLock = 0x58;
    private const ulong Exclusive = 1, Spinning = 2;

    /// <summary>
    /// ShareCount of a block behind others, and of a first one whose lock is owned exclusively; both are 0 before
    /// <see cref="RecentBuild"/>.
    /// </summary>
    private const int NotFirst = -1, FirstAtExclusive = -2;

    /// <summary>The first build whose wait blocks point to the waiter's lock entry and say -2 for an exclusive owner.</summary>
    private const uint RecentBuild = 19041;

    /// <summary>The first build that zeroes a wait block before it is used (ExfAcquirePushLockExclusiveEx: memset).</summary>
    private const uint ZeroingBuild = 22000;

    public static void Write(SyntheticKernel kernel, PushLock item, ulong address)
    {
        Claim[] queue = [.. item.Queue];
        ulong[] blocks = [.. queue.Select(claim => BlockOf(kernel, claim))];
        ulong before = queue.Length == 0 ? 0 : BlockBefore(kernel, item, address);
        for (int i = 0; i < queue.Length; i++) WriteBlock(kernel, item, queue[i], blocks, i, before);
        foreach (Claim claim in item.Waiters.Where(claim => claim.Stage == WaitStage.Woken)) WriteWoken(kernel, item, claim);
        foreach (ulong block in item.Waiters.Select(claim => BlockOf(kernel, claim))) kernel.Typed.SetQuads(block + SavedLock, address);
        kernel.Typed.SetQuads(address, item.Value ?? ValueOf(item, item.Detached ? [] : blocks));
        if (item.InStructureWithEvent) WriteStructure(kernel, item, address);
    }

    private static ulong BlockOf(SyntheticKernel kernel, Claim claim) => kernel.Placed(claim.Thread).Stack?.WaitBlock ?? 0;

    private static int SharedOwners(PushLock item) => item.Owners.Count(owner => owner.Shared);

    private static ulong ValueOf(PushLock item, ulong[] blocks)
    {
        int shared = SharedOwners(item);
        ulong value = item.Owners.Count > 0 || item.LostOwner ? Locked : 0;
        if (item.Waking) value |= Waking;
        if (blocks.Length == 0) return value | (ulong)shared << SharedShift;
        return blocks[^1] | value | Waiting | (shared > 1 || item.MultipleShared ? MultipleShared : 0);
    }

    /// <summary>
    /// A block of the queue. The newest one's Last leads to the oldest: whoever queued last has set it, unless Waking says that
    /// somebody is about to. The Last of all others is what it was when they were newest: of the second oldest it may be gone.
    /// </summary>
    private static void WriteBlock(SyntheticKernel kernel, PushLock item, Claim claim, ulong[] blocks, int index, ulong before)
    {
        TypedMemory typed = kernel.Typed;
        ulong block = blocks[index], oldest = blocks[0];
        bool isOldest = index == 0, isNewest = index == blocks.Length - 1, isUnsettled = item.Waking && blocks.Length > 1;
        // Whoever was newest at the last wake-up was told of the new oldest block.
        bool knowsOldest = isUnsettled ? index == blocks.Length - 2 : isNewest;
        kernel.Memory.Map(block, WaitBlockSize);
        WriteEvent(kernel, claim, block);
        typed.SetQuads(block + Next, isOldest ? before != 0 ? before : WhatTheStackHeld(kernel, claim) : blocks[index - 1]);
        typed.SetQuads(block + Last, isNewest && isUnsettled ? 0 : !knowsOldest && index < 2 && before != 0 ? before : oldest);
        typed.SetQuads(block + Previous, isNewest || index == blocks.Length - 2 && isUnsettled ? 0 : blocks[index + 1]);
        WriteEnd(kernel, item, claim, block, isOldest ? item.ShareCount ?? FirstShareCount(kernel, item, before) : NotFirstOn(kernel));
    }

    /// <summary>What follows the links. A waiter clears its spin flag before it sleeps.</summary>
    private static void WriteEnd(SyntheticKernel kernel, PushLock item, Claim claim, ulong block, int shareCount)
    {
        ulong flags = (claim.Shared ? 0 : Exclusive) | (claim.Stage is WaitStage.Spins or WaitStage.Queues ? Spinning : 0);
        kernel.Typed.SetQuads(block + ShareCountAndFlags, (uint)shareCount | flags << 32);
        if (kernel.Types.Build >= RecentBuild) kernel.Typed.SetQuads(block + LockEntry, kernel.Entry(claim.Thread, item.Name));
    }

    /// <summary>The event comes last of all, when the block is in the queue already.</summary>
    private static void WriteEvent(SyntheticKernel kernel, Claim claim, ulong block)
    {
        if (claim.Stage == WaitStage.Queues)
        {
            if (kernel.Types.Build < ZeroingBuild) WriteOldEvent(kernel, claim, block);
            return;
        }
        WaitWriter.WriteEvent(kernel, block);
        if (claim.Stage == WaitStage.Sleeps) WaitWriter.Wait(kernel, block, [kernel.Placed(claim.Thread)]);
    }

    /// <summary>What the stack held: an event of a wait that is over, whose list leads to a wait block of somebody else.</summary>
    private static void WriteOldEvent(SyntheticKernel kernel, Claim claim, ulong block)
    {
        WaitWriter.WriteEvent(kernel, block);
        PlacedThread other = kernel.Threads.First(thread => thread.Spec.Name != claim.Thread && thread.Process.Spec.Pid != 0);
        ulong waitBlock = other.Address + kernel.Types.OffsetOf("_KTHREAD", "WaitBlock");
        kernel.Typed.SetQuads(block + EventList, waitBlock, waitBlock);
    }

    private static void WriteWoken(SyntheticKernel kernel, PushLock item, Claim claim)
    {
        ulong block = BlockOf(kernel, claim);
        kernel.Memory.Map(block, WaitBlockSize);
        WaitWriter.WriteEvent(kernel, block);
        WaitWriter.EndWait(kernel, block, kernel.Placed(claim.Thread));
        kernel.Typed.SetQuads(block + Next, 0, block, 0);
        WriteEnd(kernel, item, claim, block, NotFirstOn(kernel));
    }

    /// <summary>
    /// The block of the thread behind which the oldest waiter queued; 0 when that one was the first. The thread may have queued
    /// again, at the same place. Else it has called other functions since, and what is left of its block lies below its stack pointer.
    /// </summary>
    private static ulong BlockBefore(SyntheticKernel kernel, PushLock item, ulong address)
    {
        string? name = item.Behind ?? (item.Owners is [{ Shared: false } owner] ? owner.Thread : null);
        if (string.IsNullOrEmpty(name)) return 0;
        if (item.Waiters.FirstOrDefault(waiter => waiter.Thread == name) is { } again) return BlockOf(kernel, again);
        ulong block = StackBuilder.DeadPart(kernel, kernel.Placed(name), address);
        WaitWriter.WriteEvent(kernel, block);
        kernel.Typed.SetQuads(block + Next, 0, block, 0);
        WriteEnd(kernel, item, name, block, FirstShareCount(kernel, item, 0));
        return block;
    }

    /// <summary>Next of a first waiter's block, which nobody writes.</summary>
    private static ulong WhatTheStackHeld(SyntheticKernel kernel, Claim claim) =>
        kernel.Types.Build >= ZeroingBuild ? 0 : kernel.Thread(claim.Thread);

    private static int FirstShareCount(SyntheticKernel kernel, PushLock item, ulong before)
    {
        if (before != 0) return NotFirstOn(kernel);
        int shared = SharedOwners(item);
        return shared > 0 ? shared : kernel.Types.Build >= RecentBuild ? FirstAtExclusive : 0;
    }

    private static int NotFirstOn(SyntheticKernel kernel) => kernel.Types.Build >= RecentBuild ? NotFirst : 0;

    /// <summary>
    /// The rest of a driver's structure: a pointer to a thread that has nothing to do with the lock, a number, and an event at +0x18.
    /// </summary>
    private static void WriteStructure(SyntheticKernel kernel, PushLock item, ulong address)
    {
        HashSet<string> involved = [.. item.Owners.Concat(item.Waiters).Concat(item.Acquiring).Select(claim => claim.Thread)];
        kernel.Typed.SetQuads(address + 8,
            kernel.Threads.First(thread => !involved.Contains(thread.Spec.Name) && thread.Process.Spec.Pid != 0).Address, 0x2a);
        WaitWriter.WriteEvent(kernel, address + 0x18);
    }
}
