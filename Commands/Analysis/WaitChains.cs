using LockLeak.Kernel;
using LockLeak.Locks;

namespace LockLeak.Analysis;

/// <summary>
/// Threads that wait for each other: the thread at an index waits for the lock at the same index, which the next thread owns.
/// </summary>
/// <param name="Threads">The circle, from any of its threads on.</param>
/// <param name="Locks">One for each thread.</param>
internal sealed record WaitCircle(IReadOnlyList<ThreadAddress> Threads, IReadOnlyList<LockNode> Locks);

/// <summary>Follows threads from the lock that they wait for to its owners, and on.</summary>
/// <param name="graph">Who owns and who waits.</param>
internal sealed class WaitChains(LockGraph graph)
{
    /// <summary>More circles than anybody reads; shared owners can make their number explode.</summary>
    private const int MostCircles = 100;

    private readonly Lazy<ILookup<ThreadAddress, LockNode>> owned = new(() =>
        graph.Locks.Where(node => node.Waiters.Count > 0).SelectMany(node => node.Owners.Select(owner => (owner.Thread, Node: node)))
            .ToLookup(pair => pair.Thread, pair => pair.Node));

    /// <summary>All circles of threads that wait and will not stop waiting, each once.</summary>
    /// <remarks>
    /// A depth-first search with its own stack. The branches of a thread are the owners of what it waits for; an edge back to
    /// a thread on the current path closes a circle, whatever else owns the lock: an exclusive waiter needs every owner to let
    /// go, and a shared one waits behind an exclusive waiter or owner.
    /// </remarks>
    public IReadOnlyList<WaitCircle> Circles()
    {
        var circles = new List<WaitCircle>();
        var done = new HashSet<ThreadAddress>();
        var doneLocks = new HashSet<LockNode>();
        var path = new List<Step>();
        var position = new Dictionary<ThreadAddress, int>();
        foreach (ThreadAddress start in Waiting())
        {
            Enter(start);
            while (path.Count > 0)
            {
                Step step = path[^1];
                if (step.NextOwner(doneLocks) is not { } owner)
                {
                    done.Add(step.Thread);
                    position.Remove(step.Thread);
                    path.RemoveAt(path.Count - 1);
                }
                else if (position.TryGetValue(owner, out int first))
                {
                    step.LeadsBack = true;
                    circles.Add(new WaitCircle([.. path[first..].Select(step => step.Thread)],
                        [.. path[first..].Select(step => step.Lock!)]));
                    if (circles.Count == MostCircles)
                    {
                        return circles;
                    }
                }
                else
                {
                    Enter(owner);
                }
            }

            void Enter(ThreadAddress thread)
            {
                if (!done.Contains(thread))
                {
                    position.Add(thread, path.Count);
                    path.Add(new Step(thread, graph));
                }
            }
        }

        return circles;
    }

    /// <summary>
    /// The longest line to each thread that others wait for and that itself waits for no lock, or for one whose owner is
    /// unknown; most waiters first. Of the threads that share a lock one stands for all.
    /// </summary>
    public IReadOnlyList<WaitChain> Chains()
    {
        IEnumerable<ThreadAddress> roots = graph.Locks.Where(node => node.Waiters.Count > 0)
            .SelectMany(node => node.Owners.Select(owner => owner.Thread).Where(IsLast).OrderBy(owner => owner.Value).Take(1)).Distinct();
        return
        [
            .. roots.Select(LongestTo).Where(chain => chain.Locks.Count > 0)
                .OrderByDescending(chain => chain.Blocked).ThenByDescending(chain => chain.Threads.Count)
                    .ThenBy(chain => chain.Threads[^1].Value),
        ];
    }

    /// <summary>All threads that wait for one of some threads, directly or not, without those threads themselves.</summary>
    public IReadOnlyList<ThreadAddress> BlockedBy(IReadOnlyList<ThreadAddress> threads)
    {
        var next = threads.ToDictionary(thread => thread, _ => default((ThreadAddress, LockNode)?));
        Spread(next, threads);
        return [.. next.Keys.Except(threads)];
    }

