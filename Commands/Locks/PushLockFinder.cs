using LockLeak.Kernel;
using LockLeak.Target;

namespace LockLeak.Locks;

/// <summary>
/// Finds the push lock of a waiter that has no lock entry: on Windows 7 and 8, when its entries ran out, or when it only
/// waits for the lock to be unblocked. The wait block does not name its lock, but the lock names the newest wait block, and
/// the functions around the wait keep the lock's address in saved registers: below the block that of the acquiring
/// function, above it that of its caller.
/// </summary>
internal static class PushLockFinder
{
    /// <summary>Bytes of the stack that are searched: the frames of the wait below the block, those of the callers above it.</summary>
    private const int SearchedBelow = 0x200, SearchedAbove = 0x400;

    /// <summary>The lock whose queue holds the thread's wait block; null when it cannot be found.</summary>
    /// <param name="memory">The machine.</param>
    /// <param name="thread">A thread that waits with WrPushLock.</param>
    /// <param name="waitBlock">The object of its wait, which is its wait block.</param>
    public static LockAddress? FindLock(LockMemory memory, KernelThread thread, ulong waitBlock)
    {
        if (!thread.IsOnStack(waitBlock))
        {
            return null;
        }

        ulong first = Math.Max(waitBlock - SearchedBelow, thread.StackLimit);
        int size = (int)(Math.Min(waitBlock + SearchedAbove, thread.StackBase) - first);
        if (memory.Memory.TryReadWindow(first, 0, size) is not { } stack)
        {
            return null;
        }

        var tried = new HashSet<ulong>();
        for (int offset = 0; offset + sizeof(ulong) <= size; offset += sizeof(ulong))
        {
            ulong candidate = memory.Memory.Canonical(stack.Value(new TypeField(offset, sizeof(ulong), 0, 0, true)));
            if (candidate % sizeof(ulong) == 0 && KernelMemory.IsKernelAddress(candidate) && !thread.IsOnStack(candidate) &&
                tried.Add(candidate) &&
                IsLockOf(memory, candidate, waitBlock))
            {
                return new LockAddress(candidate);
            }
        }

        return null;
    }

    private static bool IsLockOf(LockMemory memory, ulong candidate, ulong waitBlock)
    {
        if (!memory.Memory.TryReadUInt64(candidate, out ulong raw))
        {
            return false;
        }

        // Most words that look like a lock are none, and may lead into a long chain of anything: the newest block of a real one
        // lies on the stack of a thread that waits.
        var value = new PushLockValue(raw);
        if (value.WaitBlock == 0 || memory.View.ThreadOfStack(value.WaitBlock) is null)
        {
            return false;
        }

        return value.IsBlocked ? Holds(PushLockQueue.WalkBlocked(memory.Memory, value.WaitBlock), waitBlock)
            : value is { IsWaiting: true, IsPlausible: true } && Holds(PushLockQueue.Walk(memory.Memory, value.WaitBlock), waitBlock);
    }

    private static bool Holds(PushLockQueue queue, ulong waitBlock) =>
        queue.IsWhole && queue.NewestFirst.Any(block => block.Address == waitBlock);
}
