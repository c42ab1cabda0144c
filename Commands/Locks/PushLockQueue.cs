using LockLeak.Kernel;

namespace LockLeak.Locks;

/// <summary>The wait blocks that hang on a push lock.</summary>
/// <param name="NewestFirst">The blocks that could be read.</param>
/// <param name="IsWhole">True when the walk came to the oldest block.</param>
internal sealed record PushLockQueue(IReadOnlyList<PushLockWaitBlock> NewestFirst, bool IsWhole)
{
    /// <summary>More waiters than a machine has threads in one queue; ends a chain that was overwritten.</summary>
    private const int Longest = 100_000;

    /// <summary>The queue of a lock that somebody owns.</summary>
    /// <remarks>
    /// From the newest block along Next, the first block whose Last is not null names the oldest one, itself perhaps, and the
    /// queue ends there: Next of the oldest block is not cleared and leads to the stack of a thread that has got the lock since.
    /// The wake-up takes Last in the same way (ExfWakePushLock in
    /// https://github.com/reactos/reactos/blob/master/ntoskrnl/ex/pushlock.c).
    /// </remarks>
    /// <param name="memory">The target's memory.</param>
    /// <param name="newest">The block that the lock's value names.</param>
    public static PushLockQueue Walk(KernelMemory memory, ulong newest)
    {
        ulong oldest = 0;
        return Walk(memory, newest, block =>
        {
            oldest = oldest == 0 ? block.Last : oldest;
            return oldest == block.Address;
        });
    }

    /// <summary>The queue of a lock that threads wait on until somebody unblocks it (ExBlockPushLock): it ends with a null Next.</summary>
    /// <param name="memory">The target's memory.</param>
    /// <param name="newest">The block that the lock's value names.</param>
    public static PushLockQueue WalkBlocked(KernelMemory memory, ulong newest) => Walk(memory, newest, block => block.Next == 0);

    private static PushLockQueue Walk(KernelMemory memory, ulong newest, Predicate<PushLockWaitBlock> isOldest)
    {
        var blocks = new List<PushLockWaitBlock>();
        var seen = new HashSet<ulong>();
        for (ulong address = newest; blocks.Count < Longest && seen.Add(address) &&
            PushLockWaitBlock.TryRead(memory, address) is { } block; address = block.Next)
        {
            blocks.Add(block);
            if (isOldest(block))
            {
                return new PushLockQueue(blocks, IsWhole: true);
            }
        }

        return new PushLockQueue(blocks, IsWhole: false);
    }
}
