using KernelImages.Kernel;
using KernelImages.Scenarios;

namespace KernelImages.Tests;

/// <summary>
/// The trees of lock entries, walked as the kernel walks them (sources: docs/kernel-facts.md): they hold the linked entries and no others.
/// </summary>
[TestClass]
public sealed class EntryTreeTests
{
    private const ulong BucketSize = 0x40, HeadLock = 0x18, HeadOwners = 0x28, HeadWaiters = 0x38, AutoBoostNode = 8, AutoBoostKey = 0x25;

    public static IEnumerable<object[]> Undamaged => ScenarioTests.Undamaged;

    [TestMethod]
    [DynamicData(nameof(Undamaged))]
    public void LinkedEntriesAreFoundByTheirLock(string scenario, string build)
    {
        SyntheticKernel kernel = ScenarioTests.Build(scenario, build);
        foreach (LockSpec item in kernel.Scenario.Locks.Where(item => item is not UserLock))
        {
            PlacedEntry[] linked = [.. kernel.Threads.SelectMany(thread => thread.Entries)
                .Where(entry => entry.Lock == item && entry.InTree)];
            ulong[] owners = Addresses(linked.Where(entry => entry.Use != EntryUse.Waits)),
                waiters = Addresses(linked.Where(entry => entry.Use == EntryUse.Waits));
            if (linked.Length == 0) continue;
            (ulong[] foundOwners, ulong[] foundWaiters) =
                AutoBoostEntries.AreInForce(kernel) ? FromHeadEntry(kernel, item, linked[0].Address) : FromTable(kernel, item, linked);
            CollectionAssert.AreEquivalent(owners, foundOwners, item.Name);
            CollectionAssert.AreEquivalent(waiters, foundWaiters, item.Name);
        }
    }

    [TestMethod]
    [DynamicData(nameof(Undamaged))]
    public void CountsAreThoseOfLinkedEntries(string scenario, string build)
    {
        SyntheticKernel kernel = ScenarioTests.Build(scenario, build);
        foreach (PlacedThread thread in kernel.Threads.Where(_ => kernel.Types.Field("_KTHREAD", "AbOwnedEntryCount") is not null))
        {
            Assert.AreEqual((ulong)thread.Entries.Count(entry => entry.InTree && entry.Use != EntryUse.Waits),
                kernel.Typed.Get("_KTHREAD", thread.Address, "AbOwnedEntryCount"), thread.Spec.Name);
            Assert.AreEqual((ulong)thread.Entries.Count(entry => entry.InTree && entry.Use == EntryUse.Waits),
                kernel.Typed.Get("_KTHREAD", thread.Address, "AbWaitEntryCount"), thread.Spec.Name);
        }
    }

    /// <summary>26H1: any linked entry leads to the head, and the head to all of them.</summary>
    private static (ulong[] Owners, ulong[] Waiters) FromHeadEntry(SyntheticKernel kernel, LockSpec item, ulong entry)
    {
        ulong head = kernel.Typed.GetQuad(entry);
        Assert.AreEqual(kernel.Lock(item.Name), kernel.Typed.GetQuad(head + HeadLock), item.Name);
        return ([.. Sorted(HeadOwners, 1)], [.. Sorted(HeadWaiters, -1)]);

        IEnumerable<ulong> Sorted(ulong tree, int direction)
        {
            ulong[] entries = [.. Nodes(kernel, head + tree).Select(node => node - AutoBoostNode)];
            CollectionAssert.AreEqual(entries.OrderBy(address => direction * (int)Key(address)).ToArray(), entries,
                "not sorted by priority");
            return entries;
        }

        byte Key(ulong address) => (byte)(kernel.Typed.GetQuad(address + 0x20) >> 8 * (int)(AutoBoostKey - 0x20));
    }

    /// <summary>
    /// Before: the bucket of KiAbTreeArray leads to the head, which is one of the entries. Windows 8.1 and 26H1 have no table here.
    /// </summary>
    private static (ulong[] Owners, ulong[] Waiters) FromTable(SyntheticKernel kernel, LockSpec item, PlacedEntry[] linked)
    {
        const string Type = "_KLOCK_ENTRY";
        if (kernel.Types.SizeOf(Type) is null) return ([], []);
        ulong node = kernel.Types.OffsetOf(Type, "TreeNode"), address = kernel.Lock(item.Name);
        ulong table = kernel.Types.Build < 10240 ? 0 : kernel.Modules.Kernel("KiAbTreeArray");
        ulong[] heads = table == 0
            ? [.. linked.Select(entry => entry.Address)
                .Where(entry => ((kernel.Typed.Get(Type, entry, "HeadNodeByte") | kernel.Typed.Get(Type, entry, "HeadNodeBit")) & 1) != 0)]
            : [.. Nodes(kernel, table + (address >> 4 & 0x3ff) * BucketSize).Select(found => found - node)
                .Where(head => LockOf(head) == (address | 1UL << 63))];
        Assert.HasCount(1, heads, item.Name);
        PlacedEntry first = linked.Single(entry => entry.Address == heads[0]);
        ulong[] owners = Members("OwnerTree"), waiters = Members("WaiterTree");
        return first.Use == EntryUse.Waits ? (owners, [first.Address, .. waiters]) : ([first.Address, .. owners], waiters);

        ulong[] Members(string tree) => [.. Nodes(kernel, first.Address + kernel.Types.OffsetOf(Type, tree)).Select(found => found - node)];

        ulong LockOf(ulong entry) => kernel.Typed.Get(Type, entry, "LockUnsafe") & ~3UL | 1UL << 63;
    }

    /// <summary>The nodes of a tree in order. Parents must lead back, and the tree must know its leftmost node.</summary>
    private static List<ulong> Nodes(SyntheticKernel kernel, ulong tree)
    {
        List<ulong> nodes = [];
        Visit(kernel.Typed.GetQuad(tree), 0);
        Assert.AreEqual(nodes.FirstOrDefault(), kernel.Typed.GetQuad(tree + 8), "leftmost node");
        return nodes;

        void Visit(ulong node, ulong parent)
        {
            if (node == 0) return;
            Assert.AreEqual(parent, kernel.Typed.GetQuad(node + 16) & ~3UL, "parent");
            Visit(kernel.Typed.GetQuad(node), node);
            nodes.Add(node);
            Visit(kernel.Typed.GetQuad(node + 8), node);
        }
    }

    private static ulong[] Addresses(IEnumerable<PlacedEntry> entries) => [.. entries.Select(entry => entry.Address)];
}
