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
    public const int Limit = 4096;

    // _RTL_RB_TREE and _RTL_BALANCED_NODE in the kernel's symbols: Root and Min, Left and Right.
    private static readonly TypeField First = new(0, 8, 0, 0, true), Second = new(8, 8, 0, 0, true);

    /// <summary>The threads whose entries hang in the trees that an entry leads to; empty for an entry that leads to none.</summary>
    public static IReadOnlyCollection<ThreadAddress> Threads(KernelView view, LockEntry entry)
    {
        var threads = new HashSet<ThreadAddress>();
        if (entry.Trees != 0 && view.Layout.Entries?.Shape is { TreeNode: { } treeNode } shape)
        {
            foreach (TypeField tree in new[] { shape.OwnerTree, shape.WaiterTree }.Present())
            {
                foreach (ulong? node in Nodes(view.Memory, entry.Trees + (ulong)tree.Offset).ToList())
                {
                    if (node is { } address && view.ThreadOfEntry(new EntryAddress(address - (ulong)treeNode.Offset)) is { } thread &&
                        view.Thread(thread) is not null)
                    {
                        threads.Add(thread);
                    }
                }
            }
        }

        return threads;
    }

    /// <summary>
    /// The nodes of a tree, each before those below it; one that two others lead to comes twice, which in a tree none does.
    /// </summary>
    /// <param name="memory">The target's memory.</param>
    /// <param name="tree">_RTL_RB_TREE.</param>
    /// <returns>Null in the place of what cannot be read: the tree itself, or what is below the node before it.</returns>
    public static IEnumerable<ulong?> Nodes(KernelMemory memory, ulong tree)
    {
        if (memory.TryReadWindow(tree, 0, 16) is not { } root)
        {
            yield return null;
            yield break;
        }

        // Bit 0 of Min says that each pointer is stored exclusive-or with the address of what holds it (ntrtl.h, RTL_RB_TREE.Encoded).
        bool isEncoded = (root.Value(Second) & 1) != 0;
        var seen = new HashSet<ulong>();
        var open = new Stack<ulong>();
        Push(tree, root.Value(First));
        while (seen.Count < Limit && open.TryPop(out ulong node))
        {
            yield return node;
            if (!seen.Add(node))
            {
                continue;
            }

            if (memory.TryReadWindow(node, 0, 16) is not { } children)
            {
                yield return null;
                continue;
            }

            Push(node, children.Value(First));
            Push(node, children.Value(Second));
        }

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
