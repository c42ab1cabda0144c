namespace LockLeak.Analysis;

/// <summary>Follows threads from the lock that they wait for to its owners, and on.</summary>
/// <param name="graph">Who owns and who waits.</param>
public sealed class WaitChains(LockGraph graph)
{
    /// <summary>More circles than anybody reads; shared owners can make their number explode.</summary>
    private const int MostCycles = 100;

    /// <summary>
    /// All circles of threads, each once and in order: the thread at an index waits for the lock at the same index,
    /// which the next thread owns.
    /// </summary>
    /// <remarks>
    /// A depth-first search with its own stack. A thread waits for one lock, so the branches are the owners of that lock;
    /// an edge back to a thread on the current path closes a circle, whatever else owns the lock: an exclusive waiter needs
    /// every owner to let go.
    /// </remarks>
    public IReadOnlyList<(IReadOnlyList<ulong> Threads, IReadOnlyList<ulong> Locks)> Cycles()
    {
        var cycles = new List<(IReadOnlyList<ulong>, IReadOnlyList<ulong>)>();
        var done = new HashSet<ulong>();
        foreach (ulong start in Waiting().Order())
        {
            var path = new List<(ulong Thread, Queue<ulong> Owners)>();
            var position = new Dictionary<ulong, int>();
            Enter(start);
            while (path.Count > 0)
            {
                (ulong thread, Queue<ulong> owners) = path[^1];
                if (!owners.TryDequeue(out ulong owner))
                {
                    done.Add(thread);
                    position.Remove(thread);
                    path.RemoveAt(path.Count - 1);
                }
                else if (position.TryGetValue(owner, out int first))
                {
                    List<ulong> threads = [.. path[first..].Select(step => step.Thread)];
                    cycles.Add((threads, [.. threads.Select(step => graph.WaitsFor(step)!.Address)]));
                    if (cycles.Count == MostCycles)
                    {
                        return cycles;
                    }
                }
                else
                {
                    Enter(owner);
                }
            }

            void Enter(ulong thread)
            {
                if (!done.Contains(thread) && graph.WaitsFor(thread) is { } node)
                {
                    position.Add(thread, path.Count);
                    path.Add((thread, new Queue<ulong>(node.Owners.Select(owner => owner.Thread))));
                }
            }
        }

        return cycles;
    }

    /// <summary>
    /// The longest line to each thread that others wait for and that itself waits for no lock, or for one whose owner is
    /// unknown; most waiters first. Of the threads that share a lock one stands for all.
    /// </summary>
    public IReadOnlyList<WaitChain> Chains()
    {
        var roots = graph.Locks.SelectMany(node => node.Waiters.Count == 0 ? [] : node.Owners).Select(owner => owner.Thread).Distinct();
        return
        [
            .. roots.Where(root => graph.WaitsFor(root) is not { Owners.Count: > 0 }).Order().Select(LongestTo).Where(chain => chain.Locks.Count > 0)
                .DistinctBy(chain => chain.Locks[^1])
                .OrderByDescending(chain => chain.Blocked).ThenByDescending(chain => chain.Threads.Count).ThenBy(chain => chain.Threads[^1]),
        ];
    }

    /// <summary>All threads that wait for one of some threads, directly or not, without those threads themselves.</summary>
    public IReadOnlyList<ulong> BlockedBy(IReadOnlyList<ulong> threads)
    {
        var next = threads.ToDictionary(thread => thread, _ => 0UL);
        Spread(next, [.. threads]);
        return [.. next.Keys.Except(threads)];
    }

    private WaitChain LongestTo(ulong root)
    {
        var next = new Dictionary<ulong, ulong> { [root] = 0 };
        ulong last = Spread(next, [root]);
        var threads = new List<ulong>();
        for (ulong thread = last; thread != 0; thread = next[thread])
        {
            threads.Add(thread);
        }

        List<ulong> locks = [.. threads.SkipLast(1).Select(thread => graph.WaitsFor(thread)!.Address)];
        return new WaitChain(threads, locks, next.Count - 1, locks.Count == 0 ? 0 : graph.Find(locks[^1])!.Owners.Count);
    }

    /// <summary>Breadth-first outwards; each thread that is reached notes the one that it waits for.</summary>
    /// <returns>The thread that was reached last, which ends the longest line.</returns>
    private ulong Spread(Dictionary<ulong, ulong> next, List<ulong> roots)
    {
        var queue = new Queue<ulong>(roots);
        ulong last = roots[0];
        while (queue.TryDequeue(out ulong owner))
        {
            last = owner;
            foreach (ulong waiter in WaitersOn(owner).Where(waiter => next.TryAdd(waiter, owner)))
            {
                queue.Enqueue(waiter);
            }
        }

        return last;
    }

    private IEnumerable<ulong> WaitersOn(ulong owner) => owned.Value[owner]
        .SelectMany(node => node.Waiters)
        .Select(waiter => waiter.Thread)
        .Where(thread => thread != 0 && graph.WaitsFor(thread) is { } node && node.Owners.Any(known => known.Thread == owner));

    private readonly Lazy<ILookup<ulong, LockNode>> owned = new(() =>
        graph.Locks.SelectMany(node => node.Owners.Select(owner => (owner.Thread, Node: node))).ToLookup(pair => pair.Thread, pair => pair.Node));

    private IEnumerable<ulong> Waiting() => graph.Locks.SelectMany(node => node.Waiters).Select(waiter => waiter.Thread).Where(thread => thread != 0).Distinct();
}
