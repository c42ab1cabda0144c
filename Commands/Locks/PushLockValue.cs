using LockLeak.Kernel;

namespace LockLeak.Locks;

/// <summary>The 64 bits of an _EX_PUSH_LOCK, decoded (bit fields of the type in the kernel's symbols).</summary>
/// <param name="Raw">_EX_PUSH_LOCK.Value.</param>
internal readonly record struct PushLockValue(ulong Raw)
{
    /// <summary>More shared owners than a machine has threads.</summary>
    private const ulong MostShared = 100_000;

    /// <summary>Somebody owns the lock.</summary>
    public bool IsLocked => (Raw & 1) != 0;

    /// <summary>Threads wait; the upper bits are the newest wait block.</summary>
    public bool IsWaiting => (Raw & 2) != 0;

    /// <summary>A releasing thread is just walking the wait blocks to wake somebody.</summary>
    public bool IsWaking => (Raw & 4) != 0;

    /// <summary>Shared owners while threads wait; their number is in the oldest wait block.</summary>
    public bool IsMultipleShared => (Raw & 8) != 0;

    /// <summary>The newest wait block, on its waiter's kernel stack; 0 when nobody waits.</summary>
    public ulong WaitBlock => IsWaiting || IsBlocked ? Raw & ~0xFUL : 0;

    /// <summary>
    /// True for the word of a lock that threads only wait on until somebody unblocks it (ExBlockPushLock): a wait block's
    /// address without flag bits. It has no owner.
    /// </summary>
    public bool IsBlocked => (Raw & 0xF) == 0 && KernelMemory.IsKernelAddress(Raw);

    /// <summary>
    /// Number of shared owners while nobody waits; 0 means exclusive when <see cref="IsLocked"/>. With waiters the
    /// number is in the oldest wait block instead.
    /// </summary>
    public ulong SharedOwners => IsWaiting || IsBlocked ? 0 : Raw >> 4;

    /// <summary>
    /// True when the value can be that of a push lock: a free lock is all zero, an owned one has Locked, waiters imply a kernel address.
    /// </summary>
    public bool IsPlausible =>
        Raw == 0 || IsBlocked ||
            (IsWaiting ? KernelMemory.IsKernelAddress(WaitBlock) : IsLocked && !IsWaking && !IsMultipleShared && SharedOwners < MostShared);
}
