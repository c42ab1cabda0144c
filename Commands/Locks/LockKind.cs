using LockLeak.Code;
using LockLeak.Kernel;

namespace LockLeak.Locks;

/// <summary>
/// One kind of lock, or of another object that threads hold and wait for: how it is told from other memory, and what its
/// memory says. Supporting another kind means one more class and its line in <see cref="LockKinds.All"/>.
/// </summary>
internal abstract class LockKind
{
    /// <summary>"push lock" and so on: the words of text and JSON.</summary>
    public abstract string Name { get; }

    /// <summary>What a sentence calls one of them.</summary>
    internal virtual string Noun => Name;

    /// <summary>The kernel's structure, for <c>dt</c>; null when its symbols have none.</summary>
    public virtual string? TypeName => null;

    /// <summary>What its owner has done with it: a chain says "owned by the next".</summary>
    internal virtual string Held => "owned";

    /// <summary>False for what threads wait for and nobody takes: the end of a thread or a process, the answer to a message.</summary>
    internal virtual bool IsLock => true;

    /// <summary>True when a thread that is back in user mode must not own it any more.</summary>
    internal virtual bool IsReleasedBeforeUserMode => false;

    /// <summary>True when the lock itself names its owner, so that an owner without a lock entry is known too.</summary>
    internal virtual bool HasOwnerField => false;

    /// <summary>True when the caller can give a wait a time-out, so that a timer means that it may give up.</summary>
    internal virtual bool MayGiveUp => true;

    /// <summary>The kind as the routines that take it tell it; null where no code is looked into for it.</summary>
    internal virtual CodeLockKind? InCode => null;

    /// <summary>True when threads wait for a lock of this kind with this reason and for nothing else.</summary>
    /// <param name="waitReason">_KWAIT_REASON.</param>
    internal virtual bool IsWaitedForWith(byte waitReason) => false;

    /// <summary>True when the memory at an address is a lock of this kind, by evidence that other memory has not by chance.</summary>
    /// <param name="memory">The machine.</param>
    /// <param name="address">Where the lock may be.</param>
    /// <param name="firstWord">The first 64 bits there.</param>
    internal virtual bool IsAt(LockMemory memory, LockAddress address, ulong firstWord) => false;

    /// <summary>The lock behind the object that a thread waits for; null when it is no lock of this kind.</summary>
    /// <param name="memory">The machine.</param>
    /// <param name="thread">A thread that waits.</param>
    /// <param name="waitObject">Its dispatcher object.</param>
    internal virtual LockAddress? LockOf(LockMemory memory, KernelThread thread, ulong waitObject) => null;

    /// <summary>Fills in what the lock's memory says: its state, its owners and its waiters.</summary>
    /// <param name="memory">The machine.</param>
    /// <param name="node">A lock of this kind whose first 64 bits have been read.</param>
    internal virtual void Read(LockMemory memory, LockNode node)
    {
    }

    /// <inheritdoc/>
    public override string ToString() => Name;
}

/// <summary>A lock whose kind cannot be told.</summary>
internal sealed class UnknownLock : LockKind
{
    /// <inheritdoc/>
    public override string Name => "unknown";

    internal override string Noun => "lock";
}
