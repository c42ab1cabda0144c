using LockLeak.Kernel;

namespace LockLeak.Analysis;

/// <summary>How a fact was found, as reports print it.</summary>
public static class FoundBy
{
    /// <summary>A thread's _KLOCK_ENTRY.</summary>
    public const string LockEntry = "lock-entry";

    /// <summary>The queue of wait blocks that hangs on the lock.</summary>
    public const string WaitBlock = "wait-block";

    /// <summary>The object that the thread waits for.</summary>
    public const string WaitObject = "wait-object";

    /// <summary>A pointer on the thread's kernel stack, or the stack that a wait block lies on.</summary>
    public const string Stack = "stack";

    /// <summary>The owner field of the lock itself.</summary>
    public const string OwnerField = "owner-field";
}

/// <summary>A thread that owns a lock.</summary>
/// <param name="Thread">_ETHREAD.</param>
/// <param name="Entry">Its lock entry; null when only the lock itself names the thread.</param>
/// <param name="FoundBy">How it was found.</param>
public sealed record LockOwner(ulong Thread, LockEntry? Entry, string FoundBy);

/// <summary>A thread that waits for a lock.</summary>
/// <param name="thread">_ETHREAD; 0 when a wait block's thread cannot be found.</param>
public sealed class LockWaiter(ulong thread)
{
    private readonly List<string> foundBy = [];

    /// <summary>_ETHREAD; 0 when a wait block's thread cannot be found.</summary>
    public ulong Thread => thread;

    /// <summary>Its _EX_PUSH_LOCK_WAIT_BLOCK; null for other kinds of lock and when it was not found.</summary>
    public PushLockWaitBlock? Block { get; internal set; }

    /// <summary>All ways in which it was found.</summary>
    public IReadOnlyList<string> FoundBy => foundBy;

    internal void AddFoundBy(string way)
    {
        if (!foundBy.Contains(way))
        {
            foundBy.Add(way);
        }
    }
}

/// <summary>One lock with its owners and waiters.</summary>
/// <param name="address">Where the lock is.</param>
public sealed class LockNode(ulong address)
{
    private readonly List<LockOwner> owners = [];
    private readonly List<LockWaiter> waiters = [];
    private readonly List<LockOwner> acquiring = [];

    /// <summary>Where the lock is.</summary>
    public ulong Address => address;

    /// <summary>What it is.</summary>
    public LockKind Kind { get; internal set; }

    /// <summary>True once the lock's own memory was looked at.</summary>
    public bool IsInspected { get; internal set; }

    /// <summary>The first 64 bits of the lock; null when it cannot be read.</summary>
    public ulong? Value { get; internal set; }

    /// <summary>The lock's own word on whether somebody owns it; null when that cannot be told.</summary>
    public bool? IsLocked { get; internal set; }

    /// <summary>True for one exclusive owner, false for shared ones; null when that cannot be told or nobody owns it.</summary>
    public bool? IsExclusive { get; internal set; }

    /// <summary>Number of shared owners by the lock's own count; 0 for exclusive or free.</summary>
    public long SharedOwners { get; internal set; }

    /// <summary>A mutant whose owner ended without releasing it.</summary>
    public bool IsAbandoned { get; internal set; }

    /// <summary>The lock's owner field names something that is no thread (ExSetResourceOwnerPointer).</summary>
    public bool HasOwnerThatIsNoThread { get; internal set; }

    /// <summary>Threads that own it.</summary>
    public IReadOnlyList<LockOwner> Owners => owners;

    /// <summary>Threads that wait for it, oldest first where the lock's queue could be read.</summary>
    public IReadOnlyList<LockWaiter> Waiters => waiters;

    /// <summary>Threads that are just acquiring or releasing it.</summary>
    public IReadOnlyList<LockOwner> Acquiring => acquiring;

    /// <summary>The first 64 bits as a push lock.</summary>
    public PushLockValue PushLock => new(Value ?? 0);

    internal void AddOwner(LockOwner owner)
    {
        if (!owners.Exists(known => known.Thread == owner.Thread))
        {
            owners.Add(owner);
        }
    }

    internal void AddAcquiring(LockOwner thread) => acquiring.Add(thread);

    internal LockWaiter AddWaiter(ulong thread, string foundBy)
    {
        LockWaiter? waiter = thread == 0 ? null : waiters.Find(known => known.Thread == thread);
        if (waiter is null)
        {
            waiter = new LockWaiter(thread);
            waiters.Add(waiter);
        }

        waiter.AddFoundBy(foundBy);
        return waiter;
    }

    /// <summary>Puts the waiters into the order of the lock's queue; those that are not in it keep their place behind.</summary>
    internal void OrderWaiters(IReadOnlyList<PushLockWaitBlock> oldestFirst)
    {
        var order = oldestFirst.Select((block, index) => (block.Address, index)).ToDictionary(pair => pair.Address, pair => pair.index);
        List<LockWaiter> sorted = [.. waiters.OrderBy(waiter => waiter.Block is { } block ? order.GetValueOrDefault(block.Address, int.MaxValue) : int.MaxValue)];
        waiters.Clear();
        waiters.AddRange(sorted);
    }
}
