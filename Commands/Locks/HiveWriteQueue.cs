using LockLeak.Kernel;

namespace LockLeak.Locks;

/// <summary>
/// The turn to write a registry hive: { thread, list of waiters }, a part of the hive that is in no public symbol file. Each
/// waiter has an event on its stack, followed by a status and the address of the next one. The thread that has its turn writes
/// to a disk, so that waiting for it is no fault by itself.
/// </summary>
/// <remarks>
/// Read from CmpAcquireWriteQueue, CmpReleaseWriteQueue and CmpWaitOnHiveWriteQueue of 22631 in
/// https://github.com/nohuto/decompiled-pseudocode; lock entries name its address.
/// </remarks>
internal sealed class HiveWriteQueue : ReadableLock
{
    private const ulong Waiters = 8;

    private static readonly WaiterList List = new(Object: 0, ObjectTypes.SynchronizationEvent, Next: 0x20);

    /// <inheritdoc/>
    public override string Name => "hive write queue";

    internal override bool HasOwnerField => true;

    // Without waiters it is a thread's address and 0, which proves nothing.
    internal override bool IsAt(LockMemory memory, LockAddress address, ulong firstWord) =>
        WaiterList.IsPoolAddress(firstWord) && List.BeginsAt(memory, address.Value + Waiters) &&
            memory.View.Thread(new ThreadAddress(firstWord)) is not null;

    internal override void Read(LockMemory memory, LockNode node)
    {
        if (node is { IsProven: true, Value: { } owner })
        {
            node.IsLocked = true;
            node.IsExclusive = true;
            memory.AddOwnerField(node, owner);
            List.AddWaiters(memory, node, node.Address.Value + Waiters, LockMode.Exclusive);
        }
    }
}
