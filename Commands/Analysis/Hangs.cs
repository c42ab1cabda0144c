using LockLeak.Kernel;
using LockLeak.Locks;

namespace LockLeak.Analysis;

/// <summary>How long a thread has waited for a lock.</summary>
/// <param name="Thread">Who waits.</param>
/// <param name="Milliseconds">For how long.</param>
/// <param name="IsLowerBound">
/// True when it may be longer: the kernel begins the time of a wait for a resource anew every few seconds.
/// </param>
internal sealed record LockWait(ThreadAddress Thread, long Milliseconds, bool IsLowerBound);

/// <summary>The thread that most threads of a hang wait for.</summary>
/// <param name="Chain">The longest line of threads that leads to it; it is the last one.</param>
/// <param name="Longest">The longest wait on any line to it.</param>
internal sealed record Blocker(WaitChain Chain, LockWait Longest)
{
    /// <summary>Who it is.</summary>
    public ThreadAddress Thread => Chain.Threads[^1];
}

/// <summary>A lock that somebody has waited long for.</summary>
/// <param name="Lock">The lock.</param>
/// <param name="Longest">The longest wait for it.</param>
internal sealed record LongContention(LockNode Lock, LockWait Longest);

/// <summary>Tells a hang from contention: waits for locks that are longer than any that a busy machine has.</summary>
/// <remarks>
/// Windows itself calls a window hung after five seconds
/// (https://learn.microsoft.com/windows/win32/api/winuser/nf-winuser-ishungappwindow). A wait for a resource has a timeout of half a second
/// and then one of four seconds, for ever, and with each the time of the wait begins anew (docs/kernel-facts.md): it never shows five
/// seconds, and one that shows more than half a second is not in its first round. Only waits for locks count, since to wait for threads,
/// processes and messages is how programs run; and only those in kernel mode: who waits in user mode can be ended at any time, and programs
/// wait for days for each other.
/// </remarks>
internal sealed class Hangs
{
    /// <summary>A wait is long from here on.</summary>
    public const long LongMilliseconds = 5000;

    /// <summary>The same for a resource.</summary>
    private const long LongForResource = 2000;

    private readonly Dictionary<ThreadAddress, LockWait> longWaits = [];
    private readonly List<LongContention> contentions = [];

    /// <summary>Looks at all waits for locks that the graph knows. Nothing is read but the clock.</summary>
    public Hangs(KernelView view, LockGraph graph)
    {
        bool isAnybody = false, areShort = true;
        foreach (LockNode node in graph.Locks.Where(node => node.Kind.IsLock))
        {
            LockWait? longest = null;
            foreach (KernelThread thread in node.Waiters.Select(waiter => waiter.Known).Present())
            {
                isAnybody = true;
                LockWait? wait = Wait(view, thread);
                areShort &= wait is { IsLowerBound: false, Milliseconds: < LongMilliseconds };
                if (wait is not null && IsLong(wait))
                {
                    longWaits[thread.Address] = wait;
                    longest = Longer(longest, wait);
                }
            }

            if (longest is not null)
            {
                contentions.Add(new LongContention(node, longest));
            }
        }

        AllAreShort = isAnybody && areShort;
    }

    /// <summary>True when threads wait for locks, and each has done so for less than <see cref="LongMilliseconds"/> for certain.</summary>
    public bool AllAreShort { get; }

    /// <summary>The thread that most threads wait for, one of them long; null when nothing hangs.</summary>
    /// <param name="chains">Follows threads to each other.</param>
    /// <param name="ranked">The chains in question, most waiters first.</param>
    public Blocker? Find(WaitChains chains, IEnumerable<WaitChain> ranked) => longWaits.Count == 0 ? null : ranked
        .Select(chain => (Chain: chain, Longest: Longest(chains.BlockedBy([chain.Threads[^1]]))))
        .Where(found => found.Longest is not null)
        .Select(found => new Blocker(found.Chain, found.Longest!))
        .FirstOrDefault();

    /// <summary>The locks with long waits, most waiters first.</summary>
    public IReadOnlyList<LongContention> Contentions() =>
    [
        .. contentions.OrderByDescending(found => found.Lock.Waiters.Count).ThenByDescending(found => found.Longest.Milliseconds)
            .ThenBy(found => found.Lock.Address.Value),
    ];

    private LockWait? Longest(IReadOnlyList<ThreadAddress> threads)
    {
        LockWait? longest = null;
        foreach (ThreadAddress thread in threads)
        {
            longest = longWaits.TryGetValue(thread, out LockWait? wait) ? Longer(longest, wait) : longest;
        }

        return longest;
    }

    private static LockWait Longer(LockWait? longest, LockWait wait) => longest is null || wait.Milliseconds > longest.Milliseconds ||
        (wait.Milliseconds == longest.Milliseconds && wait.Thread.Value < longest.Thread.Value) ? wait : longest;

    /// <summary>True when a thread has waited in the kernel, for whatever it is, longer than on a machine that is only busy.</summary>
    public static bool IsLong(KernelView view, KernelThread thread) => Wait(view, thread) is { } wait && IsLong(wait);

    private static bool IsLong(LockWait wait) => wait.Milliseconds >= (wait.IsLowerBound ? LongForResource : LongMilliseconds);

    private static LockWait? Wait(KernelView view, KernelThread thread) =>
        !thread.WaitsInUserMode && view.WaitMilliseconds(thread) is { } milliseconds
            ? new LockWait(thread.Address, milliseconds, thread.WaitReason == WaitReasons.WrResource)
            : null;
}
