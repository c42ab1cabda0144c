using LockLeak.Code;
using LockLeak.Kernel;

namespace LockLeak.Locks;

/// <summary>
/// _EX_PUSH_LOCK: one pointer with flags; waiters queue in blocks on their stacks, owners leave no trace but lock entries.
/// </summary>
internal class PushLock : ReadableLock
{
    /// <inheritdoc/>
    public override string Name => "push lock";

    /// <inheritdoc/>
    public override string? TypeName => "_EX_PUSH_LOCK";

    internal override bool IsReleasedBeforeUserMode => true;

    internal override bool MayGiveUp => false;

    internal override CodeLockKind? InCode => CodeLockKind.PushLock;

    internal override bool IsWaitedForWith(byte waitReason) => waitReason == WaitReasons.WrPushLock;

    // A free lock is 0, as is most memory: that proves nothing.
    internal override bool IsAt(LockMemory memory, LockAddress address, ulong firstWord) =>
        firstWord != 0 && new PushLockValue(firstWord) is { IsPlausible: true, IsBlocked: false };

    internal override LockAddress? LockOf(LockMemory memory, KernelThread thread, ulong waitObject) =>
        thread.WaitReason == WaitReasons.WrPushLock && thread.WaitingEntry is null
            ? PushLockFinder.FindLock(memory, thread, waitObject) : null;

    internal override void Read(LockMemory memory, LockNode node)
    {
        var value = new PushLockValue(node.Value.GetValueOrDefault());
        if (!value.IsPlausible || (value.IsBlocked && !HasBlockedThread(memory, node, value)))
        {
            memory.Notes.Add($"{Address.Text(value.Raw)} at {node.Address} is the value of no push lock: there is none, or it was " +
                "overwritten.");
            return;
        }

        // An auto-expand push lock has its other parts elsewhere: threads wait for it, and its word does not say so.
        node.IsLocked = value.IsLocked;
        node.IsChanging = value.IsWaking;
        if (value.IsLocked && !value.IsWaiting && node.Waiters.Count == 0)
        {
            node.SharedOwners = (long)value.SharedOwners;
            node.IsExclusive = value.SharedOwners == 0;
        }

        node.Queue = value.IsWaiting ? PushLockQueue.Walk(memory.Memory, value.WaitBlock)
            : value.IsBlocked ? PushLockQueue.WalkBlocked(memory.Memory, value.WaitBlock)
            : null;
        if (node.Queue is { } queue)
        {
            ReadQueue(memory, node, value, queue);
        }

        if (!value.IsLocked)
        {
            // An entry keeps its acquired flag until the release has woken the next ones.
            node.RemoveOwners(_ => true);
        }
        else if (node.IsExclusive == true && node.Owners.Count > 1)
        {
            node.IsChanging = true;
        }
    }

    /// <summary>Adds the waiters of one queue, oldest first.</summary>
    /// <param name="memory">The machine.</param>
    /// <param name="node">The lock.</param>
    /// <param name="queue">Its queue.</param>
    /// <param name="hasModes">False for threads that wait for an unblocking and want nothing.</param>
    private protected static void AddWaiters(LockMemory memory, LockNode node, PushLockQueue queue, bool hasModes = true)
    {
        var order = new List<LockWaiter>();
        foreach (PushLockWaitBlock block in queue.NewestFirst.Reverse())
        {
            LockWaiter waiter = PushLockWaiters.Add(memory, node, block);
            waiter.Mode = !hasModes ? null : block.IsExclusive ? LockMode.Exclusive : LockMode.Shared;
            order.Add(waiter);
        }

        node.OrderWaiters([.. order.Distinct()]);
    }

    /// <summary>A mere pointer is the word of a push lock only when it leads to the wait block of a thread.</summary>
    private static bool HasBlockedThread(LockMemory memory, LockNode node, PushLockValue value) =>
        PushLockWaitBlock.TryRead(memory.Memory, value.WaitBlock) is { } block &&
            PushLockWaiters.Find(memory, node.Address, block) is not null;

    private static void ReadQueue(LockMemory memory, LockNode node, PushLockValue value, PushLockQueue queue)
    {
        if (!queue.IsWhole)
        {
            node.IsChanging = true;
            memory.Notes.AddGap(
                $"The queue of {node.Kind} {node.Address} breaks after {queue.NewestFirst.Count} wait blocks from " +
                $"{Address.Text(value.WaitBlock)} on; older waiters were not seen.");
        }

        if (value.IsMultipleShared && queue is { IsWhole: true, NewestFirst: [.., { ShareCount: > 0 } oldest] })
        {
            // Without MultipleShared the count was written when the first waiter came and may be out of date: a thread can take
            // the lock between a release and the wake-up.
            node.SharedOwners = oldest.ShareCount;
            node.IsExclusive = false;
        }

        AddWaiters(memory, node, queue, hasModes: !value.IsBlocked);
    }
}
