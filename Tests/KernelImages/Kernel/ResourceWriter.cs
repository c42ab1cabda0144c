using KernelImages.Memory;
using KernelImages.Scenarios;

namespace KernelImages.Kernel;

/// <summary>_ERESOURCE with its owner table.</summary>
/// <remarks>
/// Read from ExpAcquireResourceExclusiveLite, ExpAcquireResourceSharedLite, ExpReleaseResourceExclusiveForThreadLite and
/// ExpSetResourceOwnerPointerEx (https://github.com/nohuto/decompiled-pseudocode, 11-21H2 to 11-24H2/ntoskrnl).
/// </remarks>
internal static class ResourceWriter
{
    private const string Type = "_ERESOURCE", Owner = "_OWNER_ENTRY";

    /// <summary>Flag: ResourceOwnedExclusive (wdm.h).</summary>
    private const ulong OwnedExclusive = 0x80;

    /// <summary>Both low bits of an owner pointer are set (wdm.h, ExSetResourceOwnerPointer).</summary>
    private const ulong PointerMark = 3;
    private const int StructureSize = 0x40;

    /// <summary>Elements of a new table, and how many more each larger one has (ExpExpandResourceOwnerTable).</summary>
    private const int FirstTableSize = 3, TableGrowth = 4;

    /// <summary>ResourceTimeoutCount of a resource that goes by ExResourceTimeoutCount.</summary>
    private const ulong GlobalTimeout = uint.MaxValue;

    /// <summary>FLAG_OWNER_POINTER_IS_THREAD is as old as ExSetResourceOwnerPointerEx, which came with Windows 8.</summary>
    private const uint OwnerPointerIsThreadBuild = 9200;

    public static void Write(SyntheticKernel kernel, Resource resource, ulong address)
    {
        TypedMemory typed = kernel.Typed;
        kernel.Memory.Map(address, kernel.Types.RequiredSizeOf(Type));
        Claim[] queue = [.. resource.Queue];
        // Who is woken is written down as an owner before it runs.
        Claim[] owners = [.. resource.Owners, .. resource.Waiters.Except(queue)];
        bool isGone = resource.Gone != GoneOwner.None, isOwned = owners.Length > 0 || isGone;
        bool isExclusive = isOwned && !owners.Any(owner => owner.Shared);
        typed.Set(Type, address, "ActiveCount", isOwned ? 1u : 0);
        typed.Set(Type, address, "ActiveEntries", isGone ? 1u : (ulong)owners.Length);
        typed.Set(Type, address, "Flag", isExclusive ? OwnedExclusive : 0);
        typed.Set(Type, address, "ContentionCount", ContentionCount(resource));
        typed.Set(Type, address, "NumberOfSharedWaiters", (ulong)queue.Count(waiter => waiter.Shared));
        typed.Set(Type, address, "NumberOfExclusiveWaiters", (ulong)queue.Count(waiter => !waiter.Shared));
        typed.Set(Type, address, "MiscFlags", resource.PossibleDeadlock ? 1u : 0);
        typed.Set(Type, address, "ResourceTimeoutCount", GlobalTimeout);
        if (isGone)
        {
            typed.Set(Owner, address + kernel.Types.OffsetOf(Type, "OwnerEntry"), "OwnerThread", GoneOwners.Place(kernel, resource.Gone));
        }
        if (isGone) typed.Set(Owner, address + kernel.Types.OffsetOf(Type, "OwnerEntry"), "OwnerCount", 1);
        WriteOwners(kernel, resource, address, [.. owners, .. queue.Where(waiter => waiter.Shared)]);
        LetWait(kernel, resource, address);
    }

    /// <summary>All resources of the machine, in nt!ExpSystemResourcesList.</summary>
    public static void Link(SyntheticKernel kernel) =>
        kernel.Typed.LinkList(
            kernel.Modules.Kernel("ExpSystemResourcesList"),
            kernel.Scenario.Locks.Where(item => item is Resource or FastResource { Version: 1 })
                .Select(item => kernel.Lock(item.Name) + kernel.Types.OffsetOf(Type, "SystemResourcesList")));

    /// <summary>It counts all waits that there ever were.</summary>
    public static ulong ContentionCount(LockSpec item) => item.Waiters.Count == 0 ? 0 : (ulong)item.Waiters.Count + 0x2a;

