using System.Text.Json.Serialization;
using LockLeak.Code;
using LockLeak.Kernel;

namespace LockLeak.Locks;

/// <summary>
/// One kind of lock, or of another object that threads hold and wait for: what it is called, and what owners and waiters may do.
/// How one is recognised and read is for <see cref="ReadableLock"/>.
/// </summary>
[JsonConverter(typeof(WrittenByReports))]
internal abstract class LockKind
{
    /// <summary>It cannot be told.</summary>
    public static LockKind Unknown { get; } = new UnknownLock();

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

    /// <inheritdoc/>
    public override string ToString() => Name;

    /// <summary>A lock whose kind cannot be told.</summary>
    private sealed class UnknownLock : LockKind
    {
        /// <inheritdoc/>
        public override string Name => "unknown";

        internal override string Noun => "lock";
    }
}
