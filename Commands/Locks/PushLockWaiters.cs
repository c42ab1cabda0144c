using LockLeak.Kernel;

namespace LockLeak.Locks;

/// <summary>
/// Finds the thread of a wait block. Each way is checked before it is believed, for the block is linked before it is written whole.
/// </summary>
internal static class PushLockWaiters
{
    /// <summary>Adds the thread of a wait block to the waiters of its lock, with the ways that lead to it; 0 when none does.</summary>
    /// <param name="memory">The machine.</param>
    /// <param name="node">What lock entries call the lock: its address, or that of the cache-aware lock it is a part of.</param>
    /// <param name="block">The wait block.</param>
    public static LockWaiter Add(LockMemory memory, LockNode node, PushLockWaitBlock block)
    {
        KernelThread? byWaitList = ByWaitList(memory, block), byEntry = ByLockEntry(memory, node.Address, block),
            thread = byWaitList ?? byEntry ?? memory.View.ThreadOfStack(block.Address);
        LockWaiter waiter = node.AddWaiter(thread, FoundBy.WaitBlock);
        waiter.WaitBlock = block.Address;
        waiter.IsQueued = thread is not null;
        if (thread is null)
        {
            memory.Notes.Add($"The thread of wait block {Address.Text(block.Address)} cannot be found.");
            return waiter;
        }

        if (byWaitList is not null && byEntry is not null && byWaitList.Address != byEntry.Address)
        {
            memory.Notes.Add(
                $"Wait block {Address.Text(block.Address)} leads to different threads: wait list {byWaitList.Address}, lock entry " +
                $"{byEntry.Address}. The first is shown.");
        }

        if (thread.IsOnStack(block.Address))
        {
            waiter.AddFoundBy(FoundBy.Stack);
        }

        if (byEntry?.Address == thread.Address)
        {
            waiter.AddFoundBy(FoundBy.LockEntry);
        }

        return waiter;
    }

    /// <summary>The thread of a wait block, without a word about how it was found; null when nothing leads to one.</summary>
    /// <remarks>The wait list is what the kernel's own wake-up follows, so it wins.</remarks>
    public static KernelThread? Find(LockMemory memory, LockAddress node, PushLockWaitBlock block) =>
        ByWaitList(memory, block) ?? ByLockEntry(memory, node, block) ?? memory.View.ThreadOfStack(block.Address);

    private static KernelThread? ByWaitList(LockMemory memory, PushLockWaitBlock block) =>
        memory.Fields.WaitBlockListEntry is { } links
            ? memory.ThreadOfWaitBlock(block.WaitList - (ulong)links.Offset, block.Address) : null;

    /// <summary>A recent kernel's block names its waiter's lock entry; older ones leave there what the stack held.</summary>
    private static KernelThread? ByLockEntry(LockMemory memory, LockAddress node, PushLockWaitBlock block) =>
        KernelMemory.IsKernelAddress(block.LockEntry.Value) && memory.View.ThreadOfEntry(block.LockEntry) is { } address &&
            memory.View.Thread(address) is { } thread &&
        thread.EntryAt(block.LockEntry) is { IsInUse: true } entry && entry.Lock == node
            ? thread
            : null;
}
