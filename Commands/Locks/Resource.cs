using LockLeak.Code;
using LockLeak.Kernel;

namespace LockLeak.Locks;

/// <summary>_ERESOURCE: names its owners itself, in a field and a table, and its waiters from Windows 10 on.</summary>
internal class Resource : ReadableLock
{
    /// <summary>ERESOURCE.Flag: ResourceOwnedExclusive (wdm.h).</summary>
    private const ulong ResourceOwnedExclusive = 0x80;

    /// <summary>ERESOURCE.Flag bit 0: a fast resource, which has another layout.</summary>
    private const ulong FastResource = 1;

    /// <summary>More owners than a resource has; ends a table that was overwritten.</summary>
    private const int MostOwners = 4096;

    /// <summary>Both low bits of an owner that ExSetResourceOwnerPointer stored (wdm.h: an address "with both low bits set").</summary>
    private const ulong OwnerPointerBits = 3;


    /// <inheritdoc/>
    public override string Name => "resource";

    /// <inheritdoc/>
    public override string? TypeName => "_ERESOURCE";

    internal override bool IsReleasedBeforeUserMode => true;

    internal override bool HasOwnerField => true;

    internal override CodeLockKind? InCode => CodeLockKind.Resource;

    // It waits in rounds of some seconds, each with a time-out, and never gives up (ExpWaitForResource).
    internal override bool MayGiveUp => false;

    internal override bool IsWaitedForWith(byte waitReason) => waitReason == WaitReasons.WrResource;

    /// <inheritdoc/>
    /// <remarks>It is linked into nt!ExpSystemResourcesList from both sides.</remarks>
    internal override bool IsAt(LockMemory memory, LockAddress address, ulong firstWord)
    {
        ulong next = memory.Memory.Canonical(firstWord);
        return memory.Fields is { ResourceLinks: { } links, ResourceSize: > 0 and var size, ResourceFlag: { } flag } &&
            KernelMemory.IsKernelAddress(next) &&
            memory.Memory.TryReadWindow(next, 0, 16) is { } after &&
                memory.Memory.Canonical(after.Value(ListEntry.Blink)) == address.Value + (ulong)links.Offset &&
            memory.Memory.TryReadWindow(address.Value, 0, size) is { } window &&
            memory.Memory.TryReadPointer(memory.Memory.Canonical(window.Value(ListEntry.Blink)), out ulong previous) &&
                previous == address.Value + (ulong)links.Offset &&
            (window.Value(flag with { Size = 2 }) & FastResource) == 0;
    }

    internal override LockAddress? LockOf(LockMemory memory, KernelThread thread, ulong waitObject) =>
        thread.WaitReason == WaitReasons.WrResource && thread.WaitingEntry is null ? memory.Resources.FindResource(waitObject) : null;

    internal override void Read(LockMemory memory, LockNode node)
    {
        LockFields fields = memory.Fields;
        if (fields is not
            {
                ResourceOwnerEntry: not null, ResourceOwnerTable: not null, ResourceFlag: { } flag,
                ResourceActiveEntries: { } active, OwnerThread: not null
            } ||
            fields.ResourceSize == 0 || memory.Memory.TryReadWindow(node.Address.Value, 0, fields.ResourceSize) is not { } window)
        {
            return;
        }

        ResourceWaiters.Read(memory, node, window);
        long owners = (long)window.Value(active);
        bool isExclusive = (window.Value(flag with { Size = 2 }) & ResourceOwnedExclusive) != 0;
        node.IsLocked = owners > 0;
        node.IsExclusive = owners > 0 ? isExclusive : null;
        node.SharedOwners = owners > 0 && !isExclusive ? owners : 0;
        node.ContentionCount = fields.ResourceContentionCount is { } contention ? (long)window.Value(contention) : null;
        node.Detail = Detail(fields, window);
        int named = owners == 0 ? 0 : ReadOwners(memory, node, window, isExclusive);
        node.IsChanging |= named != (isExclusive ? Math.Min(owners, 1) : owners);
    }

    private static string? Detail(LockFields fields, Window window)
    {
        List<string> words = [];
        if (window.Value(fields.ResourceContentionCount) is > 0 and var contention)
        {
            words.Add($"contention count {contention}");
        }

        if ((window.Value(fields.ResourceMiscFlags) & 1) != 0)
        {
            words.Add("the kernel itself has marked it as a possible deadlock");
        }

        return words.Count == 0 ? null : string.Join(", ", words);
    }

    /// <summary>Adds the owners that the resource names, and returns their number, owner pointers included.</summary>
    private static int ReadOwners(LockMemory memory, LockNode node, Window window, bool isExclusive)
    {
        LockFields fields = memory.Fields;
        int named = AddOwner(memory, node, window, fields.ResourceOwnerEntry.GetValueOrDefault().Offset, isExclusive) ? 1 : 0;
        if (isExclusive)
        {
            // Whoever else is in the table has put itself there before it waits.
            return named;
        }

        ulong table = memory.Memory.Canonical(window.Value(fields.ResourceOwnerTable));
        if (table == 0)
        {
            return named;
        }

        if (fields.OwnerTableSize is not { } tableSize || fields.OwnerEntrySize == 0 ||
            !memory.Memory.TryReadUInt32(table + (ulong)tableSize.Offset, out uint size) ||
            size > MostOwners || memory.Memory.TryReadWindow(table, 0, (int)Math.Max(size, 1) * fields.OwnerEntrySize) is not { } entries)
        {
            memory.Notes.AddGap($"The owner table of {node.Kind} {node.Address} cannot be read at {Address.Text(table)}.");
            return named;
        }

        // The first element only carries the table's size.
        for (int i = 1; i < size; i++)
        {
            named += AddOwner(memory, node, entries, i * fields.OwnerEntrySize, isExclusive: false) ? 1 : 0;
        }

        return named;
    }

    /// <summary>Adds one element of the owner table; false for an unused one and for a thread that only waits.</summary>
    private static bool AddOwner(LockMemory memory, LockNode node, Window entries, int at, bool isExclusive)
    {
        LockFields fields = memory.Fields;
        ulong owner = entries.Value(fields.OwnerThread, at);
        if (owner == 0 || (fields.OwnerCount is { } count && entries.Value(count, at) == 0))
        {
            return false;
        }

        if ((owner & OwnerPointerBits) == OwnerPointerBits)
        {
            node.AddOwnerPointer(owner);
            return true;
        }

        // A shared waiter stands in the table before it waits, with a count of 1. The one whose turn has come is Ready.
        var thread = new ThreadAddress(memory.Memory.Canonical(owner));
        if (memory.View.Thread(thread) is { IsWaiting: true } known && node.Waiter(thread) is { Mode: not LockMode.Exclusive })
        {
            node.IsChanging |= isExclusive;
            return false;
        }

        memory.AddOwnerField(node, thread.Value);
        return true;
    }
}
