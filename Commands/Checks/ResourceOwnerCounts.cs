using LockLeak.Kernel;

namespace LockLeak.Checks;

/// <summary>How many threads own a resource, by ActiveEntries and by its owner entries.</summary>
/// <remarks>
/// A shared waiter stands among the owners before it waits, and ActiveEntries does not count it: there may be as many more as there are
/// shared waiters. A resource that threads wait for has an owner, for it is handed over (docs/kernel-facts.md, Resources).
/// </remarks>
internal sealed class ResourceOwnerCounts : Check
{
    /// <summary>ERESOURCE.Flag: ResourceOwnedExclusive (wdm.h).</summary>
    private const ulong OwnedExclusive = 0x80;

    /// <summary>More owners than a resource has.</summary>
    private const uint MostOwners = 4096;

    public override string Name => "resource-owners";

    public override string Compares => "ActiveEntries of a resource, and its owner entries";

    public override IReadOnlyList<string> Fields { get; } =
    [
        "_ERESOURCE.ActiveEntries", "_ERESOURCE.OwnerEntry", "_ERESOURCE.OwnerTable", "_ERESOURCE.Flag", "_ERESOURCE.NumberOfSharedWaiters",
        "_OWNER_ENTRY.OwnerThread",
        "_OWNER_ENTRY.OwnerCount", "_OWNER_ENTRY.TableSize",
    ];

    public override void Run(CheckContext context, CheckResult result)
    {
        if (context.View.Layout.Locks is not
            {
                ResourceActiveEntries: { } active, ResourceFlag: { } flag, ResourceOwnerEntry: { } inline, OwnerThread: { } owner,
                ResourceSharedWaiterCount: { } waiters
            } fields)
        {
            return;
        }

        foreach (ResourceState resource in ResourceState.All(context))
        {
            ulong said = resource.Window.Value(active);
            bool isExclusive = (resource.Window.Value(flag with { Size = 2 }) & OwnedExclusive) != 0;
            LockAddress address = resource.Node.Address;
            if (said == 0)
            {
                result.Compare(
                    !resource.Node.Waiters.Any(waiter => waiter.WaitBlock != 0),
                    $"Resource {address}: nobody owns it, and threads are in its rings of waiters.", address.Value);
            }
            else if (isExclusive)
            {
                ulong thread = context.View.Memory.Canonical(resource.Window.Value(owner, inline.Offset));
                result.Compare(
                    said == 1 && KernelMemory.IsKernelAddress(thread),
                    $"Resource {address}: it is owned exclusively, ActiveEntries is {said} and its own owner entry names " +
                        $"{Address.Text(thread)}.",
                    address.Value);
            }
            else if (Entries(context, fields, resource) is { } found)
            {
                ulong shared = resource.Window.Value(waiters);
                result.Compare(
                    said <= found && said + shared >= found,
                    $"Resource {address}: ActiveEntries is {said}, {found} owner entries are in use and {shared} shared waiters wait.",
                    address.Value);
            }
        }
    }

    /// <summary>Number of owner entries in use; null when the table was not read.</summary>
    private static ulong? Entries(CheckContext context, LockFields fields, ResourceState resource)
    {
        ulong inUse = IsInUse(fields, resource.Window, fields.ResourceOwnerEntry.GetValueOrDefault().Offset) ? 1u : 0u;
        ulong table = context.View.Memory.Canonical(resource.Window.Value(fields.ResourceOwnerTable));
        if (table == 0)
        {
            return inUse;
        }

        if (fields is not { OwnerTableSize: { } sizeField, OwnerEntrySize: > 0 and var entrySize } ||
            context.View.Memory.InHand(table, entrySize) is not { } head ||
            (uint)head.Value(sizeField) is var size && size > MostOwners ||
                context.View.Memory.InHand(table, (int)size * entrySize) is not { } entries)
        {
            return null;
        }

        for (int i = 1; i < size; i++)
        {
            inUse += IsInUse(fields, entries, i * entrySize) ? 1u : 0u;
        }

        return inUse;
    }

    private static bool IsInUse(LockFields fields, Window entries, int at) =>
        entries.Value(fields.OwnerThread, at) != 0 && (fields.OwnerCount is not { } count || entries.Value(count, at) != 0);
}
