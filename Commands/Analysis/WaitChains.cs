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

    /// <summary>The longest line to each thread that others wait for and that itself waits for no lock; most waiters first.</summary>
    public IReadOnlyList<WaitChain> Chains()
    {
        var chains = new List<WaitChain>();
        var roots = graph.Locks.SelectMany(node => node.Waiters.Count == 0 ? [] : node.Owners).Select(owner => owner.Thread).Distinct();
        foreach (ulong root in roots.Where(root => graph.WaitsFor(root) is null))
        {
            chains.Add(LongestTo(root));
        }

        return [.. chains.OrderByDescending(chain => chain.Blocked).ThenByDescending(chain => chain.Threads.Count).ThenBy(chain => chain.Threads[^1])];
    }

    /// <summary>Breadth-first from the root outwards: the last thread that is reached ends the longest line.</summary>
    private WaitChain LongestTo(ulong root)
    {
        var next = new Dictionary<ulong, ulong> { [root] = 0 };
        var queue = new Queue<ulong>([root]);
        ulong last = root;
        while (queue.TryDequeue(out ulong owner))
        {
            last = owner;
            foreach (ulong waiter in WaitersOn(owner).Where(waiter => next.TryAdd(waiter, owner)))
            {
                queue.Enqueue(waiter);
            }
        }

        var threads = new List<ulong>();
        for (ulong thread = last; thread != 0; thread = next[thread])
        {
            threads.Add(thread);
        }

        return new WaitChain(threads, [.. threads.SkipLast(1).Select(thread => graph.WaitsFor(thread)!.Address)], next.Count - 1);
    }

    private IEnumerable<ulong> WaitersOn(ulong owner) => owned.Value[owner]
        .SelectMany(node => node.Waiters)
        .Select(waiter => waiter.Thread)
        .Where(thread => thread != 0 && graph.WaitsFor(thread) is { } node && node.Owners.Any(known => known.Thread == owner));

    private readonly Lazy<ILookup<ulong, LockNode>> owned = new(() =>
        graph.Locks.SelectMany(node => node.Owners.Select(owner => (owner.Thread, Node: node))).ToLookup(pair => pair.Thread, pair => pair.Node));

    private IEnumerable<ulong> Waiting() => graph.Locks.SelectMany(node => node.Waiters).Select(waiter => waiter.Thread).Where(thread => thread != 0).Distinct();
}
