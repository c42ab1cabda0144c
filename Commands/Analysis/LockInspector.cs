using LockLeak.Kernel;
using LockLeak.Target;

namespace LockLeak.Analysis;

/// <summary>Reads the memory of a lock: what kind it is, whether it is owned, by whom, and who queues for it.</summary>
/// <param name="view">The machine.</param>
public sealed class LockInspector(KernelView view)
{
    /// <summary>_KOBJECTS.EventSynchronizationObject and MutantObject.</summary>
    private const byte SynchronizationEvent = 1, MutantObject = 2;

    /// <summary>ERESOURCE.Flag: ResourceOwnedExclusive (wdm.h).</summary>
    private const ulong ResourceOwnedExclusive = 0x80;

    /// <summary>More owners than a resource has; ends a table that was overwritten.</summary>
    private const int MostOwners = 4096;

    private readonly KernelMemory memory = view.Memory;
    private readonly LockFields fields = view.Layout.Locks;

    /// <summary>Fills in what the lock itself says. Reads it once.</summary>
    /// <param name="node">The lock.</param>
    /// <param name="assumed">What it is as far as the caller knows, unless the memory there cannot be that.</param>
    public void Inspect(LockNode node, LockKind assumed = LockKind.Unknown)
    {
        if (node.IsInspected && (node.Kind != LockKind.Unknown || assumed == LockKind.Unknown))
        {
            return;
        }

        node.IsInspected = true;
        if (!memory.TryReadUInt64(node.Address, out ulong value))
        {
            return;
        }

        node.Value = value;
        if (node.Kind == LockKind.Unknown)
        {
            bool canBe = assumed != LockKind.PushLock || new PushLockValue(value).IsPlausible;
            LockKind seen = assumed != LockKind.Unknown && canBe ? assumed : Recognise(node.Address, value);
            node.Kind = seen == LockKind.Unknown ? assumed : seen;
        }

        switch (node.Kind)
        {
            case LockKind.PushLock:
                InspectPushLock(node);
                break;
            case LockKind.Resource:
                InspectResource(node);
                break;
            case LockKind.FastMutex or LockKind.GuardedMutex:
                InspectFastMutex(node);
                break;
            case LockKind.Mutant:
                InspectMutant(node);
                break;
        }
    }

    /// <summary>True when an object that a thread waits for is a mutant.</summary>
    public bool IsMutant(ulong address) =>
        fields.MutantOwner is { } owner && fields.HeaderType is { } type &&
        memory.TryReadWindow(address, 0, owner.Offset + owner.Size) is { } window && (window.Value(type) & 0x7F) == MutantObject;

    /// <summary>
    /// The kind of a lock by what lies there. An address alone does not say it; each test below asks for something
    /// that the structure guarantees and that other memory has only by chance.
    /// </summary>
    private LockKind Recognise(ulong address, ulong value)
    {
        // An _ERESOURCE is linked into nt!ExpSystemResourcesList from both sides.
        if (fields.ResourceLinks is not null && KernelMemory.IsKernelAddress(value) && memory.TryReadWindow(value, 0, 16) is { } next &&
            next.Value(new TypeField(8, 8, 0, 0, true)) == address)
        {
            return LockKind.Resource;
        }

        if (IsMutant(address))
        {
            return LockKind.Mutant;
        }

        // A _FAST_MUTEX holds a synchronization event; dispatcher headers carry their size in 32-bit units (0x18 / 4).
        if (fields.FastMutexEvent is { } @event && memory.TryReadUInt32(address + (ulong)@event.Offset, out uint header) &&
            (header & 0x7F) == SynchronizationEvent && (header >> 16 & 0xFF) == 6)
        {
            return LockKind.FastMutex;
        }

        return value != 0 && new PushLockValue(value).IsPlausible ? LockKind.PushLock : LockKind.Unknown;
    }

    private void InspectPushLock(LockNode node)
    {
        PushLockValue value = node.PushLock;
        if (!value.IsPlausible)
        {
            view.Notes.Add($"{Address.Text(value.Raw)} at {Address.Text(node.Address)} is the value of no push lock: there is none, or it was overwritten.");
            return;
        }

        node.IsLocked = value.IsLocked;
        if (!value.IsWaiting)
        {
            node.SharedOwners = value.IsLocked ? (long)value.SharedOwners : 0;
            node.IsExclusive = value.IsLocked ? value.SharedOwners == 0 : null;
            return;
        }

        var oldestFirst = PushLockWaitBlock.Walk(memory, value.WaitBlock, view.Notes).Reverse().ToList();
        if (value.IsLocked && oldestFirst is [{ Next: 0 } oldest, ..])
        {
            // 0 and -2 mean exclusive, but 0 is also what one shared owner leaves: only MultipleShared tells them apart for sure.
            node.SharedOwners = Math.Max(oldest.ShareCount, 0);
            node.IsExclusive = value.IsMultipleShared || oldest.ShareCount > 0 ? false : oldest.ShareCount == -2 ? true : null;
        }

        foreach (PushLockWaitBlock block in oldestFirst)
        {
            AddWaiter(node, block);
        }

        node.OrderWaiters(oldestFirst);
    }

