using KernelImages.Memory;
using KernelImages.Scenarios;

namespace KernelImages.Kernel;

/// <summary>_ERESOURCE with its owner table, linked to ExpSystemResourcesList.</summary>
internal static class ResourceWriter
{
    private const string Type = "_ERESOURCE";
    private const string Owner = "_OWNER_ENTRY";

    /// <summary>Flag: ResourceOwnedExclusive.</summary>
    private const ulong OwnedExclusive = 0x80;
    private const int DispatcherSize = 0x20;

    public static void Write(SyntheticKernel kernel, Resource resource, ulong address)
    {
        TypedMemory typed = kernel.Typed;
        kernel.Memory.Map(address, kernel.Types.RequiredSizeOf(Type));
        bool shared = resource.Owners.Any(owner => owner.Shared);
        typed.Set(Type, address, "ActiveCount", resource.Owners.Count > 0 ? 1u : 0);
        typed.Set(Type, address, "ActiveEntries", (ulong)resource.Owners.Count);
        typed.Set(Type, address, "Flag", resource.Owners.Count > 0 && !shared ? OwnedExclusive : 0);
        typed.Set(Type, address, "ContentionCount", (ulong)resource.Waiters.Count);
        typed.Set(Type, address, "NumberOfSharedWaiters", (ulong)resource.Waiters.Count(waiter => waiter.Shared));
        typed.Set(Type, address, "NumberOfExclusiveWaiters", (ulong)resource.Waiters.Count(waiter => !waiter.Shared));
        if (resource.Owners.Count > 0 && !shared)
            WriteOwner(kernel, address + kernel.Types.OffsetOf(Type, "OwnerEntry"), resource.Owners[0]);
        if (shared) WriteOwnerTable(kernel, resource, address);
        LetWait(kernel, resource, address, "SharedWaiters", "_KSEMAPHORE", shared: true);
        LetWait(kernel, resource, address, "ExclusiveWaiters", "_KEVENT", shared: false);
        Link(kernel);
    }

    private static void WriteOwner(SyntheticKernel kernel, ulong entry, Claim claim)
    {
        kernel.Typed.Set(Owner, entry, "OwnerThread", kernel.Thread(claim.Thread));
        kernel.Typed.Set(Owner, entry, "OwnerCount", 1);
    }

    /// <summary>Element 0 of the table holds no owner but the number of elements.</summary>
    private static void WriteOwnerTable(SyntheticKernel kernel, Resource resource, ulong address)
    {
        int size = kernel.Types.RequiredSizeOf(Owner);
        int count = resource.Owners.Count + 1;
        ulong table = kernel.Pool.Allocate(size * count);
        kernel.Memory.Map(table, size * count);
        kernel.Typed.Set(Owner, table, "TableSize", (ulong)count);
        for (int i = 0; i < resource.Owners.Count; i++) WriteOwner(kernel, table + (ulong)(size * (i + 1)), resource.Owners[i]);
        kernel.Typed.Set(Type, address, "OwnerTable", table);
    }

    /// <summary>Up to Windows 8.1 all waiters of a kind share one dispatcher object; later each has an event on its own stack.</summary>
    private static void LetWait(SyntheticKernel kernel, Resource resource, ulong address, string field, string dispatcherType, bool shared)
    {
        PlacedThread[] waiters = [.. LockWriter.WaitersOf(kernel, resource).Where(thread => thread.Wait!.Shared == shared)];
        if (waiters.Length == 0) return;
        if (kernel.Types.File.UserTypes[Type].Fields[field].Type.Subtype?.Name == dispatcherType)
        {
            ulong dispatcher = kernel.Pool.Allocate(DispatcherSize);
            WaitWriter.WriteEvent(kernel, dispatcher);
            WaitWriter.Wait(kernel, dispatcher, waiters);
            kernel.Typed.Set(Type, address, field, dispatcher);
            return;
        }
        foreach (PlacedThread waiter in waiters)
        {
            WaitWriter.WriteEvent(kernel, waiter.Stack!.WaitBlock);
            WaitWriter.Wait(kernel, waiter.Stack.WaitBlock, [waiter]);
        }
    }

    private static void Link(SyntheticKernel kernel) =>
        kernel.Typed.LinkList(
            kernel.Modules.Kernel("ExpSystemResourcesList"),
            kernel.Scenario.Locks.OfType<Resource>().Select(resource => kernel.Lock(resource.Name) + kernel.Types.OffsetOf(Type, "SystemResourcesList")));
}
