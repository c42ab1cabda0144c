using LockLeak.Kernel;
using LockLeak.Locks;

namespace LockLeak.Checks;

/// <summary>
/// The lock entries in the trees of a contended lock, and those of the threads on the lists that say to be linked for it.
/// </summary>
/// <remarks>
/// With -check only: trees are walked in other runs where an owner is missing, and nothing that is certain rests on them. A lock is left
/// out while a processor runs one of its threads, which may be linking or unlinking an entry, and where a part of a tree cannot
/// be read.
/// </remarks>
internal sealed class EntryTreeMembers : Check
{
    public override string Name => "entry-trees";

    public override string Compares => "the entries in the trees of a lock, and those of threads that say to be linked there";

    public override IReadOnlyList<string> Fields { get; } =
        ["_KLOCK_ENTRY.TreeNode", "_KLOCK_ENTRY.OwnerTree", "_KLOCK_ENTRY.WaiterTree", "_KLOCK_ENTRY.HeadNodeBit",
            "_KLOCK_ENTRY.HeadNodeByte", "_KLOCK_ENTRY.LockUnsafe"];

    public override IReadOnlyList<string> Proves { get; } = ["_KLOCK_ENTRY.TreeNode", "_KLOCK_ENTRY.LockUnsafe"];

    public override void Run(CheckContext context, CheckResult result)
    {
        if (!context.IsThorough ||
            context.View.Layout.Entries?.Shape is not { TreeNode: { } node, OwnerTree: { } owners, WaiterTree: { } waiters } shape)
        {
            return;
        }

        ILookup<LockAddress, (KernelThread Thread, LockEntry Entry)> linked = context.View.KnownThreads()
            .SelectMany(thread => thread.EntriesInUse.Where(entry => entry is { NamesALock: true, InTree: true })
                .Select(entry => (Thread: thread, Entry: entry)))
            .ToLookup(pair => pair.Entry.Lock);
        foreach (IGrouping<LockAddress, (KernelThread Thread, LockEntry Entry)> members in linked)
        {
            ulong trees = members.Select(member => member.Entry.Trees).FirstOrDefault(trees => trees != 0);
            if (trees == 0 || members.Any(member => context.IsOnProcessor(member.Thread) || member.Entry.IsBusy))
            {
                continue;
            }

            HashSet<ulong> found = [];
            if (!Collect(context, trees + (ulong)owners.Offset, (ulong)node.Offset, found) ||
                !Collect(context, trees + (ulong)waiters.Offset, (ulong)node.Offset, found))
            {
                continue;
            }

            if (shape.HeadLock is null)
            {
                // The head is one of the entries and stands in none of its own trees.
                found.Add(trees);
            }

            Compare(members, found, result);
        }
    }

    private static void Compare(IGrouping<LockAddress, (KernelThread Thread, LockEntry Entry)> members, HashSet<ulong> found,
        CheckResult result)
    {
        foreach ((KernelThread thread, LockEntry entry) in members)
        {
            result.Compare(
                found.Remove(entry.Address.Value),
                $"Lock entry {entry.Address} of thread {thread.Address} says to be linked for lock {members.Key} and is not in its trees.",
                thread.Address.Value, members.Key.Value);
        }

        foreach (ulong entry in found)
        {
            result.Disagree($"The trees of lock {members.Key} hold {Address.Text(entry)}, which is no entry of a known thread for that " +
                "lock.",
                members.Key.Value);
        }
    }

    /// <summary>Adds the entries of one tree.</summary>
    /// <returns>False when a part of it cannot be looked at.</returns>
    private static bool Collect(CheckContext context, ulong tree, ulong nodeOffset, HashSet<ulong> entries)
    {
        foreach (ulong? node in EntryTrees.Nodes(context.View.Memory, tree))
        {
            if (node is not { } address)
            {
                return false;
            }

            if (entries.Count == EntryTrees.Limit || !entries.Add(address - nodeOffset))
            {
                // In a circle: it is no tree, and the entries that it leaves out will tell.
                return true;
            }
        }

        return true;
    }
}
