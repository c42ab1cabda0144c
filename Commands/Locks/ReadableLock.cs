using LockLeak.Kernel;

namespace LockLeak.Locks;

/// <summary>
/// A kind of lock that is told from other memory, and whose memory says who owns it and waits. Supporting another one means one more
/// class and its line in <see cref="LockKinds.All"/>.
/// </summary>
internal abstract class ReadableLock : LockKind
{
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
    internal abstract void Read(LockMemory memory, LockNode node);
}
