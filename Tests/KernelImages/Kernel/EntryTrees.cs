using KernelImages.Memory;
using KernelImages.Scenarios;

namespace KernelImages.Kernel;

/// <summary>
/// The red-black trees of a contended lock: the entry of its oldest waiter is the head and holds the trees of the
/// owners' entries and of the other waiters' entries, linked by TreeNode. How AutoBoost::_AB_THREAD_ENTRY is linked is
/// not known: those builds get no trees.
/// </summary>
internal static class EntryTrees
{
    private const string Type = "_KLOCK_ENTRY";
    private const ulong Red = 1;

    public static void Write(SyntheticKernel kernel, LockSpec item)
    {
        if (kernel.Types.Field(Type, "TreeNode") is null || LockEntryBlocks.HasAutoBoostEntries(kernel.Types)) return;
        ulong[] waiters = EntriesOf(kernel, item, EntryUse.Waits);
        if (waiters.Length == 0) return;
        ulong[] owners = EntriesOf(kernel, item, EntryUse.Owns);

        ulong head = waiters[0];
        if (!kernel.Typed.Set(Type, head, "HeadNodeBit", 1))
            kernel.Typed.Set(Type, head, "HeadNodeByte", kernel.Typed.Get(Type, head, "HeadNodeByte") | 1);
        foreach (PlacedThread thread in item.Owners.Concat(item.Waiters).Select(claim => kernel.Placed(claim.Thread)))
            foreach (PlacedEntry entry in thread.Entries.Where(entry => entry.Lock == item && entry.Address != head))
                kernel.Typed.Set(Type, entry.Address, "CpuPriorityKey", (byte)-thread.Spec.Priority);
        WriteTree(kernel.Typed, head, "OwnerTree", owners);
        WriteTree(kernel.Typed, head, "WaiterTree", waiters[1..]);
    }

    private static ulong[] EntriesOf(SyntheticKernel kernel, LockSpec item, EntryUse use) =>
        [.. (use == EntryUse.Owns ? item.Owners : item.Waiters).Where(claim => claim.Tracked && !claim.NotInTree)
            .Select(claim => kernel.Placed(claim.Thread).Entries.FirstOrDefault(entry => entry.Lock == item && entry.Use == use)?.Address ?? 0)
            .Where(address => address != 0)];

    private static void WriteTree(TypedMemory typed, ulong head, string tree, ulong[] entries)
    {
        ulong node = typed.Types.OffsetOf(Type, "TreeNode");
        ulong[] nodes = [.. entries.Select(entry => entry + node)];
        ulong field = head + typed.Types.OffsetOf(Type, tree);
        typed.SetQuads(field, Subtree(typed, nodes, 0), nodes.Length > 0 ? nodes[0] : 0);
    }

    /// <summary>A balanced tree of nodes in order.</summary>
    /// <returns>Its root.</returns>
    private static ulong Subtree(TypedMemory typed, ReadOnlySpan<ulong> nodes, ulong parent)
    {
        if (nodes.Length == 0) return 0;
        int middle = nodes.Length / 2;
        ulong root = nodes[middle];
        typed.SetQuads(root, Subtree(typed, nodes[..middle], root), Subtree(typed, nodes[(middle + 1)..], root), parent == 0 ? 0 : parent | Red);
        return root;
    }
}
