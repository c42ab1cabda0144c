using LockLeak.Code;
using LockLeak.Kernel;

namespace LockLeak.Locks;

/// <summary>_FAST_MUTEX: a count, an owner and an event. From Windows 8 on guarded mutexes are fast mutexes.</summary>
internal class FastMutex : ReadableLock
{
    /// <summary>sizeof(_KEVENT) and of _KGATE.</summary>
    private const int EventSize = 0x18;

    /// <inheritdoc/>
    public override string Name => "fast mutex";

    /// <inheritdoc/>
    public override string? TypeName => "_FAST_MUTEX";

    /// <summary>What the waiters wait for.</summary>
    private protected virtual byte EventType => ObjectTypes.SynchronizationEvent;

    internal override bool IsReleasedBeforeUserMode => true;

    internal override bool HasOwnerField => true;

    internal override CodeLockKind? InCode => CodeLockKind.FastMutex;

    internal override bool MayGiveUp => false;

    internal override bool IsWaitedForWith(byte waitReason) => waitReason == WaitReasons.WrFastMutex;

    /// <inheritdoc/>
    /// <remarks>
    /// { EX_PUSH_LOCK; PVOID; ULONG64; KEVENT } is an ordinary structure of drivers, so an event at 0x18 alone proves nothing.
    /// Count is 32 bits and what fills the first quadword up is 0; it says that the mutex is free exactly when there is no owner
    /// (FAST_MUTEX in wdm.h, ExAcquireFastMutex).
    /// </remarks>
    internal override bool IsAt(LockMemory memory, LockAddress address, ulong firstWord)
    {
        if (firstWord >> 32 != 0 || memory.Fields is not { FastMutexOwner: { } owner, FastMutexEvent: { } @event } ||
            !memory.Memory.TryReadPointer(address.Value + (ulong)owner.Offset, out ulong thread) ||
                !memory.IsObject(address.Value + (ulong)@event.Offset, EventType, EventSize))
        {
            return false;
        }

        return thread == 0 ? IsFree(firstWord) : !IsFree(firstWord) && memory.View.Thread(new ThreadAddress(thread)) is not null;
    }

    internal override LockAddress? LockOf(LockMemory memory, KernelThread thread, ulong waitObject) =>
        IsWaitedForWith(thread.WaitReason) && memory.Fields.FastMutexEvent is { } @event &&
            memory.IsObject(waitObject, EventType, EventSize)
            ? new LockAddress(waitObject - (ulong)@event.Offset)
            : null;

    internal override void Read(LockMemory memory, LockNode node)
    {
        if (memory.Fields is not { FastMutexOwner: { } owner, FastMutexEvent: { } @event } ||
            !memory.Memory.TryReadPointer(node.Address.Value + (ulong)owner.Offset, out ulong thread))
        {
            return;
        }

        node.IsLocked = thread != 0;
        node.IsExclusive = thread != 0 ? true : null;
        // Count changes first and the owner is written after it.
        node.IsChanging = IsFree(node.Value.GetValueOrDefault()) == (thread != 0);
        memory.AddOwnerField(node, thread);
        memory.AddWaitersOf(node, node.Address.Value + (ulong)@event.Offset, LockMode.Exclusive);
    }

    /// <summary>
    /// What Count says. Bit 0 means free; where waiters are counted downwards instead it is only free when positive
    /// (https://github.com/reactos/reactos/blob/master/ntoskrnl/ex/fmutex.c).
    /// </summary>
    private static bool IsFree(ulong firstWord) => (int)firstWord > 0 && (firstWord & 1) != 0;
}

/// <summary>
/// A guarded mutex: on Windows 7 a structure of its own (_KGUARDED_MUTEX) whose waiters wait for a gate, later a fast mutex.
/// </summary>
internal sealed class GuardedMutex : FastMutex
{
    /// <inheritdoc/>
    public override string Name => "guarded mutex";

    private protected override byte EventType => ObjectTypes.Gate;

    internal override bool IsWaitedForWith(byte waitReason) => waitReason == WaitReasons.WrGuardedMutex;
}
