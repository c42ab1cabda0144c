using LockLeak.Kernel;
using LockLeak.Locks;

namespace LockLeak.Analysis;

/// <summary>What threads say of locks: by their lock entries, the objects that they wait for, and their lists of what they own.</summary>
/// <param name="view">The machine.</param>
/// <param name="memory">What locks are read with.</param>
/// <param name="table">Where it goes.</param>
internal sealed class ThreadStatements(KernelView view, LockMemory memory, LockTable table)
{
    /// <summary>Bytes of a dispatcher object that tell what it is: one read for all kinds.</summary>
    private const int HeaderSize = 0x18;

    private readonly HashSet<ThreadAddress> openEnded = [];
    private readonly Dictionary<ThreadAddress, KernelThread> asking = [];
    private readonly HashSet<ThreadAddress> added = [];

    /// <summary>True for a thread that one of several objects will wake.</summary>
    public bool IsOpenEnded(ThreadAddress thread) => openEnded.Contains(thread);

    /// <summary>Adds what a thread says; once, however often it turns up.</summary>
    public void Add(ThreadAddress address)
    {
        if (!added.Add(address) || view.Thread(address) is not { } thread)
        {
            return;
        }

        foreach (LockEntry entry in thread.EntriesInUse)
        {
            if (!entry.NamesALock)
            {
                continue;
            }

            LockNode node = table.Node(entry.Lock);
            switch (entry.Relation)
            {
                case LockRelation.Owns:
                    node.AddOwner(new LockOwner(address, entry, FoundBy.LockEntry));
                    break;
                case LockRelation.Waits:
                    node.AddWaiter(thread, FoundBy.LockEntry);
                    table.AddWait(address, node);
                    if (thread.WaitsForLock)
                    {
                        node.AddWaitReason(thread.WaitReason);
                    }

                    break;
                case LockRelation.Acquiring:
                    node.AddAcquiring(new LockOwner(address, entry, FoundBy.LockEntry));
                    break;
                case LockRelation.Free or LockRelation.Orphaned:
                    break;
            }
        }

        if (thread.IsWaiting)
        {
            AddWaitObjects(thread);
            if (thread.WaitReason == WaitReasons.WrLpcReply)
            {
                asking[address] = thread;
            }
        }

        if (thread.OwnsMutants)
        {
            foreach (LockAddress mutant in OwnedMutants.Of(memory, thread))
            {
                table.Enqueue(table.Node(mutant));
            }
        }

        if (thread.HasOwnerEntries)
        {
            AddFastResources(thread);
        }
    }

    /// <summary>
    /// The threads that wait for the answer to a message, and others for them, each once: those behind an answer come with the next round.
    /// </summary>
    public List<KernelThread> TakeAwaitedSenders()
    {
        var senders = new List<KernelThread>();
        if (asking.Count > 0)
        {
            foreach (LockOwner owner in table.All.Where(node => node.Waiters.Count > 0).SelectMany(node => node.Owners))
            {
                if (asking.Remove(owner.Thread, out KernelThread? sender))
                {
                    senders.Add(sender);
                }
            }
        }

        return senders;
    }

    private void AddFastResources(KernelThread thread)
    {
        foreach (FastOwnerEntry owned in FastOwnerEntry.OfThread(memory, thread).Where(entry => !entry.Waits))
        {
            LockEntry? entry = thread.EntryOf(owned.Resource);
            table.Node(owned.Resource).AddOwner(new LockOwner(thread.Address, entry, FoundBy.OwnerEntry) { IsDisowned = owned.IsDisowned });
        }
    }

    /// <summary>What the objects of a thread's wait say about the locks behind them.</summary>
    private void AddWaitObjects(KernelThread thread)
    {
        IReadOnlyList<WaitBlock> blocks = view.WaitBlocks(thread);
        if (blocks.Count > 1 && blocks.Any(block => block.IsEnough))
        {
            openEnded.Add(thread.Address);
        }

        if (thread.WaitsForLock && thread.WaitingEntry is not null)
        {
            return;
        }

        foreach (WaitBlock block in blocks)
        {
            memory.Memory.TryReadWindow(block.Object, 0, HeaderSize);
            foreach (ReadableLock kind in LockKinds.All)
            {
                if (kind.LockOf(memory, thread, block.Object) is { } address)
                {
                    LockNode node = table.Node(address);
                    node.Kind = node.Kind == LockKind.Unknown ? kind : node.Kind;
                    LockWaiter waiter = node.AddWaiter(thread, kind is PushLock ? FoundBy.Stack : FoundBy.WaitObject);
                    waiter.IsQueued = kind is not PushLock;
                    table.AddWait(thread.Address, node);
                    break;
                }
            }
        }
    }
}
