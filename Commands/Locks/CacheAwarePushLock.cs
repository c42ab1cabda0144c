using LockLeak.Kernel;
using LockLeak.Target;

namespace LockLeak.Locks;

/// <summary>
/// A push lock with a slot for each of several processors (ExAllocateCacheAwarePushLock): a shared owner takes one slot, an
/// exclusive one all of them. Lock entries name the array, and threads wait on a slot.
/// </summary>
/// <remarks>
/// EX_PUSH_LOCK_CACHE_AWARE in https://github.com/reactos/reactos/blob/master/sdk/include/ndk/extypes.h: 32 pointers to push locks.
/// </remarks>
internal sealed class CacheAwarePushLock : PushLock
{
    private const int Slots = 32;

    /// <inheritdoc/>
    public override string Name => "cache-aware push lock";

    /// <inheritdoc/>
    public override string? TypeName => null;

    internal override bool IsAt(LockMemory memory, LockAddress address, ulong firstWord) =>
        KernelMemory.IsKernelAddress(firstWord) && SlotsOf(memory, address) is not null;

    // Its waiters' blocks hang on a slot, which the stack does not lead past to the array.
    internal override LockAddress? LockOf(LockMemory memory, KernelThread thread, ulong waitObject) => null;

    internal override void Read(LockMemory memory, LockNode node)
    {
        if (SlotsOf(memory, node.Address) is not { } slots)
        {
            return;
        }

        node.IsLocked = slots.Any(slot => slot.IsLocked);
        node.IsChanging = slots.Any(slot => slot.IsWaking);
        foreach (PushLockValue slot in slots.Where(slot => slot.IsWaiting))
        {
            PushLockQueue queue = PushLockQueue.Walk(memory.Memory, slot.WaitBlock);
            AddWaiters(memory, node, queue);
            node.IsChanging |= !queue.IsWhole;
        }

        if (node.IsLocked == false)
        {
            node.RemoveOwners(_ => true);
        }
    }

    /// <summary>The values of the slots; null when the array is none: a pointer that leads to no push lock gives it away.</summary>
    private static List<PushLockValue>? SlotsOf(LockMemory memory, LockAddress address)
    {
        if (memory.Memory.TryReadWindow(address.Value, 0, Slots * sizeof(ulong)) is not { } array)
        {
            return null;
        }

        var values = new List<PushLockValue>();
        for (int i = 0; i < Slots; i++)
        {
            ulong slot = memory.Memory.Canonical(array.Value(new TypeField(i * sizeof(ulong), sizeof(ulong), 0, 0, IsPointer: true)));
            if (slot % sizeof(ulong) != 0 || !memory.Memory.TryReadUInt64(slot, out ulong value) ||
                new PushLockValue(value) is not { IsPlausible: true, IsBlocked: false } pushLock)
            {
                return null;
            }

            values.Add(pushLock);
        }

        return values;
    }
}
