namespace LockLeak.Kernel;

/// <summary>Lock entries of a thread that lie one behind the other, as they were read.</summary>
/// <param name="window">What was read, the entries among it.</param>
/// <param name="first">_KLOCK_ENTRY with index 0.</param>
/// <param name="count">How many there are.</param>
/// <param name="inUse">Bitmap of those in use: neither free nor orphaned.</param>
internal readonly struct LockEntryRun(Window window, ulong first, int count, uint inUse)
{
    /// <summary>What was read, the entries among it.</summary>
    public Window Window => window;

    /// <summary>_KLOCK_ENTRY with index 0.</summary>
    public ulong First => first;

    /// <summary>How many there are.</summary>
    public int Count => count;

    /// <summary>Bitmap of those in use: neither free nor orphaned.</summary>
    public uint InUse => inUse;

    /// <summary>Bitmap of those whose lock another thread has released.</summary>
    public uint Orphaned { get; init; }

    /// <summary>26H1: bitmap of those whose release is under way, which are free already.</summary>
    public uint Pending { get; init; }

    /// <summary>The thread that their block says it belongs to; 0 where entries have no block.</summary>
    public ThreadAddress Owner { get; init; }

    /// <summary>True when an entry is in use.</summary>
    public bool IsInUse(int index) => (inUse >> index & 1) != 0;

    /// <summary>True when another thread has released the lock of an entry.</summary>
    public bool IsOrphaned(int index) => (Orphaned >> index & 1) != 0;

    /// <summary>True when an entry is free, for another thread has deleted the lock, but not cleared yet.</summary>
    public bool IsReleasePending(int index) => (Pending >> index & 1) != 0;
}
