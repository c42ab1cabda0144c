using LockLeak.Target;

namespace LockLeak.Kernel;

/// <summary>
/// One lock entry as data: where each thing that an entry says lies, for the kernel at hand. A field that this
/// generation does not have is null. Supporting another generation means filling in another shape.
/// </summary>
/// <param name="Family">The generation.</param>
/// <param name="Size">Bytes from one entry to the next.</param>
/// <param name="Lock">The lock's address together with the flag bits that share its 64 bits.</param>
/// <param name="LockHasFlags">True where bits 0, 1 and 63 of <paramref name="Lock"/> are flags; D stores a whole pointer.</param>
/// <param name="Waiting">Set while the entry's own thread waits for the lock.</param>
/// <param name="Acquired">Set while the entry's own thread owns the lock.</param>
internal sealed record LockEntryShape(LockEntryFamily Family, int Size, TypeField Lock, bool LockHasFlags, TypeField Waiting,
    TypeField Acquired)
{
    /// <summary>
    /// D: the lock in an _AB_HEAD_ENTRY, to which <see cref="Lock"/> of a linked entry leads. The trees of the lock are there
    /// too, in place of an entry of its own.
    /// </summary>
    public TypeField? HeadLock { get; init; }

    /// <summary>Set in the entry that holds the trees of a contended lock.</summary>
    public TypeField? HeadNode { get; init; }

    /// <summary>A disowned resource: another thread may release the lock.</summary>
    public TypeField? CrossThreadReleasable { get; init; }

    /// <summary>The kernel is just changing the entry.</summary>
    public TypeField? Busy { get; init; }

    /// <summary>Non-zero while the entry is linked in a tree, for shapes where bit 63 of the lock does not say so.</summary>
    public TypeField? InTree { get; init; }

    /// <summary>Entry number inside the thread's set (B, C, D).</summary>
    public TypeField? EntryIndex { get; init; }

    /// <summary>(Offset of the entry inside the thread) / 16 (A0 and A1 but for Windows 8.1).</summary>
    public TypeField? EntryOffset { get; init; }

    /// <summary>Windows 8.1: the thread's address, whose lowest and highest byte are flags.</summary>
    public TypeField? ThreadUnsafe { get; init; }

    /// <summary>Session of a lock in session space; -1 for every other lock.</summary>
    public TypeField? SessionId { get; init; }

    /// <summary>C and D: the entry tracks a user-mode lock.</summary>
    public TypeField? UserMode { get; init; }

    /// <summary>All flags of the entry, raw.</summary>
    public TypeField? EntryFlags { get; init; }

    /// <summary>Flags that other threads set.</summary>
    public TypeField? CrossThreadFlags { get; init; }

    /// <summary>Links of this entry in the tree of another entry.</summary>
    public TypeField? TreeNode { get; init; }

    /// <summary>Tree of the owners' entries; valid only in a head entry.</summary>
    public TypeField? OwnerTree { get; init; }

    /// <summary>Tree of the waiters' entries; valid only in a head entry.</summary>
    public TypeField? WaiterTree { get; init; }

    /// <summary>Priority of the waiter, negated; valid only where this is no head entry.</summary>
    public TypeField? CpuPriorityKey { get; init; }

    /// <summary>Boosts that the thread got through this entry, raw.</summary>
    public TypeField? Boosts { get; init; }

    /// <summary>The lock's address out of <see cref="Lock"/>; 0 when the entry holds no lock.</summary>
    /// <remarks>
    /// Bits 2 to 62 are the address; bit 63, which every kernel address has, is the InTree flag. An entry outside the
    /// trees therefore reads 0x7fff..., and taking the raw value for an address would lose its lock.
    /// </remarks>
    public ulong LockAddress(ulong raw)
    {
        if (!LockHasFlags)
        {
            return raw;
        }

        ulong bits = raw & 0x7FFF_FFFF_FFFF_FFFC;
        return bits == 0 ? 0 : bits | 1UL << 63;
    }
}
