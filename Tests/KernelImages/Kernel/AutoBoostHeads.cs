using KernelImages.Memory;
using KernelImages.Scenarios;

namespace KernelImages.Kernel;

/// <summary>
/// The head entries of 26H1 (AutoBoost::_AB_HEAD_ENTRY): one for each lock to which linked entries belong, found through a
/// table of 1,024 trees.
/// </summary>
/// <remarks>
/// Read from KiAbpProcessEntryAddToTree and KiAbpEntryUnlink (nohuto/decompiled-pseudocode, 11-26H1/ntoskrnl). The bucket of
/// a lock of the kernel is (lock >> 4) &amp; 0x3FF, 64 bytes: spin lock, root, leftmost node. The same memory holds
/// KiAbTreeArray for the old entries (KiAbEntryGetLockedHeadEntry), with the tree before the spin lock. It has no public name
/// in 26H1. Locks of user mode have a table in their process, which is left out here.
/// </remarks>
internal static class AutoBoostHeads
{
    private const ulong Lock = 0x18, OwnerTree = 0x28, WaiterTree = 0x38, BucketTree = 8;
    private const int HeadSize = 0x50, BucketSize = 0x40, Buckets = 0x400;

    public static void Write(SyntheticKernel kernel)
    {
        List<(ulong Lock, ulong Head)> heads = [];
        foreach (LockSpec item in kernel.Scenario.Locks)
        {
            PlacedEntry[] entries = EntryTrees.LinkedEntries(kernel, item);
            if (entries.Length == 0) continue;
            ulong head = WriteHead(kernel, item, entries);
            if (item is not UserLock) heads.Add((kernel.Lock(item.Name), head));
        }
        WriteTable(kernel, heads);
    }

    private static ulong WriteHead(SyntheticKernel kernel, LockSpec item, PlacedEntry[] entries)
    {
        ulong head = kernel.Pool.Allocate(HeadSize);
        kernel.Memory.Map(head, HeadSize);
        kernel.Typed.SetQuads(head + Lock, kernel.Lock(item.Name));
        foreach (PlacedEntry entry in entries) AutoBoostEntries.Link(kernel, entry, head, EntryTrees.Key(kernel, entry));
        WriteTree(kernel, head + OwnerTree, EntryTrees.InOwnerTree(kernel, entries));
        WriteTree(kernel, head + WaiterTree, EntryTrees.InWaiterTree(kernel, entries));
        return head;
    }

    private static void WriteTree(SyntheticKernel kernel, ulong tree, IEnumerable<PlacedEntry> entries) =>
        BalancedTree.Write(kernel.Typed, tree, [.. entries.Select(entry => AutoBoostEntries.TreeNode(entry.Address))]);

    private static void WriteTable(SyntheticKernel kernel, IEnumerable<(ulong Lock, ulong Head)> heads)
    {
        ulong table = kernel.Pool.Allocate(BucketSize * Buckets, BucketSize);
        foreach (var bucket in heads.GroupBy(head => head.Lock >> 4 & Buckets - 1))
            BalancedTree.Write(kernel.Typed, table + bucket.Key * BucketSize + BucketTree,
                [.. bucket.OrderBy(head => head.Lock).Select(head => head.Head)]);
    }
}
