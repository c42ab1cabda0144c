using LockLeak.Kernel;

namespace LockLeak.Locks;

/// <summary>
/// A list of waiters that each have the object that they wait for on their own stacks, newest first. That a member holds the object
/// of a thread that waits for it is evidence which other memory has not by chance.
/// </summary>
/// <param name="Object">Where in a member the object is.</param>
/// <param name="Type">What the object is: one of <see cref="ObjectTypes"/>, of <see cref="ObjectSize"/> bytes.</param>
/// <param name="Next">Where in a member the address of the next one is; the last one has 0 there.</param>
internal sealed record WaiterList(ulong Object, byte Type, ulong Next)
{
    /// <summary>sizeof(_KEVENT), and of _KGATE.</summary>
    private const int ObjectSize = 0x18;

    /// <summary>More threads than wait for one thing; ends a list that was overwritten.</summary>
    private const int MostMembers = 10_000;

    private const ulong WaitListHead = 8;

    /// <summary>
    /// True for an address that an object can have, which no flag bits tell from another: it costs nothing to ask, and a contended
    /// push lock's value is none.
    /// </summary>
    public static bool IsPoolAddress(ulong value) => KernelMemory.IsKernelAddress(value) && value % 16 == 0;

    /// <summary>True when a pointer leads to a member.</summary>
    public bool BeginsAt(LockMemory memory, ulong pointer) =>
        memory.Memory.TryReadPointer(pointer, out ulong newest) && WaiterOf(memory, newest) is not null;

    /// <summary>Adds the threads of a list to those that wait for a lock.</summary>
    /// <param name="memory">The machine.</param>
    /// <param name="node">The lock.</param>
    /// <param name="pointer">Where the address of the newest member is.</param>
    /// <param name="mode">What they want; null when that cannot be told.</param>
    public void AddWaiters(LockMemory memory, LockNode node, ulong pointer, LockMode? mode)
    {
        var queue = new List<LockWaiter>();
        var seen = new HashSet<ulong>();
        while (memory.Memory.TryReadPointer(pointer, out ulong member) && member != 0)
        {
            if (seen.Count == MostMembers || !seen.Add(member) || WaiterOf(memory, member) is not { } thread)
            {
                memory.Notes.AddGap($"The list of threads that wait for {node.Kind} {node.Address} breaks after {queue.Count}; threads " +
                    "behind it were not seen.");
                break;
            }

            LockWaiter waiter = node.AddWaiter(thread, FoundBy.WaitObject);
            waiter.IsQueued = true;
            waiter.Mode ??= mode;
            queue.Add(waiter);
            pointer = member + Next;
        }

        queue.Reverse();
        node.OrderWaiters(queue);
    }

    /// <summary>The thread that waits for the object of a member, which is in no other list; null when it is no member.</summary>
    private KernelThread? WaiterOf(LockMemory memory, ulong member)
    {
        ulong dispatcher = member + Object;
        return memory.IsObject(dispatcher, Type, ObjectSize) && memory.Fields.WaitBlockListEntry is { } links &&
            memory.Memory.TryReadPointer(dispatcher + WaitListHead, out ulong link) &&
            memory.ThreadOfWaitBlock(link - (ulong)links.Offset, dispatcher) is { IsWaiting: true } thread
            ? thread
            : null;
    }
}
