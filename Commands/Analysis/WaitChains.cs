using LockLeak.Kernel;
using LockLeak.Locks;

namespace LockLeak.Analysis;

/// <summary>Threads that wait for each other: the thread at an index waits for the lock at the same index, which the next thread owns.</summary>
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
        graph.Locks.Where(node => node.Waiters.Count > 0).SelectMany(node => node.Owners.Select(owner => (owner.Thread, Node: node))).ToLookup(pair => pair.Thread, pair => pair.Node));

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
        foreach (ThreadAddress start in Waiting())
        {
            var path = new List<(ThreadAddress Thread, Queue<(LockNode Lock, ThreadAddress Owner)> Branches, LockNode? Taken)>();
            var position = new Dictionary<ThreadAddress, int>();
            Enter(start);
            while (path.Count > 0)
            {
                (ThreadAddress thread, Queue<(LockNode, ThreadAddress)> branches, _) = path[^1];
                if (!branches.TryDequeue(out (LockNode Lock, ThreadAddress Owner) branch))
                {
                    done.Add(thread);
                    position.Remove(thread);
                    path.RemoveAt(path.Count - 1);
                    continue;
                }

                path[^1] = (thread, branches, branch.Lock);
                if (position.TryGetValue(branch.Owner, out int first))
                {
                    circles.Add(new WaitCircle([.. path[first..].Select(step => step.Thread)], [.. path[first..].Select(step => step.Taken!)]));
                    if (circles.Count == MostCircles)
                    {
                        return circles;
                    }
                }
                else
                {
                    Enter(branch.Owner);
                }
            }

            void Enter(ThreadAddress thread)
            {
                if (!done.Contains(thread) && Branches(thread) is { Count: > 0 } branches)
                {
                    position.Add(thread, path.Count);
                    path.Add((thread, branches, null));
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
                .OrderByDescending(chain => chain.Blocked).ThenByDescending(chain => chain.Threads.Count).ThenBy(chain => chain.Threads[^1].Value),
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

    /// <summary>Who has to let go of what before a thread can go on; nobody when it may go on by itself.</summary>
    /// <remarks>A disowned resource will be released by another thread than the one that took it.</remarks>
    private Queue<(LockNode Lock, ThreadAddress Owner)> Branches(ThreadAddress thread) => new(
        graph.WaitsOf(thread).Where(node => graph.WaitsFirmly(thread, node))
            .SelectMany(node => node.Owners.Where(owner => !owner.IsDisowned).Select(owner => (node, owner.Thread))));

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
        ThreadAddress last = roots[0];
        while (queue.TryDequeue(out ThreadAddress owner))
        {
            last = owner;
            foreach (LockNode node in owned.Value[owner])
            {
                foreach (LockWaiter waiter in node.Waiters.Where(waiter => waiter.Thread.Value != 0 && next.TryAdd(waiter.Thread, (owner, node))))
                {
                    queue.Enqueue(waiter.Thread);
                }
            }
        }

        return last;
    }

    private IEnumerable<ThreadAddress> Waiting() =>
        graph.Locks.SelectMany(node => node.Waiters).Select(waiter => waiter.Thread).Where(thread => thread.Value != 0).Distinct().OrderBy(thread => thread.Value);
}
