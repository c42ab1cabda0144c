using LockLeak.Kernel;
using LockLeak.Target;

namespace LockLeak.Locks;

/// <summary>An _EX_PUSH_LOCK_WAIT_BLOCK: a waiter's node in the queue of a push lock, on the waiter's own kernel stack.</summary>
/// <remarks>
/// Windows 7's symbols are the last that have the type; its fields are where they were up to 24H2, and later kernels
/// put the waiter's lock entry behind them. The event at its start makes the block the object of the waiter's wait.
/// </remarks>
/// <param name="Address">Where the block is.</param>
/// <param name="Next">The next older block; in the oldest one whatever the stack held.</param>
/// <param name="Last">The oldest block, in one of the blocks at least; 0 in those that do not say it.</param>
/// <param name="ShareCount">In the oldest block: number of shared owners when the first waiter came; 0 or -2 for an exclusive one.</param>
/// <param name="IsExclusive">The waiter wants the lock exclusively.</param>
/// <param name="LockEntry">The waiter's _KLOCK_ENTRY; 0 when there is none.</param>
/// <param name="WaitList">First link of the event's wait list: the waiter's _KWAIT_BLOCK, or the list head itself while it spins.</param>
internal sealed record PushLockWaitBlock(ulong Address, ulong Next, ulong Last, int ShareCount, bool IsExclusive, EntryAddress LockEntry,
    ulong WaitList)
{
    /// <summary>Bytes of a block.</summary>
    public const int Size = 0x40;

    private static readonly TypeField NextField = Field(0x18, 8), LastField = Field(0x20, 8), ShareCountField = Field(0x30, 4),
    FlagsField = Field(0x34, 4),
        LockEntryField = Field(0x38, 8), WaitListField = Field(8, 8);

    /// <summary>Reads one block; null when it cannot be read.</summary>
    public static PushLockWaitBlock? TryRead(KernelMemory memory, ulong address) =>
        memory.TryReadWindow(address, 0, Size) is not { } window ? null : new PushLockWaitBlock(
            address,
            memory.Canonical(window.Value(NextField)),
            memory.Canonical(window.Value(LastField)),
            (int)(uint)window.Value(ShareCountField),
            (window.Value(FlagsField) & 1) != 0,
            new EntryAddress(memory.Canonical(window.Value(LockEntryField))),
            memory.Canonical(window.Value(WaitListField)));

    private static TypeField Field(int offset, int size) => new(offset, size, 0, 0, IsPointer: size == 8);
}