    /// <summary>
    /// The owners, and the shared waiters, which are entered before they wait. Who finds the resource's own entry free takes it,
    /// and an exclusive owner has no other; the rest have elements of the table. An element that was given back stays free until
    /// somebody needs it. Element 0 holds no owner but the number of elements.
    /// </summary>
    private static void WriteOwners(SyntheticKernel kernel, Resource resource, ulong address, Claim[] claims)
    {
        List<Claim> inTable = [.. claims];
        int own = resource.Gone != GoneOwner.None ? -1 : resource.OwnEntryIsFree ? inTable.FindIndex(resource.Queue.Contains) : 0;
        if (own >= 0 && own < inTable.Count)
        {
            WriteOwner(kernel, address + kernel.Types.OffsetOf(Type, "OwnerEntry"), inTable[own]);
            inTable.RemoveAt(own);
        }
        if (inTable.Count == 0) return;

        int size = kernel.Types.RequiredSizeOf(Owner), count = FirstTableSize, free = 1;
        while (count < inTable.Count + 1 + free) count += TableGrowth;
        ulong table = kernel.Pool.Allocate(size * count);
        kernel.Memory.Map(table, size * count);
        kernel.Typed.Set(Owner, table, "TableSize", (ulong)count);
        for (int i = 0; i < inTable.Count; i++)
        {
            int index = i + 1 + free;
            WriteOwner(kernel, table + (ulong)(size * index), inTable[i]);
            kernel.Typed.Set("_KTHREAD", kernel.Thread(inTable[i].Thread), "ResourceIndex", (ulong)index);
        }
        kernel.Typed.Set(Type, address, "OwnerTable", table);
    }

    private static void WriteOwner(SyntheticKernel kernel, ulong entry, Claim claim)
    {
        bool isThread = claim.Pointer == OwnerPointer.Thread && kernel.Types.Build >= OwnerPointerIsThreadBuild;
        ulong owner = claim.Pointer switch
        {
            OwnerPointer.None => kernel.Thread(claim.Thread),
            OwnerPointer.Thread => kernel.Thread(claim.Thread) | PointerMark,
            _ => AddStructure(kernel) | PointerMark,
        };
        kernel.Typed.Set(Owner, entry, "OwnerThread", owner);
        kernel.Typed.Set(Owner, entry, "OwnerCount", claim.Recursion);
        kernel.Typed.Set(Owner, entry, "OwnerReferenced", isThread ? 1u : 0);
    }

    private static ulong AddStructure(SyntheticKernel kernel)
    {
        ulong address = kernel.Pool.Allocate(StructureSize);
        kernel.Memory.Map(address, StructureSize);
        return address;
    }

    /// <summary>
    /// Up to Windows 8.1 all waiters of a kind share one dispatcher object, which the resource keeps for good; later they queue in rings.
    /// </summary>
    private static void LetWait(SyntheticKernel kernel, Resource resource, ulong address)
    {
        ulong sharedField = address + kernel.Types.OffsetOf(Type, "SharedWaiters"),
            exclusiveField = address + kernel.Types.OffsetOf(Type, "ExclusiveWaiters");
        (PlacedThread, ulong)[] shared = Waiters(kernel, resource, resource.Queue.Where(claim => claim.Shared));
        (PlacedThread, ulong)[] exclusive = Waiters(kernel, resource, resource.Queue.Where(claim => !claim.Shared));
        (PlacedThread Thread, ulong)[] woken = Waiters(kernel, resource, resource.Waiters.Except(resource.Queue));
        if (kernel.Types.File.UserTypes[Type].Fields["SharedWaiters"].Type.Subtype?.Name != "_KSEMAPHORE")
        {
            WaiterRing.Write(kernel, sharedField, [.. shared.Reverse()]);
            WaiterRing.Write(kernel, exclusiveField, exclusive);
            foreach ((PlacedThread, ulong) waiter in woken) WaiterRing.WriteWoken(kernel, waiter);
            return;
        }
        if (resource.Waiters.Count == 0) return;
        ulong semaphore = WaitWriter.AddSemaphore(kernel), @event = WaitWriter.AddEvent(kernel);
        WaitWriter.Wait(kernel, semaphore, shared.Select(waiter => waiter.Item1));
        WaitWriter.Wait(kernel, @event, exclusive.Select(waiter => waiter.Item1));
        foreach ((PlacedThread thread, _) in woken) WaitWriter.EndWait(kernel, thread.Wait!.Shared ? semaphore : @event, thread);
        kernel.Typed.SetQuads(sharedField, semaphore);
        kernel.Typed.SetQuads(exclusiveField, @event);
    }

    private static (PlacedThread, ulong)[] Waiters(SyntheticKernel kernel, Resource resource, IEnumerable<Claim> claims) =>
        [.. claims.Select(claim => (kernel.Placed(claim.Thread), kernel.Entry(claim.Thread, resource.Name)))];
}
