using LockLeak.Kernel;
using LockLeak.Target;

namespace LockLeak.Analysis;

/// <summary>
/// Finds the push lock of a waiter that has no lock entry: on Windows 7 and 8, or when its entries ran out. The wait
/// block does not name its lock, but the lock names the newest wait block, and the functions around the wait keep the
/// lock's address in saved registers: below the block that of the acquiring function, above it that of its caller.
/// </summary>
public static class PushLockFinder
{
    /// <summary>Bytes of the stack that are searched: the frames of the wait below the block, those of the callers above it.</summary>
    private const int SearchedBelow = 0x200, SearchedAbove = 0x400;

    /// <summary>The lock whose queue holds the thread's wait block; null when it cannot be found.</summary>
    /// <param name="view">The machine.</param>
    /// <param name="thread">A thread that waits with WrPushLock.</param>
    /// <param name="waitBlock">The object of its wait, which is its wait block.</param>
    public static ulong? FindLock(KernelView view, KernelThread thread, ulong waitBlock)
    {
        if (!thread.IsOnStack(waitBlock))
        {
            return null;
        }

        ulong first = Math.Max(waitBlock - SearchedBelow, thread.StackLimit);
        int size = (int)(Math.Min(waitBlock + SearchedAbove, thread.StackBase) - first);
        if (view.Memory.TryReadWindow(first, 0, size) is not { } stack)
        {
            return null;
        }

        var tried = new HashSet<ulong>();
        for (int offset = 0; offset + sizeof(ulong) <= size; offset += sizeof(ulong))
        {
            ulong candidate = view.Memory.Canonical(stack.Value(new TypeField(offset, sizeof(ulong), 0, 0, true)));
            if (candidate % sizeof(ulong) == 0 && KernelMemory.IsKernelAddress(candidate) && !thread.IsOnStack(candidate) && tried.Add(candidate) &&
                IsLockOf(view, candidate, waitBlock))
            {
                return candidate;
            }
        }

        return null;
    }

    private static bool IsLockOf(KernelView view, ulong candidate, ulong waitBlock)
    {
        if (!view.Memory.TryReadUInt64(candidate, out ulong raw) || new PushLockValue(raw) is not { IsWaiting: true, IsPlausible: true } value)
        {
            return false;
        }

        // Most words that look like a lock with waiters are none: their chain breaks at once, which is no news for the user.
        return PushLockWaitBlock.Walk(view.Memory, value.WaitBlock, new Notes()).Any(block => block.Address == waitBlock);
    }
}
