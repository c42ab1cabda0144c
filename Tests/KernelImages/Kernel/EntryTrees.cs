using KernelImages.Memory;
using KernelImages.Scenarios;

namespace KernelImages.Kernel;

/// <summary>
/// The trees of AutoBoost up to 24H2. At every context switch the entries of the thread that leaves are linked. The first
/// entry that comes for a lock becomes its head: it lies in the tree of the lock's bucket in KiAbTreeArray and holds the
/// trees of all other entries, of owners and of waiters, linked by TreeNode.
/// </summary>
/// <remarks>
/// Read from KiAbEntryGetLockedHeadEntry (nohuto/decompiled-pseudocode, 1507 to 11-24H2/ntoskrnl); the public symbols give the
/// table 64 KB since Windows 10. That of Windows 8.1 is smaller; how it is divided is not known, so it stays empty.
/// </remarks>
internal static class EntryTrees
{
    private const string Type = "_KLOCK_ENTRY";
    private const int BucketSize = 0x40, Buckets = 0x400;
    private const sbyte HighestKey = 30;
    private const uint FirstBuildWithTable = 10240;

    public static void Write(SyntheticKernel kernel)
    {
        if (kernel.Types.Field(Type, "TreeNode") is not { } node) return;
        List<(ulong Lock, ulong Head)> heads = [];
        foreach (LockSpec item in kernel.Scenario.Locks.Where(item => item is not UserLock))
        {
            PlacedEntry[] entries = LinkedEntries(kernel, item);
            if (entries.Length == 0) continue;
            WriteHead(kernel, entries);
            heads.Add((kernel.Lock(item.Name), entries[0].Address));
        }
        ulong table = kernel.Modules.Kernel("KiAbTreeArray");
        if (kernel.Types.Build < FirstBuildWithTable || table == 0) return;
        kernel.Memory.Map(table, BucketSize * Buckets);
        foreach (var bucket in heads.GroupBy(head => head.Lock >> 4 & Buckets - 1))
            BalancedTree.Write(kernel.Typed, table + bucket.Key * BucketSize,
                [.. bucket.OrderBy(head => head.Lock).Select(head => head.Head + (ulong)node.Offset)]);
    }

    /// <summary>The linked entries of a lock, the one that came first before all others.</summary>
    public static PlacedEntry[] LinkedEntries(SyntheticKernel kernel, LockSpec item)
    {
        PlacedEntry[] entries =
        [
            .. item.Owners.Concat(item.Waiters).Concat(item.Acquiring).SelectMany(claim => kernel.Placed(claim.Thread).Entries).Distinct()
                .Where(entry => entry.Lock == item && entry.InTree && entry.Address != 0),
        ];
        return item.Head is { } first ? [.. entries.OrderByDescending(entry => entry.Claim!.Thread == first)] : entries;
    }

    /// <summary>By what an entry is sorted: a thread's priority, 30 at most.</summary>
    public static byte Key(SyntheticKernel kernel, PlacedEntry entry) =>
        (byte)Math.Min(kernel.Placed(entry.Claim!.Thread).Spec.Priority, HighestKey);

    /// <summary>The entries of a lock's owners, the lowest priority first.</summary>
    public static IEnumerable<PlacedEntry> InOwnerTree(SyntheticKernel kernel, IEnumerable<PlacedEntry> entries) =>
        entries.Where(entry => entry.Use != EntryUse.Waits).OrderBy(entry => Key(kernel, entry));

    /// <summary>The entries of a lock's waiters, the highest priority first.</summary>
    public static IEnumerable<PlacedEntry> InWaiterTree(SyntheticKernel kernel, IEnumerable<PlacedEntry> entries) =>
        entries.Where(entry => entry.Use == EntryUse.Waits).OrderByDescending(entry => Key(kernel, entry));

    private static void WriteHead(SyntheticKernel kernel, PlacedEntry[] entries)
    {
        TypedMemory typed = kernel.Typed;
        ulong head = entries[0].Address;
        if (!typed.Set(Type, head, "HeadNodeBit", 1)) typed.Set(Type, head, "HeadNodeByte", typed.Get(Type, head, "HeadNodeByte") | 1);
        foreach (PlacedEntry entry in entries[1..]) typed.Set(Type, entry.Address, "CpuPriorityKey", Key(kernel, entry));
        WriteTree("OwnerTree", InOwnerTree(kernel, entries[1..]));
        WriteTree("WaiterTree", InWaiterTree(kernel, entries[1..]));

        void WriteTree(string field, IEnumerable<PlacedEntry> members) =>
            BalancedTree.Write(typed, head + typed.Types.OffsetOf(Type, field),
                [.. members.Select(entry => entry.Address + typed.Types.OffsetOf(Type, "TreeNode"))]);
    }
}
