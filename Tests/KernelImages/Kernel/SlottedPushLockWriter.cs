using KernelImages.Scenarios;

namespace KernelImages.Kernel;

/// <summary>Push locks that are made of several, so that processors do not fight for one.</summary>
/// <remarks>
/// A cache-aware one is 32 pointers. A thread takes one slot shared, or all 32 exclusively: upwards from the first and, from one that is
/// taken, downwards from the last (ExAcquireCacheAwarePushLockExclusiveEx; nohuto/decompiled-pseudocode, 11-26H1/ntoskrnl). So the
/// exclusive waiter owns all slots but the one that it waits for. An auto-expand one is a push lock, and 4 bytes behind its word
/// (bit 0: expanded) that lead to more of them through ExSaPageArrays, a variable of the kernel that has no public name
/// (ExAcquireAutoExpandPushLockExclusive). The exclusive waiter owns the word and waits for another.
/// </remarks>
internal static class SlottedPushLockWriter
{
    private const int Slots = 32, SlotStride = 0x40;
    private const ulong Locked = 1, Expanded = 1, IndexOfSlots = 0x8000;

    public static void Write(SyntheticKernel kernel, CacheAwarePushLock item, ulong address)
    {
        ulong slots = kernel.Pool.Allocate(Slots * SlotStride, SlotStride);
        kernel.Memory.Map(slots, Slots * SlotStride);
        bool isTaken = item.Owners.Any(owner => !owner.Shared) || item.Waiters.Any(waiter => !waiter.Shared);
        for (int i = 0; i < Slots; i++)
        {
            ulong slot = slots + (ulong)(i * SlotStride);
            kernel.Typed.SetQuads(address + (ulong)i * sizeof(ulong), slot);
            if (i != item.Slot) kernel.Typed.SetQuads(slot, isTaken ? Locked : 0);
        }
        PushLockWriter.Write(kernel, AsPushLock(item), slots + (ulong)(item.Slot * SlotStride));
    }

    public static void Write(SyntheticKernel kernel, AutoExpandPushLock item, ulong address)
    {
        bool isTaken = item.Owners.Any(owner => !owner.Shared) || item.Waiters.Any(waiter => !waiter.Shared);
        kernel.Typed.SetQuads(address, isTaken ? Locked : 0, IndexOfSlots | Expanded);
        ulong slot = kernel.Pool.Allocate(SlotStride, SlotStride);
        PushLockWriter.Write(kernel, AsPushLock(item), slot);
    }

    /// <summary>The slot that matters. It bears the lock's name: the entries of the threads name the lock.</summary>
    private static PushLock AsPushLock(LockSpec item) => new(item.Name) { Owners = item.Owners, Waiters = item.Waiters };
}
