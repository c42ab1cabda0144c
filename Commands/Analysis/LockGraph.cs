using LockLeak.Kernel;

namespace LockLeak.Analysis;

/// <summary>
/// Who owns what and who waits for what: locks as nodes, built from lock entries, wait objects, wait blocks and the
/// owner fields of the locks themselves.
/// </summary>
public sealed class LockGraph
{
    private readonly KernelView view;
    private readonly LockInspector inspector;
    private readonly ResourceFinder resources;
    private readonly Dictionary<ulong, LockNode> locks = [];
    private readonly Dictionary<ulong, LockNode> waitsFor = [];
    private readonly HashSet<ulong> added = [];
    private readonly Queue<ulong> pending = new();

    private LockGraph(KernelView view)
    {
        this.view = view;
        inspector = new LockInspector(view);
        resources = new ResourceFinder(view);
    }

    /// <summary>All locks that a thread holds, acquires or waits for.</summary>
    public IReadOnlyCollection<LockNode> Locks => locks.Values;

    /// <summary>Builds the graph from all threads that the view knows; threads that turn up as owners or waiters are read on the way.</summary>
    public static LockGraph Build(KernelView view)
    {
        var graph = new LockGraph(view);
        List<KernelThread> threads = [.. view.KnownThreads];
        foreach ((int index, KernelThread thread) in threads.Index())
        {
            if (view.IsInterrupted)
            {
                break;
            }

            view.Progress($"reading what threads wait for, {index} of {threads.Count}");
            graph.AddThread(thread.Address);
        }

        graph.Settle();
        return graph;
    }

    /// <summary>The lock at an address, with what its own memory says; one that no thread refers to is added.</summary>
    /// <param name="address">Where the lock is.</param>
    /// <param name="assumed">What it is unless a thread or the memory there says otherwise.</param>
    public LockNode Inspect(ulong address, LockKind assumed = LockKind.Unknown)
    {
        LockNode node = Node(address);
        Read(node, assumed);
        Settle();
        return node;
    }

    /// <summary>Reads the memory of all locks that a thread's entries name, contended or not.</summary>
    public void InspectLocksOf(KernelThread thread)
    {
        foreach (LockEntry entry in thread.Entries.Where(entry => entry.IsInUse && !entry.IsUser && entry.Lock != 0))
        {
            Inspect(entry.Lock);
        }
    }

    /// <summary>The lock at an address; null when no thread refers to it.</summary>
    public LockNode? Find(ulong address) => locks.GetValueOrDefault(address);

    /// <summary>The lock that a thread waits for; null when it waits for none or it cannot be told.</summary>
    public LockNode? WaitsFor(ulong thread) => waitsFor.GetValueOrDefault(thread);

    /// <summary>Reads the memory of every contended lock and follows the threads that it names, until nothing new turns up.</summary>
    private void Settle()
    {
        while (!view.IsInterrupted && pending.TryDequeue(out ulong address))
        {
            Read(locks[address]);
        }
    }

    private void Read(LockNode node, LockKind assumed = LockKind.Unknown)
    {
        view.Progress($"reading locks, {pending.Count} of {locks.Count} to go");
        inspector.Inspect(node, assumed);
        AddThreadsOf(node);
    }

    private void AddThreadsOf(LockNode node)
    {
        // The trees of the lock name owners that no thread list leads to. Only an owner that is missing is worth their reads.
        if (node is { Owners.Count: 0, Waiters.Count: > 0 })
        {
            IEnumerable<LockEntry?> entries = node.Waiters.Select(waiter => view.Thread(waiter.Thread)?.WaitingEntry);
            foreach (ulong thread in entries.OfType<LockEntry>().ToList().SelectMany(entry => EntryTrees.Threads(view, entry)))
            {
                AddThread(thread);
            }
        }

        foreach (LockOwner owner in node.Owners.ToList())
        {
            AddThread(owner.Thread);
        }

        foreach (LockWaiter waiter in node.Waiters.ToList())
        {
            if (waiter.Thread != 0)
            {
                waitsFor.TryAdd(waiter.Thread, node);
                AddThread(waiter.Thread);
            }
        }
    }

