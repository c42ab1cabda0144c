using System.Numerics;
using LockLeak.Kernel;

namespace LockLeak.Locks;

/// <summary>All kinds of lock, and how the kind of one is told.</summary>
internal static class LockKinds
{
    /// <summary>_EX_PUSH_LOCK.</summary>
    public static ReadableLock PushLock { get; } = new PushLock();

    /// <summary>_ERESOURCE.</summary>
    public static ReadableLock Resource { get; } = new Resource();

    /// <summary>_KMUTANT.</summary>
    public static ReadableLock Mutant { get; } = new Mutant();

    /// <summary>_KALPC_MESSAGE.</summary>
    public static LockKind AlpcMessage { get; } = new AlpcMessage();

    /// <summary>
    /// Every kind that is told by a lock's memory or by a wait. What proves more stands first: a structure that other memory points
    /// back to, then one with several fields that must agree, last the push lock, which is any small number.
    /// </summary>
    public static ReadableLock[] All { get; } =
    [
        new FastResource(), Resource, new ThreadObject(), new ProcessObject(), Mutant, new FileObjectLock(), new GuardedMutex(),
        new FastMutex(), new CacheAwarePushLock(), new InPageBlock(), new SectionPointer(), new HiveWriteQueue(), PushLock,
    ];

    /// <summary>The kind of a lock by what lies there and what its waiters say.</summary>
    /// <param name="memory">The machine.</param>
    /// <param name="address">The lock.</param>
    /// <param name="firstWord">The first 64 bits there.</param>
    /// <param name="waitReasons">_KWAIT_REASON of the threads that wait for it, a bit for each.</param>
    /// <param name="assumed">What it is unless something else is proved.</param>
    internal static LockKind Of(LockMemory memory, LockAddress address, ulong firstWord, ulong waitReasons, LockKind assumed)
    {
        // A lock that a thread waits for with a reason of locks is of a kind that is waited for so, whatever its memory looks
        // like now: a freed lock's memory may hold anything.
        List<ReadableLock> candidates = [.. All.Where(kind => IsWaitedForWithAny(kind, waitReasons))];
        LockKind fallback = candidates.Count > 0 ? candidates[^1] : assumed;
        IReadOnlyList<ReadableLock> possible = candidates.Count > 0 ? candidates : All;
        return possible.FirstOrDefault(kind => kind.IsAt(memory, address, firstWord)) ?? fallback;
    }

    private static bool IsWaitedForWithAny(ReadableLock kind, ulong waitReasons)
    {
        for (ulong rest = waitReasons; rest != 0; rest &= rest - 1)
        {
            if (kind.IsWaitedForWith((byte)BitOperations.TrailingZeroCount(rest)))
            {
                return true;
            }
        }

        return false;
    }
}