    /// <summary>Finds the thread of a wait block on up to three roads and says so when they disagree.</summary>
    private void AddWaiter(LockNode node, PushLockWaitBlock block)
    {
        ulong byEntry = view.Layout.Entries is not null && KernelMemory.IsKernelAddress(block.LockEntry) ? view.ThreadOfEntry(block.LockEntry) ?? 0 : 0;
        ulong byWaitList = block.HasNoSleeper ? 0 : ThreadOfWaitBlock(block.WaitList);
        ulong byStack = view.KnownThreads.FirstOrDefault(thread => thread.IsOnStack(block.Address))?.Address ?? 0;

        // The wait list is what the kernel's own wake-up follows, so it wins.
        ulong thread = byWaitList != 0 ? byWaitList : byStack != 0 ? byStack : byEntry;
        LockWaiter waiter = node.AddWaiter(thread, FoundBy.WaitBlock);
        waiter.Block = block;
        if (byStack == thread && thread != 0)
        {
            waiter.AddFoundBy(FoundBy.Stack);
        }

        if (byEntry == thread && thread != 0)
        {
            waiter.AddFoundBy(FoundBy.LockEntry);
        }

        if ((byEntry != 0 && byEntry != thread) || (byStack != 0 && byStack != thread))
        {
            view.Notes.Add(
                $"Wait block {Address.Text(block.Address)} leads to different threads: wait list {Text(byWaitList)}, stack {Text(byStack)}, " +
                $"lock entry {Text(byEntry)}. {Address.Text(thread)} is shown.");
        }
        else if (thread == 0)
        {
            view.Notes.Add($"The thread of wait block {Address.Text(block.Address)} cannot be found.");
        }

        static string Text(ulong address) => address == 0 ? "none" : Address.Text(address);
    }

    private ulong ThreadOfWaitBlock(ulong listEntry) =>
        fields.WaitBlockThread is { } thread &&
        memory.TryReadPointer(listEntry - (ulong)(fields.WaitBlockListEntry?.Offset ?? 0) + (ulong)thread.Offset, out ulong address) &&
        KernelMemory.IsKernelAddress(address)
            ? address
            : 0;

    private void InspectFastMutex(LockNode node)
    {
        if (fields.FastMutexOwner is not { } owner || !memory.TryReadPointer(node.Address + (ulong)owner.Offset, out ulong thread))
        {
            return;
        }

        thread &= ~0xFUL;
        node.IsLocked = thread != 0;
        node.IsExclusive = thread != 0 ? true : null;
        AddOwnerField(node, thread);
    }

    private void InspectMutant(LockNode node)
    {
        if (fields.MutantOwner is not { } owner || fields.MutantAbandoned is not { } abandoned ||
            memory.TryReadWindow(node.Address, 0, abandoned.Offset + abandoned.Size) is not { } window)
        {
            return;
        }

        ulong thread = memory.Canonical(window.Value(owner)) & ~0xFUL;
        node.IsLocked = thread != 0;
        node.IsExclusive = thread != 0 ? true : null;
        node.IsAbandoned = window.IsSet(abandoned with { BitLength = Math.Max(abandoned.BitLength, 1) });
        AddOwnerField(node, thread);
    }

    private void InspectResource(LockNode node)
    {
        if (fields is not { ResourceOwnerEntry: { } ownerEntry, ResourceOwnerTable: { } table, ResourceFlag: { } flag, ResourceActiveEntries: { } active, OwnerThread: { } ownerThread } ||
            fields.ResourceSize == 0 || memory.TryReadWindow(node.Address, 0, fields.ResourceSize) is not { } window)
        {
            return;
        }

        long owners = (long)window.Value(active);
        node.IsLocked = owners > 0;
        if (owners == 0)
        {
            return;
        }

        node.IsExclusive = (window.Value(flag with { Size = 2 }) & ResourceOwnedExclusive) != 0;
        node.SharedOwners = node.IsExclusive == true ? 0 : owners;
        AddResourceOwner(node, window.Value(ownerThread, ownerEntry.Offset));
        ulong first = memory.Canonical(window.Value(table));
        if (fields.OwnerTableSize is not { } tableSize || fields.OwnerEntrySize == 0 || !memory.TryReadUInt32(first + (ulong)tableSize.Offset, out uint size) ||
            size <= 1 || size > MostOwners || memory.TryReadWindow(first, 0, (int)size * fields.OwnerEntrySize) is not { } entries)
        {
            return;
        }

        // The first element only carries the table's size.
        for (int i = 1; i < size; i++)
        {
            AddResourceOwner(node, entries.Value(ownerThread, i * fields.OwnerEntrySize));
        }
    }

    /// <summary>Owner entries hold a thread, or with both low bits set an address that ExSetResourceOwnerPointer put there (wdm.h).</summary>
    private void AddResourceOwner(LockNode node, ulong owner)
    {
        if ((owner & 3) != 0)
        {
            node.HasOwnerThatIsNoThread = true;
        }
        else
        {
            AddOwnerField(node, memory.Canonical(owner));
        }
    }

    private static void AddOwnerField(LockNode node, ulong thread)
    {
        if (KernelMemory.IsKernelAddress(thread))
        {
            node.AddOwner(new LockOwner(thread, Entry: null, FoundBy.OwnerField));
        }
    }
}
