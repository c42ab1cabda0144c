using LockLeak.Kernel;

namespace LockLeak.Locks;

/// <summary>What the kinds of lock read with: the machine's memory, and the questions that several of them ask.</summary>
/// <param name="view">The machine.</param>
internal sealed class LockMemory(KernelView view)
{
    /// <summary>More waiters than a machine has threads for one object; ends a list that was overwritten.</summary>
    private const int MostWaiters = 100_000;

    /// <summary>The machine.</summary>
    public KernelView View => view;

    /// <summary>Its memory.</summary>
    public KernelMemory Memory => view.Memory;

    /// <summary>Where the fields of locks lie.</summary>
    public LockFields Fields { get; } = view.Layout.Locks;

    /// <summary>The resources by what their waiters wait for.</summary>
    public ResourceFinder Resources { get; } = new(view);

    /// <summary>What the user has to know.</summary>
    public Notes Notes => view.Notes;

    /// <summary>
    /// True when an address holds the header of a dispatcher object: its type, and its size in units of 4 bytes, which is what
    /// tells it from other memory (_DISPATCHER_HEADER.Type and .Size in the kernel's symbols).
    /// </summary>
    /// <param name="address">Where the object may be.</param>
    /// <param name="type">One of <see cref="ObjectTypes"/>.</param>
    /// <param name="size">Bytes of the object.</param>
    public bool IsObject(ulong address, byte type, int size) =>
        Memory.TryReadUInt32(address, out uint header) && ObjectTypes.Of(header & 0xFF) == type && (int)(header >> 16 & 0xFF) == size / 4;

    /// <summary>The threads on the wait list of a dispatcher object, first to be woken first.</summary>
    /// <remarks>A wait block counts once it names the object and its thread is one.</remarks>
    /// <param name="dispatcher">The object.</param>
    public IEnumerable<KernelThread> ThreadsWaitingFor(ulong dispatcher)
    {
        if (Fields is not { HeaderWaitListHead: { } listHead, WaitBlockListEntry: { } links })
        {
            yield break;
        }

        ulong head = dispatcher + (ulong)listHead.Offset;
        var seen = new HashSet<ulong>();
        if (!Memory.TryReadPointer(head, out ulong link))
        {
            yield break;
        }

        while (link != head)
        {
            ulong block = link - (ulong)links.Offset;
            if (seen.Count == MostWaiters || !seen.Add(link) || ThreadOfWaitBlock(block, dispatcher) is not { } thread ||
                !Memory.TryReadPointer(link + (ulong)ListEntry.Flink.Offset, out ulong next))
            {
                Notes.AddGap($"The list of threads that wait for {Address.Text(dispatcher)} breaks after {seen.Count} at " +
                    $"{Address.Text(link)}; threads behind it were not seen.");
                yield break;
            }

            yield return thread;
            link = next;
        }
    }

    /// <summary>The thread of a _KWAIT_BLOCK that names an object; null when it is no such block.</summary>
    public KernelThread? ThreadOfWaitBlock(ulong block, ulong waitObject) =>
        Fields is { WaitBlockThread: { } thread, WaitBlockObject: { } named, WaitBlockSize: > 0 and var size } &&
            Memory.TryReadWindow(block, 0, size) is { } window &&
        Memory.Canonical(window.Value(named)) == waitObject
            ? view.Thread(new ThreadAddress(Memory.Canonical(window.Value(thread))))
            : null;

    /// <summary>Adds the threads that wait for the dispatcher object of a lock.</summary>
    public void AddWaitersOf(LockNode node, ulong dispatcher, LockMode? mode)
    {
        var queue = new List<LockWaiter>();
        foreach (KernelThread thread in ThreadsWaitingFor(dispatcher))
        {
            LockWaiter waiter = node.AddWaiter(thread, FoundBy.WaitObject);
            waiter.Mode ??= mode;
            waiter.IsQueued = true;
            queue.Add(waiter);
        }

        node.OrderWaiters(queue);
    }

    /// <summary>Adds the thread that an owner field names, once it has proved to be one.</summary>
    /// <param name="node">The lock.</param>
    /// <param name="owner">The field's value without flags.</param>
    public void AddOwnerField(LockNode node, ulong owner)
    {
        owner = Memory.Canonical(owner);
        if (owner == 0)
        {
            return;
        }

        if (view.Thread(new ThreadAddress(owner)) is { } thread)
        {
            node.AddOwner(new LockOwner(thread.Address, Entry: null, FoundBy.OwnerField));
        }
        else if (KernelMemory.IsKernelAddress(owner) && Memory.TryReadByte(owner) is null)
        {
            node.UnreadableOwner = owner;
            Notes.Add($"The owner field of {node.Kind} {node.Address} names {Address.Text(owner)}, which cannot be read: it is gone, " +
                "paged out or not in the dump.");
        }
        else
        {
            node.LostOwner = owner;
        }
    }
}
