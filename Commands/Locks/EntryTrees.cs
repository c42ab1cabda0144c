using LockLeak.Kernel;
using LockLeak.Target;

namespace LockLeak.Locks;

/// <summary>
/// The trees of a contended lock: its head entry holds the entries of all owners and of all other waiters. A second way
/// to the threads of a lock, which also reaches those that are on no thread list any more.
/// </summary>
internal static class EntryTrees
{
    /// <summary>More entries than a lock has; ends a tree that was overwritten.</summary>
    private const int Limit = 4096;

    // _RTL_RB_TREE and _RTL_BALANCED_NODE in the kernel's symbols: Root and Min, Left and Right.
    private static readonly TypeField First = new(0, 8, 0, 0, true), Second = new(8, 8, 0, 0, true);

    /// <summary>The threads whose entries hang in the trees that an entry leads to; empty for an entry that leads to none.</summary>
    public static IReadOnlyCollection<ThreadAddress> Threads(KernelView view, LockEntry entry)
    {
        var threads = new HashSet<ThreadAddress>();
        if (entry.Trees != 0 && view.Layout.Entries?.Shape is { TreeNode: { } node } shape)
        {
            foreach (TypeField tree in new[] { shape.OwnerTree, shape.WaiterTree }.Present())
            {
                foreach (ulong address in Nodes(view.Memory, entry.Trees + (ulong)tree.Offset))
                {
                    if (view.ThreadOfEntry(new EntryAddress(address - (ulong)node.Offset)) is { } thread && view.Thread(thread) is not null)
                    {
                        threads.Add(thread);
                    }
                }
            }
        }

        return threads;
    }

    private static HashSet<ulong> Nodes(KernelMemory memory, ulong tree)
    {
        var seen = new HashSet<ulong>();
        if (memory.TryReadWindow(tree, 0, 16) is not { } root)
        {
            return seen;
        }

        // Bit 0 of Min says that each pointer is stored exclusive-or with the address of what holds it (ntrtl.h, RTL_RB_TREE.Encoded).
        bool isEncoded = (root.Value(Second) & 1) != 0;
        var open = new Stack<ulong>();
        Push(tree, root.Value(First));
        while (open.TryPop(out ulong node))
        {
            if (seen.Count < Limit && seen.Add(node) && memory.TryReadWindow(node, 0, 16) is { } children)
            {
                Push(node, children.Value(First));
                Push(node, children.Value(Second));
            }
        }

        return seen;

        void Push(ulong holder, ulong stored)
        {
            ulong address = memory.Canonical(stored != 0 && isEncoded ? stored ^ holder : stored);
            if (KernelMemory.IsKernelAddress(address))
            {
                open.Push(address);
            }
        }
    }
}
