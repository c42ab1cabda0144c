namespace KernelImages.LockStates;

/// <summary>
/// A moment of a machine on which threads fight for locks: its memory, and what was true then (README.md beside this file).
/// </summary>
/// <param name="Id">"s021".</param>
/// <param name="Set">"push old", "push middle", "push new", "hang", "resource", "mutex" or "blocked".</param>
/// <param name="Builds">Builds on which it could have happened, by build number.</param>
public sealed record LockState(string Id, string Set, IReadOnlyList<string> Builds)
{
    /// <summary>The threads; the index is the number by which everything else refers to one.</summary>
    public required IReadOnlyList<StateThread> Threads { get; init; }

    /// <summary>The locks; the index is their number.</summary>
    public required IReadOnlyList<StateLock> Locks { get; init; }

    /// <summary>Objects that threads wait for, each with the threads in the order of its wait list.</summary>
    public required IReadOnlyList<(ulong Object, IReadOnlyList<int> Threads)> Waits { get; init; }

    /// <summary>Bytes of the locks and stacks.</summary>
    public required IReadOnlyList<(ulong Address, byte[] Bytes)> Memory { get; init; }

    /// <summary>Where the address of a thread's _ETHREAD lies, with something added to it.</summary>
    public required IReadOnlyList<(ulong Address, int Thread, uint Low)> ThreadPointers { get; init; }

    /// <summary>Where, from 19041 on, the address of a thread's _KLOCK_ENTRY for a lock lies.</summary>
    public required IReadOnlyList<(ulong Address, int Thread, int Lock)> EntryPointers { get; init; }

    /// <summary>The thread that keeps a lock for ever; null where none does.</summary>
    public StateHang? Hang { get; init; }
}

/// <summary>A thread.</summary>
/// <param name="StackLimit">Lowest byte of its kernel stack.</param>
/// <param name="StackBase">One past the highest.</param>
/// <param name="State">Name of its _KTHREAD_STATE.</param>
/// <param name="WaitReason">Name of its _KWAIT_REASON.</param>
/// <param name="WaitObject">What it waits for; null when it waits for time or not at all.</param>
/// <param name="Claims">Its parts in locks, in the order in which they were made.</param>
public sealed record StateThread(ulong StackLimit, ulong StackBase, string State, string WaitReason, ulong? WaitObject,
    IReadOnlyList<StateClaim> Claims);

/// <summary>A thread's part in a lock.</summary>
/// <param name="Lock">The lock's number.</param>
/// <param name="Entry">What the thread's lock entry says: "owns", "waits", "acquiring", or "none" without an entry.</param>
/// <param name="Mode">"exclusive", "shared", or null.</param>
public sealed record StateClaim(int Lock, string Entry, string? Mode);

/// <summary>A lock with the truth about it.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Address">Where it is.</param>
/// <param name="Kind">In the words of the JSON: "push lock", "resource", "fast mutex", "guarded mutex".</param>
/// <param name="Owners">Who owns it.</param>
/// <param name="Waiters">Who waits for it, oldest first.</param>
/// <param name="InFlight">Threads that are in the middle of a step at this lock, and what step.</param>
/// <param name="IsContended">Somebody waits for it.</param>
/// <param name="IsSteady">No thread is, and the lock's Waking bit is clear.</param>
public sealed record StateLock(
    int Id, ulong Address, string Kind, IReadOnlyList<StateOwner> Owners, IReadOnlyList<StateWaiter> Waiters,
    IReadOnlyList<(int Thread, string Step)> InFlight, bool IsContended, bool IsSteady);

/// <summary>An owner.</summary>
/// <param name="Thread">Number of the thread.</param>
/// <param name="Mode">"exclusive" or "shared".</param>
/// <param name="ByPointer">The resource names it by an owner pointer: thread | 3.</param>
public sealed record StateOwner(int Thread, string Mode, bool ByPointer);

/// <summary>A waiter.</summary>
/// <param name="Thread">Number of the thread.</param>
/// <param name="Mode">"exclusive", "shared", or null where there are no modes.</param>
/// <param name="Block">Its wait block; null where there is none.</param>
public sealed record StateWaiter(int Thread, string? Mode, ulong? Block);

/// <summary>A lock that is kept for ever.</summary>
/// <param name="Lock">Its number.</param>
/// <param name="Owner">Number of the thread that keeps it.</param>
/// <param name="Blocked">Threads that it blocks.</param>
public sealed record StateHang(int Lock, int Owner, int Blocked);
