using LockLeak.Target;

namespace LockLeak.Kernel;

/// <summary>An _EX_PUSH_LOCK_WAIT_BLOCK: a waiter's node in the queue of a push lock, on the waiter's own kernel stack.</summary>
/// <remarks>
/// Windows 7's symbols are the last that have the type; its fields are where they were up to 24H2, and later kernels
/// put the waiter's lock entry behind them. The event at its start makes the block the object of the waiter's wait.
/// </remarks>
/// <param name="Address">Where the block is.</param>
/// <param name="Next">The next older block; 0 in the oldest.</param>
/// <param name="ShareCount">In the oldest block: number of shared owners; 0 or -2 for an exclusive owner.</param>
/// <param name="IsExclusive">The waiter wants the lock exclusively.</param>
/// <param name="LockEntry">The waiter's _KLOCK_ENTRY; 0 when there is none.</param>
/// <param name="WaitList">First link of the event's wait list: the waiter's _KWAIT_BLOCK, or the list head itself while it spins.</param>
public sealed record PushLockWaitBlock(ulong Address, ulong Next, int ShareCount, bool IsExclusive, ulong LockEntry, ulong WaitList)
{
    /// <summary>More waiters than a machine has threads in one queue; ends a chain that was overwritten.</summary>
    private const int Limit = 100_000;

    private const int Size = 0x40;

    private static readonly TypeField NextField = Field(0x18, 8), ShareCountField = Field(0x30, 4), FlagsField = Field(0x34, 4),
        LockEntryField = Field(0x38, 8), WaitListField = Field(8, 8);

    /// <summary>True when no thread has come to wait on the event yet.</summary>
    public bool HasNoSleeper => WaitList == Address + (ulong)WaitListField.Offset;

    /// <summary>Reads one block; null when it cannot be read.</summary>
    public static PushLockWaitBlock? TryRead(KernelMemory memory, ulong address) =>
        memory.TryReadWindow(address, 0, Size) is not { } window ? null : new PushLockWaitBlock(
            address,
            memory.Canonical(window.Value(NextField)),
            (int)(uint)window.Value(ShareCountField),
            (window.Value(FlagsField) & 1) != 0,
            memory.Canonical(window.Value(LockEntryField)),
            memory.Canonical(window.Value(WaitListField)));

    /// <summary>All blocks of a push lock, newest first.</summary>
    /// <param name="memory">The target's memory.</param>
    /// <param name="newest">The block that the lock's value names.</param>
    /// <param name="notes">Gets a line when the chain breaks.</param>
    public static IReadOnlyList<PushLockWaitBlock> Walk(KernelMemory memory, ulong newest, Notes notes)
    {
        var blocks = new List<PushLockWaitBlock>();
        var seen = new HashSet<ulong>();
        for (ulong address = newest; address != 0; address = blocks[^1].Next)
        {
            if (blocks.Count == Limit || !seen.Add(address) || TryRead(memory, address) is not { } block)
            {
                notes.Add($"The chain of wait blocks from {Kernel.Address.Text(newest)} breaks after {blocks.Count} blocks at {Kernel.Address.Text(address)}.");
                break;
            }

            blocks.Add(block);
        }

        return blocks;
    }

    private static TypeField Field(int offset, int size) => new(offset, size, 0, 0, IsPointer: size == 8);
}
