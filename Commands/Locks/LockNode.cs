using LockLeak.Kernel;

namespace LockLeak.Locks;

/// <summary>A thread that owns a lock, or is just acquiring or releasing it.</summary>
/// <param name="Thread">_ETHREAD.</param>
/// <param name="Entry">Its lock entry; null when only the lock itself names the thread.</param>
/// <param name="FoundBy">How it was found.</param>
internal sealed record LockOwner(ThreadAddress Thread, LockEntry? Entry, FoundBy FoundBy)
{
    /// <summary>
    /// The thread took the lock and another one will release it: a disowned resource. So it is not the one who has to let go.
    /// </summary>
    public bool IsDisowned { get => field || Entry is { IsCrossThreadReleasable: true }; init; }
}

/// <summary>A thread that waits for a lock.</summary>
/// <param name="thread">The thread; null when a wait block's thread cannot be found.</param>
internal sealed class LockWaiter(KernelThread? thread)
{
    private readonly List<FoundBy> foundBy = [];

    /// <summary>_ETHREAD; 0 when a wait block's thread cannot be found.</summary>
    public ThreadAddress Thread { get; } = thread?.Address ?? default;

    /// <summary>The same thread, read whole: of thousands of waiters each look-up would leave the processor's caches.</summary>
    public KernelThread? Known => thread;

    /// <summary>Its wait block in the queue of the lock; 0 for locks without one and when it was not found.</summary>
    public ulong WaitBlock { get; internal set; }

    /// <summary>What it wants; null when that cannot be told.</summary>
    public LockMode? Mode { get; internal set; }

    /// <summary>
    /// True when the lock's own queue or the object that the thread waits for shows it, so that it really waits and for this
    /// lock. A lock entry alone says it a moment too early and a moment too long.
    /// </summary>
    public bool IsQueued { get; internal set; }

    /// <summary>All ways in which it was found.</summary>
    public IReadOnlyList<FoundBy> FoundBy => foundBy;

    internal void AddFoundBy(FoundBy way)
    {
        if (!foundBy.Contains(way))
        {
            foundBy.Add(way);
        }
    }
}

/// <summary>One lock with its owners and waiters.</summary>
/// <param name="address">Where the lock is.</param>
internal sealed class LockNode(LockAddress address)
{
    private readonly List<LockOwner> owners = [];
    private readonly List<LockWaiter> waiters = [];
    private readonly List<LockOwner> acquiring = [];
    private readonly List<ulong> ownerPointers = [];
    private readonly Dictionary<ThreadAddress, int> ownerAt = [];
    private readonly HashSet<ThreadAddress> named = [];
    private readonly Dictionary<ThreadAddress, LockWaiter> waiterOf = [];

    /// <summary>Where the lock is.</summary>
    public LockAddress Address => address;

    /// <summary>What it is.</summary>
    public LockKind Kind { get; internal set; } = LockKind.Unknown;

    /// <summary>True when the memory there proves to be a lock of this kind; false when only a wait or the caller says so.</summary>
    public bool IsProven { get; internal set; }

    /// <summary>True once the lock's own memory was looked at.</summary>
    public bool IsRead { get; internal set; }

    /// <summary>The first 64 bits of the lock; null when it cannot be read.</summary>
    public ulong? Value { get; internal set; }

    /// <summary>The lock's own word on whether somebody owns it; null when that cannot be told.</summary>
    public bool? IsLocked { get; internal set; }

    /// <summary>True for one exclusive owner, false for shared ones; null when that cannot be told or nobody owns it.</summary>
    public bool? IsExclusive { get; internal set; }

    /// <summary>Number of shared owners by the lock's own count; 0 for exclusive, free, or when it is not known.</summary>
    public long SharedOwners { get; internal set; }

    /// <summary>
    /// True when the lock is just being acquired, released or handed over: its parts do not agree, which is healthy, and
    /// nothing can be concluded from them.
    /// </summary>
    public bool IsChanging { get; internal set; }

    /// <summary>A mutant whose owner ended without releasing it.</summary>
    public bool IsAbandoned { get; internal set; }

    /// <summary>What an owner field holds in place of a thread, raw: pointers that ExSetResourceOwnerPointer put there.</summary>
    public IReadOnlyList<ulong> OwnerPointers => ownerPointers;

