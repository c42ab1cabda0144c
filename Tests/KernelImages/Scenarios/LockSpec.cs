namespace KernelImages.Scenarios;

/// <summary>A lock with the threads that own it, wait for it, or are about to acquire it.</summary>
/// <param name="Name">How the scenario refers to it.</param>
public abstract record LockSpec(string Name)
{
    /// <summary>Where it lies; 0 lets the generator choose.</summary>
    public ulong Address { get; init; }

    /// <summary>The owners; more than one, or a shared one, makes the lock shared.</summary>
    public IReadOnlyList<Claim> Owners { get; init; } = [];

    /// <summary>The waiters, oldest first.</summary>
    public IReadOnlyList<Claim> Waiters { get; init; } = [];

    /// <summary>Bytes of the structure that it lies in.</summary>
    public virtual int Size => 0x80;

    /// <summary>Where it lies in the structure.</summary>
    public virtual int Offset => 0;

    /// <summary>AutoBoost tracks locks of this kind on a build: their owners and waiters have lock entries.</summary>
    public virtual bool IsTrackedOn(uint build) => true;

    /// <summary>The thread whose lock entry was linked before those of all others; null for the first owner that does not run, or else the oldest waiter.</summary>
    public string? Head { get; init; }

    /// <summary>Threads with an entry for the lock that neither own it yet nor wait.</summary>
    public IReadOnlyList<Claim> Acquiring { get; init; } = [];
}

/// <summary>_EX_PUSH_LOCK.</summary>
public sealed record PushLock(string Name) : LockSpec(Name)
{
    /// <summary>What the lock's memory holds in place of the value that follows from owners and waiters.</summary>
    public ulong? Value { get; init; }

    /// <summary>It is locked exclusively by somebody whom no trace leads to.</summary>
    public bool LostOwner { get; init; }

    /// <summary>The Waking bit.</summary>
    public bool Waking { get; init; }
}

/// <summary>_FAST_MUTEX.</summary>
public sealed record FastMutex(string Name) : LockSpec(Name);

/// <summary>_KGUARDED_MUTEX, which is a fast mutex from Windows 8 on.</summary>
public sealed record GuardedMutex(string Name) : LockSpec(Name);

/// <summary>_ERESOURCE.</summary>
public sealed record Resource(string Name) : LockSpec(Name);

/// <summary>_KMUTANT.</summary>
public sealed record Mutant(string Name) : LockSpec(Name)
{
    /// <summary>Its owner ended without releasing it.</summary>
    public bool Abandoned { get; init; }
}

/// <summary>A lock of user mode, which the user entries of 26100 and later track.</summary>
public sealed record UserLock(string Name) : LockSpec(Name);

/// <summary>A thread's part in a lock, and what its lock entry says of it.</summary>
/// <param name="Thread">The thread's name.</param>
public sealed record Claim(string Thread)
{
    /// <summary>Shared, not exclusive.</summary>
    public bool Shared { get; init; }

    /// <summary>False when the thread has no lock entry for this lock.</summary>
    public bool Tracked { get; init; } = true;

    /// <summary>InTree is clear, so that LockUnsafe reads 0x7fff... .</summary>
    public bool NotInTree { get; init; }

    /// <summary>26H1 alone has such entries: another thread has deleted the lock, a mutant, and the entry waits to be freed.</summary>
    public bool ReleasePending { get; init; }

    /// <summary>Disowned: another thread may release it.</summary>
    public bool CrossThreadReleasable { get; init; }

    /// <summary>The Busy bit.</summary>
    public bool Busy { get; init; }

    /// <summary>Session of a lock in session space; all ones for any other.</summary>
    public uint SessionId { get; init; } = uint.MaxValue;

    /// <summary>CrossThreadFlags besides HeadNodeBit: 2 IoPriorityBit, 4 IoQoSWaiter.</summary>
    public byte CrossThreadFlags { get; init; }

    /// <summary>An exclusive claim.</summary>
    public static implicit operator Claim(string thread) => new(thread);
}
