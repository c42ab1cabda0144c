using LockLeak.Kernel;
using LockLeak.Locks;

namespace LockLeak.Checks;

/// <summary>The state and the wait reason of threads that hang on the wait list of a lock.</summary>
/// <remarks>
/// A wake-up takes a thread off the wait list before its state changes, and a processor may be busy with either step. A queue of a push
/// lock or of a resource is joined before the wait begins and so proves no state; its reason only counts once the thread waits for
/// its event.
/// </remarks>
internal sealed class WaiterStates : Check, IWaiterCheck
{
    /// <summary>_KTHREAD_STATE.GateWait, which Windows 7 has for guarded mutexes.</summary>
    private const byte GateWait = 8;

    public override string Name => "waiter-states";

    public override string Compares => "State and WaitReason of a thread, and the wait list or queue that it is in";

    public override IReadOnlyList<string> Fields { get; } =
        ["_KTHREAD.State", "_KTHREAD.WaitReason", "_DISPATCHER_HEADER.WaitListHead", "_KWAIT_BLOCK.WaitListEntry"];

    public override IReadOnlyList<string> Proves { get; } = ["_KTHREAD.State", "_KTHREAD.WaitReason"];

    public void Compare(CheckContext context, LockNode node, LockWaiter waiter, KernelThread thread, CheckResult result)
    {
        if (!waiter.IsQueued || context.IsOnProcessor(thread))
        {
            return;
        }

        if (waiter.FoundBy.Contains(FoundBy.WaitObject))
        {
            result.Compare(
                thread.State is ThreadStates.Waiting or GateWait,
                $"Thread {thread.Address} is on the wait list of {node.Kind} {node.Address} and its state is " +
                    $"{ThreadStates.Name(thread.State)}.",
                thread.Address.Value, node.Address.Value);
        }
        else if (waiter.WaitBlock != 0 && thread.IsWaiting && ReasonFor(node.Kind) is { } reason &&
            WaitsInBlock(context, thread, waiter.WaitBlock))
        {
            result.Compare(
                thread.WaitReason == reason,
                $"Thread {thread.Address} waits in the queue of {node.Kind} {node.Address} with reason " +
                    $"{context.View.Layout.WaitReasonName(thread.WaitReason)}.",
                thread.Address.Value, node.Address.Value);
        }
    }

    private static byte? ReasonFor(LockKind kind) => kind switch
    {
        PushLock => WaitReasons.WrPushLock,
        Resource or FastResource => WaitReasons.WrResource,
        _ => null,
    };

    /// <summary>True when the object that a thread waits for lies in its wait block of the lock.</summary>
    private static bool WaitsInBlock(CheckContext context, KernelThread thread, ulong waitBlock) =>
        context.View.Layout.Locks is { WaitBlockObject: { } waitObject, WaitBlockSize: > 0 and var size } &&
            context.View.Memory.InHand(thread.WaitBlockList, size) is { } block &&
        context.View.Memory.Canonical(block.Value(waitObject)) - waitBlock < PushLockWaitBlock.Size;
}
