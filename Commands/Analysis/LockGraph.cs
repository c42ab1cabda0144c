using LockLeak.Kernel;
using LockLeak.Locks;

namespace LockLeak.Analysis;

/// <summary>
/// Who owns what and who waits for what: locks as nodes, built from lock entries, wait objects, wait blocks and the
/// owner fields of the locks themselves.
/// </summary>
internal sealed class LockGraph
{
    private readonly KernelView view;
    private readonly LockMemory memory;
    private readonly LockTable table = new();
    private readonly ThreadStatements statements;
    private ILookup<ThreadAddress, LockNode>? byOwner;

    private LockGraph(KernelView view)
    {
        this.view = view;
        memory = new LockMemory(view);
        statements = new ThreadStatements(view, memory, table);
    }

    /// <summary>All locks that a thread holds, acquires or waits for, as known by now; later ones do not come into it.</summary>
    public IReadOnlyList<LockNode> Locks => table.All;

    /// <summary>
    /// Builds the graph from all threads that the view knows; threads that turn up as owners or waiters are read on the way.
    /// </summary>
    public static LockGraph Build(KernelView view)
    {
        view.Phases.Begin(Phase.Locks);
        var graph = new LockGraph(view);
        IReadOnlyList<KernelThread> threads = view.KnownThreads();
        foreach ((int index, KernelThread thread) in threads.Index())
        {
            if (view.IsInterrupted)
            {
                break;
            }

            view.Progress($"reading what threads wait for, {index} of {threads.Count}");
            graph.statements.Add(thread.Address);
        }

        graph.Settle();
        graph.FollowMessages();
        return graph;
    }

    /// <summary>The lock at an address, with what its own memory says; one that no thread refers to is added.</summary>
    /// <param name="address">Where the lock is.</param>
    /// <param name="assumed">What it is unless a thread or the memory there says otherwise; null when that is not known.</param>
    public LockNode Inspect(LockAddress address, LockKind? assumed = null)
    {
        LockNode node = table.Node(address);
        Read(node, assumed);
        Settle();
        FollowMessages();
        return node;
    }

    /// <summary>Looks at every resource of the machine that somebody owns, whether or not a thread refers to it.</summary>
    public void InspectHeldResources()
    {
        foreach (LockAddress resource in memory.Resources.Held().TakeWhile(_ => !view.IsInterrupted))
        {
            Read(table.Node(resource), LockKinds.Resource);
            Settle();
        }

        FollowMessages();
    }

    /// <summary>Reads the memory of all locks that a thread's entries name, contended or not.</summary>
    public void InspectLocksOf(KernelThread thread)
    {
        foreach (LockEntry entry in thread.EntriesInUse.Where(entry => entry.NamesALock))
        {
            Inspect(entry.Lock);
        }
    }

    /// <summary>The lock at an address; null when no thread refers to it.</summary>
    public LockNode? Find(LockAddress address) => table.Find(address);

    /// <summary>The locks that a thread waits for: one, or several when it waits for all of them at once.</summary>
    public IReadOnlyList<LockNode> WaitsOf(ThreadAddress thread) => table.WaitsOf(thread);

    /// <summary>The lock that a thread waits for; null when it waits for none or it cannot be told.</summary>
    public LockNode? WaitsFor(ThreadAddress thread) => WaitsOf(thread) is [var first, ..] ? first : null;

    /// <summary>The locks that name a thread as their owner and for which it has no lock entry.</summary>
    public IEnumerable<LockNode> OwnedWithoutEntry(ThreadAddress thread) =>
        (byOwner ??= table.All.SelectMany(node =>
        node.Owners.Where(owner => owner.Entry is null).Select(owner => (owner.Thread, Node: node)))
            .Where(pair => pair.Node.Kind.IsLock).ToLookup(pair => pair.Thread, pair => pair.Node))[thread];

    /// <summary>
    /// True when a thread waits for a lock and for nothing else that could end the wait: it is queued, no timer and no other
    /// object will wake it, and the lock is not just changing hands.
    /// </summary>
    public bool WaitsFirmly(ThreadAddress thread, LockNode node) =>
        view.Thread(thread) is { IsWaiting: true } known && node.Waiter(thread) is { IsQueued: true } && !node.IsChanging &&
        !statements.IsOpenEnded(thread) && !(node.Kind.MayGiveUp && known.HasTimer);