    /// <summary>An owner field that leads to memory which is no thread (any more); 0 when there is none.</summary>
    public ulong LostOwner { get; internal set; }

    /// <summary>An owner field that leads to memory which cannot be read; 0 when there is none.</summary>
    public ulong UnreadableOwner { get; internal set; }

    /// <summary>How often threads have had to wait for it, by its own count; null when it keeps none.</summary>
    public long? ContentionCount { get; internal set; }

    /// <summary>The queue of a push lock that has one.</summary>
    public PushLockQueue? Queue { get; internal set; }

    /// <summary>What else the lock says of itself, such as a file's name; null when there is nothing.</summary>
    public string? Detail { get; internal set; }

    /// <summary>Threads that own it.</summary>
    public IReadOnlyList<LockOwner> Owners => owners;

    /// <summary>Threads that wait for it, oldest first where the lock's queue could be read.</summary>
    public IReadOnlyList<LockWaiter> Waiters => waiters;

    /// <summary>Threads that are just acquiring or releasing it.</summary>
    public IReadOnlyList<LockOwner> Acquiring => acquiring;

    /// <summary>True when a thread is among the owners.</summary>
    public bool IsOwnedBy(ThreadAddress thread) => ownerAt.ContainsKey(thread);

    /// <summary>A thread's wait for this lock; null when it does not wait for it.</summary>
    public LockWaiter? Waiter(ThreadAddress thread) => waiterOf.GetValueOrDefault(thread);

    /// <summary>
    /// _KWAIT_REASON of the threads that wait for it and for nothing but locks: a bit for each, of which there are fewer than 64.
    /// </summary>
    internal ulong WaitReasons { get; private set; }

    internal void AddWaitReason(byte reason) => WaitReasons |= 1UL << reason;

    /// <summary>True when the lock's own memory names a thread as its owner.</summary>
    internal bool Names(ThreadAddress thread) => named.Contains(thread);

    internal void AddOwner(LockOwner owner)
    {
        if (owner.FoundBy != FoundBy.LockEntry)
        {
            named.Add(owner.Thread);
        }

        if (ownerAt.TryAdd(owner.Thread, owners.Count))
        {
            owners.Add(owner);
        }
        else if (owner.IsDisowned)
        {
            int known = ownerAt[owner.Thread];
            owners[known] = owners[known] with { IsDisowned = true };
        }
    }

    /// <summary>Takes threads out of the waiters that have been woken and are about to own the lock.</summary>
    internal void RemoveWaiters(IReadOnlySet<LockWaiter> woken)
    {
        waiters.RemoveAll(woken.Contains);
        foreach (LockWaiter waiter in woken)
        {
            waiterOf.Remove(waiter.Thread);
        }
    }

    internal void AddAcquiring(LockOwner thread) => acquiring.Add(thread);

    /// <summary>Takes owners back that the lock itself denies: they are about to own it, or have just given it up.</summary>
    internal void RemoveOwners(Predicate<LockOwner> deny)
    {
        acquiring.AddRange(owners.FindAll(deny));
        owners.RemoveAll(deny);
        ownerAt.Clear();
        foreach ((int index, LockOwner owner) in owners.Index())
        {
            ownerAt.Add(owner.Thread, index);
        }
    }

    internal void AddOwnerPointer(ulong pointer) => ownerPointers.Add(pointer);

    /// <param name="thread">The thread; null when a wait block's thread cannot be found.</param>
    /// <param name="foundBy">How it was found.</param>
    internal LockWaiter AddWaiter(KernelThread? thread, FoundBy foundBy)
    {
        LockWaiter? waiter = thread is null ? null : Waiter(thread.Address);
        if (waiter is null)
        {
            waiter = new LockWaiter(thread);
            waiters.Add(waiter);
            if (thread is not null)
            {
                waiterOf.Add(thread.Address, waiter);
            }
        }

        waiter.AddFoundBy(foundBy);
        return waiter;
    }

    /// <summary>Puts the waiters into the order of the lock's queue; those that are not in it keep their place behind.</summary>
    internal void OrderWaiters(IReadOnlyList<LockWaiter> queue)
    {
        HashSet<LockWaiter> queued = [.. queue];
        List<LockWaiter> others = waiters.FindAll(waiter => !queued.Contains(waiter));
        waiters.Clear();
        waiters.AddRange(queue);
        waiters.AddRange(others);
    }
}