    private bool IsLast(ThreadAddress thread) => graph.WaitsOf(thread).All(node => node.Owners.Count == 0);

    private WaitChain LongestTo(ThreadAddress root)
    {
        var next = new Dictionary<ThreadAddress, (ThreadAddress Thread, LockNode Lock)?> { [root] = null };
        ThreadAddress last = Spread(next, [root]);
        List<ThreadAddress> threads = [last];
        List<LockNode> locks = [];
        while (next[threads[^1]] is { } step)
        {
            threads.Add(step.Thread);
            locks.Add(step.Lock);
        }

        return new WaitChain(threads, locks, next.Count - 1, locks.Count == 0 ? 0 : locks[^1].Owners.Count);
    }

    /// <summary>Breadth-first outwards; each thread that is reached notes the one that it waits for, and the lock.</summary>
    /// <returns>The thread that was reached last, which ends the longest line.</returns>
    private ThreadAddress Spread(Dictionary<ThreadAddress, (ThreadAddress Thread, LockNode Lock)?> next, IReadOnlyList<ThreadAddress> roots)
    {
        var queue = new Queue<ThreadAddress>(roots);
        var seen = new HashSet<LockNode>();
        ThreadAddress last = roots[0];
        while (queue.TryDequeue(out ThreadAddress owner))
        {
            last = owner;
            foreach (LockNode node in owned.Value[owner])
            {
                foreach (LockWaiter waiter in seen.Add(node) ? node.Waiters : [])
                {
                    if (waiter.Thread.Value != 0 && next.TryAdd(waiter.Thread, (owner, node)))
                    {
                        queue.Enqueue(waiter.Thread);
                    }
                }
            }
        }

        return last;
    }

    /// <summary>Threads that others wait for and that wait themselves: no other one can be part of a circle.</summary>
    private IEnumerable<ThreadAddress> Waiting() =>
        owned.Value.Select(owner => owner.Key).Where(thread => graph.WaitsOf(thread).Count > 0).OrderBy(thread => thread.Value);

    /// <summary>
    /// A thread on the path of the search, and who has to let go of what before it can go on; nobody when it may go on by itself.
    /// </summary>
    /// <param name="thread">The thread.</param>
    /// <param name="graph">What it waits for.</param>
    private sealed class Step(ThreadAddress thread, LockGraph graph)
    {
        private readonly IReadOnlyList<LockNode> locks = graph.WaitsOf(thread);
        private int nextLock, next;

        /// <summary>The thread.</summary>
        public ThreadAddress Thread => thread;

        /// <summary>The lock whose owners are gone through.</summary>
        public LockNode? Lock { get; private set; }

        /// <summary>An owner of <see cref="Lock"/> is on the path.</summary>
        public bool LeadsBack { get; set; }

        /// <summary>The next owner; null after the last one.</summary>
        /// <param name="done">
        /// Locks whose owners lead to nothing that was not found already: else each of many waiters would go through all of many owners.
        /// </param>
        public ThreadAddress? NextOwner(HashSet<LockNode> done)
        {
            while (true)
            {
                while (next < Lock?.Owners.Count)
                {
                    // A disowned resource will be released by another thread than the one that took it.
                    LockOwner owner = Lock.Owners[next++];
                    if (!owner.IsDisowned)
                    {
                        return owner.Thread;
                    }
                }

                if (Lock is not null && !LeadsBack)
                {
                    done.Add(Lock);
                }

                do
                {
                    if (nextLock == locks.Count)
                    {
                        return null;
                    }

                    (Lock, next, LeadsBack) = (locks[nextLock++], 0, false);
                }
                while (done.Contains(Lock) || !graph.WaitsFirmly(thread, Lock));
            }
        }
    }
}
