using System.Text.Json.Serialization;

namespace LockLeak.Kernel;

/// <summary>What a lock entry says about its thread and its lock.</summary>
[JsonConverter(typeof(WrittenByReports))]
internal enum LockRelation
{
    /// <summary>The entry is not in use.</summary>
    Free,

    /// <summary>In use, neither flag set: the thread is just acquiring or releasing the lock.</summary>
    Acquiring,

    /// <summary>The thread waits for the lock.</summary>
    Waits,

    /// <summary>The thread owns the lock.</summary>
    Owns,

    /// <summary>Another thread released the lock for this one; the entry comes back by itself. No leak.</summary>
    Orphaned,
}

/// <summary>One decoded lock entry.</summary>
/// <param name="Address">_KLOCK_ENTRY.</param>
/// <param name="Index">Position in the thread's set.</param>
/// <param name="Thread">_ETHREAD whose set holds the entry.</param>
/// <param name="Relation">What it says.</param>
/// <param name="Lock">The lock; 0 when the entry names none.</param>
internal sealed record LockEntry(EntryAddress Address, int Index, ThreadAddress Thread, LockRelation Relation, LockAddress Lock)
{
    /// <summary>The 64 bits that hold the lock's address and flags, as they stand in memory.</summary>
    public ulong LockUnsafe { get; init; }

    /// <summary>The entry is linked in a tree of its lock.</summary>
    public bool InTree { get; init; }

    /// <summary>The entry holds the trees of its contended lock.</summary>
    public bool IsHead { get; init; }

    /// <summary>
    /// Where the trees of its lock are: the entry itself when it is the head, on D the _AB_HEAD_ENTRY; 0 when it leads to none.
    /// </summary>
    public ulong Trees { get; init; }

    /// <summary>The kernel is just changing the entry.</summary>
    public bool IsBusy { get; init; }

    /// <summary>A disowned resource: another thread may release the lock, so this thread is not the one that forgot.</summary>
    public bool IsCrossThreadReleasable { get; init; }

    /// <summary>The entry tracks a lock of user mode. Never a leak, never an owner of a kernel lock.</summary>
    public bool IsUser { get; init; }

    /// <summary>Session of a lock in session space, else -1.</summary>
    public int SessionId { get; init; } = -1;

    /// <summary>All flags, raw.</summary>
    public uint EntryFlags { get; init; }

    /// <summary>Flags that other threads set, raw.</summary>
    public byte CrossThreadFlags { get; init; }

    /// <summary>Priority key of a waiter (negated priority); meaningless in a head entry.</summary>
    public sbyte CpuPriorityKey { get; init; }

    /// <summary>Boosts through this entry, raw.</summary>
    public ulong Boosts { get; init; }

    /// <summary>
    /// The thread that the entry itself leads to, by the road that the kernel takes; null when that road is missing on
    /// this build. It differs from <see cref="Thread"/> only in a corrupt entry.
    /// </summary>
    public ThreadAddress? ComputedThread { get; init; }

    /// <summary>True when the entry leads to another thread than the one it lies in (0x153 with state 3).</summary>
    public bool IsCorrupt => ComputedThread is { } computed && computed != Thread;

    /// <summary>True when the entry is in use and names a lock of the kernel.</summary>
    public bool NamesALock => IsInUse && !IsUser && Lock.Value != 0;

    /// <summary>True when the kernel holds the entry to be taken: the states that 0x153 complains about.</summary>
    public bool IsInUse => Relation is LockRelation.Acquiring or LockRelation.Waits or LockRelation.Owns;
}
