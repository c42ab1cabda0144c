using LockLeak.Kernel;
using LockLeak.Locks;

namespace LockLeak.Analysis;

/// <summary>The locks that turned up so far, who waits for which, and which have to be looked at.</summary>
internal sealed class LockTable
{
    private readonly Dictionary<LockAddress, LockNode> locks = [];
    private readonly Dictionary<ThreadAddress, LockNode[]> waits = [];
    private readonly Queue<LockNode> pending = new();
    private readonly HashSet<LockAddress> queued = [];
    private IReadOnlyList<LockNode>? listed;

    /// <summary>All of them, as known by now; later ones do not come into it.</summary>
    public IReadOnlyList<LockNode> All => listed ??= [.. locks.Values];

    /// <summary>How many there are.</summary>
    public int Count => locks.Count;

    /// <summary>How many have to be looked at.</summary>
    public int Pending => pending.Count;

    /// <summary>The lock at an address; null when no thread refers to it.</summary>
    public LockNode? Find(LockAddress address) => locks.GetValueOrDefault(address);

    /// <summary>The lock at an address; a new one when no thread has referred to it before.</summary>
    public LockNode Node(LockAddress address)
    {
        if (!locks.TryGetValue(address, out LockNode? node))
        {
            node = new LockNode(address);
            locks.Add(address, node);
            listed = null;
        }

        return node;
    }

    /// <summary>The locks that a thread waits for.</summary>
    public IReadOnlyList<LockNode> WaitsOf(ThreadAddress thread) => waits.GetValueOrDefault(thread, []);

    /// <summary>Adds that a thread waits for a lock, which then has to be looked at.</summary>
    public void AddWait(ThreadAddress thread, LockNode node)
    {
        // Hardly any thread waits for two.
        LockNode[] nodes = waits.GetValueOrDefault(thread, []);
        if (!nodes.Contains(node))
        {
            waits[thread] = [.. nodes, node];
        }

        Enqueue(node);
    }

    /// <summary>Takes that back: the thread has been woken.</summary>
    public void RemoveWait(ThreadAddress thread, LockNode node) => waits[thread] = [.. WaitsOf(thread).Where(other => other != node)];

    /// <summary>Says that a lock has to be looked at, once.</summary>
    public void Enqueue(LockNode node)
    {
        if (queued.Add(node.Address))
        {
            pending.Enqueue(node);
        }
    }

    /// <summary>The next lock to look at; null when there is none.</summary>
    public LockNode? Dequeue() => pending.TryDequeue(out LockNode? node) ? node : null;
}
