using LockLeak.Kernel;
using LockLeak.Target;

namespace LockLeak.Locks;

/// <summary>
/// nt!KiAbTreeArray, the kernel's table of lock entries: those of all threads that were switched out with a lock, owners and waiters.
/// A way to the threads of contended locks that takes a few reads, and does not walk over all threads.
/// </summary>
/// <remarks>
/// 1,024 buckets of 64 bytes, each { RTL_RB_TREE, spin lock }; a lock's is number (lock >> 4) &amp; 0x3FF. The entry that comes first for a
/// lock is its head: it hangs in the tree of the bucket, and holds the trees of the other owners and waiters
/// (https://github.com/nohuto/decompiled-pseudocode, ntoskrnl/KiAbEntryGetLockedHeadEntry.c and KiInitSystem.c of Windows 10 1507 to
/// Windows 11 24H2, x64; docs/kernel-facts.md). An entry is believed once a thread has proven to have it in its set.
/// </remarks>
internal sealed class EntryTable
{
    private const string Name = "nt!KiAbTreeArray";
    private const int Buckets = 0x400, BucketSize = 0x40, PageSize = 0x1000;

    /// <summary>More than threads have at a time; ends a table that was overwritten.</summary>
    private const int MostEntries = 1 << 16;

    private readonly KernelView view;
    private readonly LockEntryShape shape;
    private readonly ulong table;
    private int entries, brokenTrees;

    /// <summary>Finds the table.</summary>
    /// <exception cref="CommandException">This kernel has none that is known, or its address is not.</exception>
    public EntryTable(KernelView view)
    {
        this.view = view;
        // Windows 8.1 divides a smaller one in a way that is not known, and that of 26H1 bears no name.
        shape = view.Layout.Entries?.Shape is { TreeNode: not null, ThreadUnsafe: null, HeadLock: null } known &&
            view.Target.Facts.Machine == Machine.Amd64
            ? known
            : throw Unusable("is known from Windows 10 to Windows 11 24H2 on x64 only");
        if (!view.Target.Symbols.TryGetAddress(Name, out table) || table % BucketSize != 0)
        {
            throw Unusable("is not among the kernel's symbols: try .symfix; .reload /f nt");
        }
    }

    /// <summary>The threads of all entries in the table; they are then known to the view.</summary>
    /// <exception cref="CommandException">Nothing of the table can be read.</exception>
    public IEnumerable<ThreadAddress> Threads()
    {
        int unread = 0, pages = 0;
        for (ulong next, at = table, end = table + Buckets * BucketSize; at < end; at = next)
        {
            next = Math.Min((at | PageSize - 1) + 1, end);
            pages++;
            view.Progress($"reading {Name}, {entries} lock entries so far");
            if (view.IsInterrupted)
            {
                yield break;
            }

            if (view.Memory.TryReadWindow(at, 0, (int)(next - at)) is null)
            {
                unread++;
                continue;
            }

            for (ulong bucket = at; bucket < next; bucket += BucketSize)
            {
                foreach (ThreadAddress thread in Threads(bucket))
                {
                    yield return thread;
                }
            }
        }

        if (unread == pages)
        {
            throw Unusable("cannot be read: it is not in the dump or paged out");
        }

        if (unread > 0)
        {
            view.Notes.AddGap($"{unread} of the {pages} pages of {Name} cannot be read; what is in them was not seen.");
        }

        AddBrokenTrees();
    }

    /// <summary>The threads of the entries for one lock, and for others in its bucket; they are then known to the view.</summary>
    /// <exception cref="CommandException">The bucket cannot be read.</exception>
    public IEnumerable<ThreadAddress> Threads(LockAddress node)
    {
        ulong bucket = table + (node.Value >> 4 & Buckets - 1) * BucketSize;
        if (view.Memory.TryReadWindow(bucket, 0, BucketSize) is null)
        {
            throw Unusable("cannot be read: it is not in the dump or paged out");
        }

        foreach (ThreadAddress thread in Threads(bucket))
        {
            yield return thread;
        }

        AddBrokenTrees();
    }

    private static CommandException Unusable(string why) =>
        new(CommandResult.Failed, $"-fast reads {Name}, which {why}. Without -fast all threads are looked at.");

    private IEnumerable<ThreadAddress> Threads(ulong bucket)
    {
        foreach (LockEntry head in Entries(bucket, areHeads: true))
        {
            yield return head.Thread;
            foreach (TypeField tree in new[] { shape.OwnerTree, shape.WaiterTree }.Present())
            {
                foreach (LockEntry entry in Entries(head.Trees + (ulong)tree.Offset, areHeads: false))
                {
                    yield return entry.Thread;
                }
            }
        }
    }

    /// <summary>The entries of a tree up to the first one that does not prove to be linked.</summary>
    private IEnumerable<LockEntry> Entries(ulong tree, bool areHeads)
    {
        HashSet<ulong> seen = [];
        foreach (ulong? node in EntryTrees.Nodes(view.Memory, tree))
        {
            if (view.IsInterrupted)
            {
                yield break;
            }

            view.Progress($"reading {Name}, {entries} lock entries so far");
            if (node is not { } address || !seen.Add(address) || seen.Count == EntryTrees.Limit || entries == MostEntries ||
                Entry(address) is not { InTree: true } entry || entry.IsHead != areHeads)
            {
                brokenTrees++;
                yield break;
            }

            entries++;
            yield return entry;
        }
    }

    /// <summary>The entry of a node, as it stands in the set of the thread that it leads to; null when it stands in none.</summary>
    private LockEntry? Entry(ulong node)
    {
        var address = new EntryAddress(node - (ulong)shape.TreeNode.GetValueOrDefault().Offset);
        return view.ThreadOfEntry(address) is { } thread ? view.Thread(thread)?.EntryAt(address) : null;
    }

    private void AddBrokenTrees()
    {
        if (brokenTrees > 0)
        {
            view.Notes.AddGap($"{brokenTrees} of the trees of {Name} lead to what is no linked lock entry of a thread: they were just " +
                "changing, or are damaged; what is behind it was not seen.");
        }
    }
}
