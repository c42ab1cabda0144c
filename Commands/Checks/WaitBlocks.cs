using LockLeak.Kernel;
using LockLeak.Locks;

namespace LockLeak.Checks;

/// <summary>
/// A sleeping thread's own wait block, and what it should say: that thread, and the event in the queue of the lock it waits for.
/// </summary>
/// <remarks>
/// The event of a push lock's wait block is its first field; in a waiter's block of a resource it is at 0x18 (docs/kernel-facts.md). A
/// thread that is in a queue may wait for something else: it was suspended, or an APC runs in it and waits.
/// </remarks>
internal sealed class WaitBlocks : Check, IThreadCheck, IWaiterCheck
{
    /// <summary>From a wait block to the event in it: of a push lock, and of a resource.</summary>
    private const ulong EventOfPushLock = 0, EventOfResource = 0x18;

    public override string Name => "wait-blocks";

    public override string Compares => "Thread and Object of a sleeping thread's wait block, and where the thread was found to wait";

    public override IReadOnlyList<string> Fields { get; } =
        ["_KTHREAD.WaitBlockList", "_KWAIT_BLOCK.Thread", "_KWAIT_BLOCK.Object", "_KTHREAD.State"];

    public override IReadOnlyList<string> Proves { get; } = ["_KTHREAD.WaitBlockList", "_KWAIT_BLOCK.Thread"];

    public void Compare(CheckContext context, KernelThread thread, CheckResult result)
    {
        if (context.View.Layout.Locks is not
            {
                WaitBlockThread: { } owner, WaitBlockObject: { } waitObject,
                WaitBlockSize: > 0 and var size
            } ||
            !context.IsAsleep(thread) ||
            !(thread.WaitsForLock || thread.WaitReason is WaitReasons.Executive or WaitReasons.UserRequest))
        {
            return;
        }

        if (!KernelMemory.IsKernelAddress(thread.WaitBlockList))
        {
            result.Disagree($"Thread {thread.Address} waits for an object and has no wait block: WaitBlockList is " +
                $"{Address.Text(thread.WaitBlockList)}.", thread.Address.Value);
        }
        else if (context.View.Memory.InHand(thread.WaitBlockList, size) is { } block)
        {
            ulong named = context.View.Memory.Canonical(block.Value(owner));
            result.Compare(
                named == thread.Address.Value && KernelMemory.IsKernelAddress(context.View.Memory.Canonical(block.Value(waitObject))),
                $"The wait block of thread {thread.Address} at {Address.Text(thread.WaitBlockList)} names thread {Address.Text(named)}.",
                thread.Address.Value);
        }
    }

    public void Compare(CheckContext context, LockNode node, LockWaiter waiter, KernelThread thread, CheckResult result)
    {
        if (context.View.Layout.Locks is not
            {
                WaitBlockThread: not null, WaitBlockObject: { } waitObject,
                WaitBlockSize: > 0 and var size
            } ||
            waiter.WaitBlock == 0 || !context.IsAsleep(thread) || !node.Kind.IsWaitedForWith(thread.WaitReason) ||
            context.Graph.WaitsOf(waiter.Thread).Count > 1 ||
            context.View.Memory.InHand(thread.WaitBlockList, size) is not { } block)
        {
            return;
        }

        ulong named = context.View.Memory.Canonical(block.Value(waitObject)),
            expected = waiter.WaitBlock + (node.Kind is PushLock ? EventOfPushLock : EventOfResource);
        result.Compare(named == expected,
            $"Thread {waiter.Thread} is in the queue of {node.Kind} {node.Address} at {Address.Text(waiter.WaitBlock)} and " +
            $"waits for {Address.Text(named)}.",
            waiter.Thread.Value, node.Address.Value);
    }
}
