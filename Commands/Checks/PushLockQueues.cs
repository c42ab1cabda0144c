using LockLeak.Kernel;
using LockLeak.Locks;

namespace LockLeak.Checks;

/// <summary>
/// The queue of a push lock whose Waiting bit is set: it ends as a queue does, and each block lies on the stack of its thread, whose entry
/// names the lock.
/// </summary>
/// <remarks>
/// The opposite is no rule: a wake-up takes the queue off the lock and then wakes thread after thread, so that threads may wait whose
/// lock is free or was taken again (ExpWakePushLock in https://github.com/nohuto/decompiled-pseudocode). A block is linked before its
/// event is written, so one whose thread is not found yet proves nothing.
/// </remarks>
internal sealed class PushLockQueues : Check, IWaiterCheck
{
    public override string Name => "push-lock-queues";

    public override string Compares =>
        "the Waiting bit of a push lock, its queue, the stacks that the queue lies on, and the waiters' entries";

    public override IReadOnlyList<string> Fields { get; } =
        ["_KTHREAD.StackBase", "_KTHREAD.StackLimit", "_KLOCK_ENTRY.LockUnsafe", "_KWAIT_BLOCK.Thread", "_KWAIT_BLOCK.Object",
            "_KWAIT_BLOCK.WaitListEntry"];

    public override IReadOnlyList<string> Proves { get; } = ["_KTHREAD.StackBase", "_KTHREAD.StackLimit"];

    public override void Run(CheckContext context, CheckResult result)
    {
        foreach (LockNode node in context.Graph.Locks.Where(HasAQueue))
        {
            CompareEnd(context, result, node, node.Queue!);
        }
    }

    public void Compare(CheckContext context, LockNode node, LockWaiter waiter, KernelThread thread, CheckResult result)
    {
        if (waiter.WaitBlock == 0 || !HasAQueue(node))
        {
            return;
        }

        // Inside an APC a thread that waits for a lock may wait for another one: each of its entries counts.
        LockEntry? entry = thread.WaitingEntry;
        if (!thread.IsOnStack(waiter.WaitBlock))
        {
            result.Disagree(
                $"Wait block {Address.Text(waiter.WaitBlock)} of {node.Kind} {node.Address} leads to thread {thread.Address} and is not " +
                "on its stack.", thread.Address.Value, node.Address.Value);
        }
        else if (entry is not null && thread.EntryOf(node.Address, LockRelation.Waits) is null)
        {
            result.Disagree($"Thread {thread.Address} is in the queue of {node.Kind} {node.Address}, and its lock entry waits for " +
                $"{entry.Lock}.", thread.Address.Value, node.Address.Value);
        }
        else
        {
            result.Agree();
        }
    }

    private static bool HasAQueue(LockNode node) =>
        node is { Kind: PushLock and not CacheAwarePushLock, Queue: not null } && new PushLockValue(node.Value ?? 0).IsWaiting;

    private static void CompareEnd(CheckContext context, CheckResult result, LockNode node, PushLockQueue queue)
    {
        ulong next = queue.NewestFirst is [.., var oldest] ? oldest.Next : 0;
        if (queue.IsWhole)
        {
            result.Agree();
        }
        else if (!KernelMemory.IsKernelAddress(next) || context.View.Memory.InHand(next, PushLockWaitBlock.Size) is not null)
        {
            // A stack that is paged out or not in the dump is no disagreement.
            result.Disagree($"The queue of {node.Kind} {node.Address} does not end: after {queue.NewestFirst.Count} wait blocks it " +
                $"leads to {Address.Text(next)}.", node.Address.Value);
        }
    }
}