    private void AddThread(ulong address)
    {
        if (!added.Add(address) || view.Thread(address) is not { } thread)
        {
            return;
        }

        foreach (LockEntry entry in thread.Entries.Where(entry => entry.IsInUse && !entry.IsUser && entry.Lock != 0))
        {
            LockNode node = Node(entry.Lock);
            switch (entry.Relation)
            {
                case LockRelation.Owns:
                    node.AddOwner(new LockOwner(address, entry, FoundBy.LockEntry));
                    break;
                case LockRelation.Acquiring:
                    node.AddAcquiring(new LockOwner(address, entry, FoundBy.LockEntry));
                    break;
                default:
                    AddWait(thread, node, LockKinds.OfWait(thread.WaitReason), FoundBy.LockEntry);
                    break;
            }
        }

        if (thread.IsWaiting)
        {
            AddWaitObject(thread);
        }
    }

    /// <summary>What the object of a thread's wait says about the lock behind it.</summary>
    private void AddWaitObject(KernelThread thread)
    {
        LockFields fields = view.Layout.Locks;
        if (WaitObject(thread) is not { } waitObject)
        {
            return;
        }

        switch (thread.WaitReason)
        {
            case WaitReasons.WrFastMutex or WaitReasons.WrGuardedMutex when fields.FastMutexEvent is { } @event:
                AddWait(thread, Node(waitObject - (ulong)@event.Offset), LockKinds.OfWait(thread.WaitReason), FoundBy.WaitObject);
                break;
            case WaitReasons.WrPushLock when thread.WaitingEntry is null:
                if (PushLockFinder.FindLock(view, thread, waitObject) is { } address)
                {
                    AddWait(thread, Node(address), LockKind.PushLock, FoundBy.Stack);
                }

                break;
            case WaitReasons.WrResource when thread.WaitingEntry is null:
                if (resources.FindResource(waitObject) is { } resource)
                {
                    AddWait(thread, Node(resource), LockKind.Resource, FoundBy.WaitObject);
                }

                break;
            case WaitReasons.WrPushLock or WaitReasons.WrResource:
                break;
            default:
                if (inspector.IsMutant(waitObject))
                {
                    AddWait(thread, Node(waitObject), LockKind.Mutant, FoundBy.WaitObject);
                }

                break;
        }
    }

    /// <summary>The object of a thread's (first) wait block; null when there is none or it cannot be read.</summary>
    private ulong? WaitObject(KernelThread thread)
    {
        if (view.Layout.Locks.WaitBlockObject is not { } field || thread.WaitBlockList == 0)
        {
            return null;
        }

        // The usual wait block lies inside the thread, which has been read whole.
        ulong displacement = thread.WaitBlockList - thread.Address;
        if (displacement < (ulong)view.Layout.Thread.Size)
        {
            ulong inside = view.Memory.Canonical(thread.Window.Value(field, (int)displacement));
            return KernelMemory.IsKernelAddress(inside) ? inside : null;
        }

        return view.Memory.TryReadPointer(thread.WaitBlockList + (ulong)field.Offset, out ulong outside) && KernelMemory.IsKernelAddress(outside) ? outside : null;
    }

    private void AddWait(KernelThread thread, LockNode node, LockKind kind, string foundBy)
    {
        if (node.Kind == LockKind.Unknown)
        {
            node.Kind = kind;
        }

        node.AddWaiter(thread.Address, foundBy);
        waitsFor.TryAdd(thread.Address, node);
        pending.Enqueue(node.Address);
    }

    private LockNode Node(ulong address)
    {
        if (!locks.TryGetValue(address, out LockNode? node))
        {
            node = new LockNode(address);
            locks.Add(address, node);
        }

        return node;
    }
}