    /// <summary>Reads the memory of every contended lock and follows the threads that it names, until nothing new turns up.</summary>
    private void Settle()
    {
        while (!view.IsInterrupted && table.Dequeue() is { } node)
        {
            Read(node, assumed: null);
        }
    }

    /// <summary>
    /// Goes on from threads that others wait for to those that have to answer their ALPC messages. Where nobody waits for the sender a
    /// message is not worth its reads: that is how programs run.
    /// </summary>
    private void FollowMessages()
    {
        while (!view.IsInterrupted && statements.TakeAwaitedSenders() is { Count: > 0 } senders)
        {
            foreach (KernelThread sender in senders)
            {
                if (AlpcRequest.Of(view, sender) is { Answerer: { } answerer } request)
                {
                    LockNode message = table.Node(new LockAddress(request.Message));
                    message.Kind = LockKinds.AlpcMessage;
                    message.AddOwner(new LockOwner(answerer.Address, Entry: null, FoundBy.OwnerField));
                    message.AddWaiter(sender, FoundBy.WaitObject).IsQueued = true;
                    table.AddWait(sender.Address, message);
                }
            }

            Settle();
        }
    }

    private void Read(LockNode node, LockKind? assumed)
    {
        if (node.IsRead && (node.Kind != LockKind.Unknown || assumed is null))
        {
            return;
        }

        view.Progress($"reading locks, {table.Pending} of {table.Count} to go");
        node.IsRead = true;
        if (!memory.Memory.TryReadUInt64(node.Address.Value, out ulong firstWord))
        {
            node.Kind = node.Kind == LockKind.Unknown
                ? LockKinds.Of(memory, node.Address, 0, node.WaitReasons, assumed ?? LockKind.Unknown)
                : node.Kind;
            return;
        }

        node.Value = firstWord;
        if (node.Kind == LockKind.Unknown)
        {
            // Of the locks that entries name only a free push lock begins with 0.
            bool isNamed = node.Acquiring.Count + node.Owners.Count + node.Waiters.Count > 0;
            LockKind likely = firstWord == 0 && isNamed ? LockKinds.PushLock : LockKind.Unknown;
            node.Kind = LockKinds.Of(memory, node.Address, firstWord, node.WaitReasons, assumed ?? likely);
        }

        byOwner = null;
        if (node.Kind is ReadableLock kind)
        {
            node.IsProven = kind.IsAt(memory, node.Address, firstWord);
            kind.Read(memory, node);
        }

        if (node.Kind.HasOwnerField && node.UnreadableOwner == 0)
        {
            // An entry gets its acquired flag a moment after the lock has its owner, and keeps it a moment longer.
            node.RemoveOwners(owner => !node.Names(owner.Thread) && !owner.IsDisowned);
        }

        AddThreadsOf(node);
    }

    private void AddThreadsOf(LockNode node)
    {
        // The trees of the lock name owners that no thread list leads to. Only an owner that is missing is worth their reads.
        if (node is { Owners.Count: 0, Acquiring.Count: 0, Waiters: [var anyWaiter, ..] } &&
            anyWaiter.Known?.WaitingEntry is { } entry)
        {
            foreach (ThreadAddress thread in EntryTrees.Threads(view, entry))
            {
                statements.Add(thread);
            }
        }

        foreach (LockOwner owner in node.Owners.ToList())
        {
            statements.Add(owner.Thread);
        }

        HashSet<LockWaiter>? woken = null;
        foreach (LockWaiter waiter in node.Waiters.ToList())
        {
            if (waiter.Thread.Value == 0)
            {
                continue;
            }

            statements.Add(waiter.Thread);
            if (waiter is { IsQueued: false, Known.IsWaiting: false })
            {
                // Woken: its entry says "waits" until it runs.
                (woken ??= []).Add(waiter);
                node.AddAcquiring(new LockOwner(waiter.Thread, Entry: null, FoundBy.LockEntry));
                table.RemoveWait(waiter.Thread, node);
            }
            else
            {
                table.AddWait(waiter.Thread, node);
            }
        }

        if (woken is not null)
        {
            node.RemoveWaiters(woken);
        }
    }
}
