namespace KernelImages.Scenarios;

/// <summary>
/// A lock with the threads that own it, wait for it, or are about to acquire it: the truth that an analysis is measured against.
/// </summary>
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

    /// <summary>The tag of the pool allocation that it lies in, four letters; null for memory that is not known to be pool.</summary>
    public string? PoolTag { get; init; }

    /// <summary>AutoBoost tracks locks of this kind on a build: their owners and waiters have lock entries.</summary>
    public virtual bool IsTrackedOn(uint build) => true;

    /// <summary>
    /// The thread whose lock entry was linked before those of all others; null for the first owner that does not run, or else the oldest
    /// waiter.
    /// </summary>
    public string? Head { get; init; }

    /// <summary>Threads with an entry for the lock that neither own it yet nor wait.</summary>
    public IReadOnlyList<Claim> Acquiring { get; init; } = [];

    /// <summary>AutoBoost tracks it: a thread that owns it or waits for it has a lock entry.</summary>
    public virtual bool IsTracked => true;

    /// <summary>Those of <see cref="Waiters"/> that are still in the lock's queue, oldest first.</summary>
    public IEnumerable<Claim> Queue => Waiters.Where(claim => claim.Stage != WaitStage.Woken);
}

/// <summary>_EX_PUSH_LOCK.</summary>
public sealed record PushLock(string Name) : LockSpec(Name)
{
    /// <summary>What the lock's memory holds in place of the value that follows from owners and waiters.</summary>
    public ulong? Value { get; init; }

    /// <summary>It is locked exclusively by somebody whom no trace leads to.</summary>
    public bool LostOwner { get; init; }

    /// <summary>The Waking bit: a thread that runs is at work on the queue, and the newest block knows nothing of the oldest yet.</summary>
    public bool Waking { get; init; }

    /// <summary>
    /// The thread behind whose wait block the oldest waiter queued, and which is out of the queue since: the oldest block's Next
    /// still leads to its stack. Null means the exclusive owner, as at most contended locks; "" that nobody waited before.
    /// </summary>
    public string? Behind { get; init; }

    /// <summary>ShareCount of the oldest block where it is out of date; null for what the first waiter wrote.</summary>
    public int? ShareCount { get; init; }

    /// <summary>MultipleShared is still set, although at most one owner is left.</summary>
    public bool MultipleShared { get; init; }

    /// <summary>
    /// The whole queue has been taken off the lock to be woken, waiter after waiter; those that are not woken yet still sleep.
    /// </summary>
    public bool Detached { get; init; }

    /// <summary>It lies in an ordinary structure of a driver: { EX_PUSH_LOCK; PVOID; ULONG64; KEVENT }.</summary>
    public bool InStructureWithEvent { get; init; }
}

/// <summary>_FAST_MUTEX.</summary>
public sealed record FastMutex(string Name) : LockSpec(Name)
{
    /// <summary>Its owner is gone, and so is that thread's memory.</summary>
    public GoneOwner Gone { get; init; }
}

/// <summary>_KGUARDED_MUTEX, which is a fast mutex from Windows 8 on.</summary>
public sealed record GuardedMutex(string Name) : LockSpec(Name);

/// <summary>_ERESOURCE.</summary>
public sealed record Resource(string Name) : LockSpec(Name)
{
    /// <summary>Its exclusive owner is gone, and so is that thread's memory.</summary>
    public GoneOwner Gone { get; init; }

    /// <summary>The shared owners are all in the table, and the resource's own entry was free for the first shared waiter.</summary>
    public bool OwnEntryIsFree { get; init; }

    /// <summary>The kernel has marked a possible deadlock: MiscFlags bit 0, from 26100 on.</summary>
    public bool PossibleDeadlock { get; init; }

    /// <summary>
    /// The routines that acquire an _ERESOURCE make no lock entry; one that a scenario gives it all the same must do no harm.
    /// </summary>
    public bool HasEntries { get; init; }

    /// <inheritdoc/>
    public override bool IsTracked => HasEntries;
}

/// <summary>A fast resource (Windows 10 1809 and later), as large as an _ERESOURCE and told from one by Flag bit 0.</summary>
public sealed record FastResource(string Name) : LockSpec(Name)
{
    /// <summary>1 up to Windows 11 23H2; 2 from 24H2 on, and before that where FeatureFastResource2 is on.</summary>
    public int Version { get; init; } = 2;
}

/// <summary>_KMUTANT.</summary>
public sealed record Mutant(string Name) : LockSpec(Name)
{
    /// <summary>Its owner ended without releasing it.</summary>
    public bool Abandoned { get; init; }

    /// <summary>AutoBoost tracks it, which KeInitializeMutex leaves off and only a flag of KeInitializeMutantEx asks for.</summary>
    public bool AbEnabled { get; init; }

    /// <inheritdoc/>
    public override bool IsTracked => AbEnabled;
}

/// <summary>A lock of user mode, which the user entries of 26100 and later track.</summary>
public sealed record UserLock(string Name) : LockSpec(Name);

/// <summary>A thread's part in a lock, and what its lock entry says of it.</summary>
/// <param name="Thread">The thread's name.</param>
public sealed record Claim(string Thread)
{
    /// <summary>Shared, not exclusive.</summary>
    public bool Shared { get; init; }

    /// <summary>False when the thread has no lock entry for this lock, although AutoBoost tracks the lock.</summary>
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

    /// <summary>How often the owner has acquired it.</summary>
    public uint Recursion { get; init; } = 1;

    /// <summary>How far a waiter has come.</summary>
    public WaitStage Stage { get; init; }

    /// <summary>What an owner of a resource put in its place (ExSetResourceOwnerPointerEx).</summary>
    public OwnerPointer Pointer { get; init; }

    /// <summary>An exclusive claim.</summary>
    public static implicit operator Claim(string thread) => new(thread);
}

/// <summary>How far a waiter has come. A waiter for a push lock passes through all of these.</summary>
public enum WaitStage
{
    /// <summary>It sleeps.</summary>
    Sleeps,

    /// <summary>
    /// Its wait block is in the queue, and the event in it is not written yet: it holds what the stack held. The thread runs.
    /// </summary>
    Queues,

    /// <summary>Its wait block is complete; the thread runs and watches the block's spin flag.</summary>
    Spins,

    /// <summary>It was taken out of the queue and signalled; its thread is ready, and its lock entry still says that it waits.</summary>
    Woken,
}

/// <summary>What a resource's owner entry holds in place of a thread, with both low bits set.</summary>
public enum OwnerPointer
{
    /// <summary>The thread itself, unmarked.</summary>
    None,

    /// <summary>A structure of the driver.</summary>
    Structure,

    /// <summary>The thread: FLAG_OWNER_POINTER_IS_THREAD.</summary>
    Thread,
}

/// <summary>What lies where the owner of a lock lay, which is no more.</summary>
public enum GoneOwner
{
    /// <summary>The owner is there.</summary>
    None,

    /// <summary>Nothing: the page is not mapped.</summary>
    Nothing,

    /// <summary>Text.</summary>
    Text,

    /// <summary>An event, whose header begins like any dispatcher object's.</summary>
    Event,
}
