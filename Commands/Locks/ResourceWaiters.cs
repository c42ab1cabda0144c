using LockLeak.Kernel;
using LockLeak.Target;

namespace LockLeak.Locks;

/// <summary>The threads that an _ERESOURCE says to wait for it.</summary>
/// <remarks>
/// Up to Windows 8.1 all shared waiters wait for one semaphore and all exclusive ones for one event. From Windows 10 on the
/// same two fields lead into rings of wait blocks on the waiters' stacks: { Flink, Blink, Thread at 0x10, KEVENT at 0x18 }
/// (read by others from ExpWaitForResource; ExpWaitForResource.c in the folders of https://github.com/nohuto/decompiled-pseudocode).
/// </remarks>
internal static class ResourceWaiters
{
    /// <summary>More waiters than a machine has threads; ends a ring that was overwritten.</summary>
    private const int Limit = 100_000;

    private const int BlockSize = 0x30;

    private static readonly TypeField Thread = new(0x10, 8, 0, 0, IsPointer: true);

    /// <summary>Adds both groups of waiters, and marks a resource whose own counts say otherwise as changing.</summary>
    /// <param name="memory">The machine.</param>
    /// <param name="node">The resource.</param>
    /// <param name="window">The whole structure.</param>
    public static void Read(LockMemory memory, LockNode node, Window window)
    {
        LockFields fields = memory.Fields;
        // Exclusive waiters come first in the list: a resource lets a waiting writer pass before readers that came later.
        Read(memory, node, window, fields.ResourceSharedWaiters, fields.ResourceSharedWaiterCount, LockMode.Shared);
        Read(memory, node, window, fields.ResourceExclusiveWaiters, fields.ResourceExclusiveWaiterCount, LockMode.Exclusive);
    }

    private static void Read(LockMemory memory, LockNode node, Window window, TypeField? field, TypeField? count, LockMode mode)
    {
        ulong first = field is null ? 0 : memory.Memory.Canonical(window.Value(field));
        if (first != 0 && memory.Memory.TryReadUInt64(first, out ulong word))
        {
            if (KernelMemory.IsKernelAddress(memory.Memory.Canonical(word)))
            {
                ReadRing(memory, node, first, mode);
            }
            else
            {
                memory.AddWaitersOf(node, first, mode);
            }
        }

        long said = count is null ? -1 : (long)window.Value(count);
        if (said >= 0 && said != node.Waiters.Count(waiter => waiter.IsQueued && waiter.Mode == mode))
        {
            node.IsChanging = true;
        }
    }

    /// <summary>True when a wait block of a thread lies at an address.</summary>
    public static bool IsBlock(LockMemory memory, ulong address) =>
        memory.Memory.TryReadWindow(address, 0, BlockSize) is { } block &&
        memory.View.Thread(new ThreadAddress(memory.Memory.Canonical(block.Value(Thread)))) is { } thread && thread.IsOnStack(address);

    /// <summary>Adds the threads of one ring.</summary>
    /// <remarks>
    /// An exclusive waiter joins its ring at the end, a shared one at the head (ExpAcquireResourceExclusiveLite,
    /// RtlInsertHeadCircularList).
    /// </remarks>
    /// <param name="memory">The machine.</param>
    /// <param name="node">The resource.</param>
    /// <param name="first">The block that the resource names; 0 when nobody waits.</param>
    /// <param name="mode">What they want.</param>
    public static void ReadRing(LockMemory memory, LockNode node, ulong first, LockMode mode)
    {
        if (first == 0)
        {
            return;
        }

        var queue = new List<LockWaiter>();
        var seen = new HashSet<ulong>();
        ulong address = first;
        do
        {
            if (seen.Count == Limit || !seen.Add(address) || memory.Memory.TryReadWindow(address, 0, BlockSize) is not { } block ||
                memory.View.Thread(new ThreadAddress(memory.Memory.Canonical(block.Value(Thread)))) is not { } thread ||
                    !thread.IsOnStack(address) ||
                !memory.Memory.TryReadPointer(memory.Memory.Canonical(block.Value(ListEntry.Flink)) + (ulong)ListEntry.Blink.Offset,
                    out ulong back) || back != address)
            {
                node.IsChanging = true;
                memory.Notes.Add($"The ring of threads that wait for {node.Kind} {node.Address} breaks after {queue.Count} at " +
                    $"{Address.Text(address)}.");
                break;
            }

            LockWaiter waiter = node.AddWaiter(thread, FoundBy.WaitBlock);
            waiter.WaitBlock = address;
            waiter.Mode = mode;
            waiter.IsQueued = true;
            queue.Add(waiter);
            address = memory.Memory.Canonical(block.Value(ListEntry.Flink));
        }
        while (address != first);

        if (mode == LockMode.Shared)
        {
            queue.Reverse();
        }

        node.OrderWaiters(queue);
    }
}
