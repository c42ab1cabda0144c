using LockLeak.Target;

namespace LockLeak.Kernel;

/// <summary>Fields of dispatcher objects, wait blocks and locks. Null where a build lacks the type.</summary>
public sealed record LockFields
{
    /// <summary>_KWAIT_BLOCK.WaitListEntry, through which the block hangs in its object's wait list.</summary>
    public TypeField? WaitBlockListEntry { get; private init; }

    /// <summary>_KWAIT_BLOCK.Thread.</summary>
    public TypeField? WaitBlockThread { get; private init; }

    /// <summary>_KWAIT_BLOCK.Object.</summary>
    public TypeField? WaitBlockObject { get; private init; }

    /// <summary>_DISPATCHER_HEADER.Type, a _KOBJECTS value; 2 is a mutant.</summary>
    public TypeField? HeaderType { get; private init; }

    /// <summary>_DISPATCHER_HEADER.WaitListHead.</summary>
    public TypeField? HeaderWaitListHead { get; private init; }

    /// <summary>_KMUTANT.OwnerThread.</summary>
    public TypeField? MutantOwner { get; private init; }

    /// <summary>_KMUTANT.Abandoned.</summary>
    public TypeField? MutantAbandoned { get; private init; }

    /// <summary>
    /// _FAST_MUTEX.Owner, a _KTHREAD. A guarded mutex has its owner and its gate at the same offsets: Windows 7's PDB,
    /// the last one with _KGUARDED_MUTEX, shows it, and later kernels use _FAST_MUTEX for both.
    /// </summary>
    public TypeField? FastMutexOwner { get; private init; }

    /// <summary>_FAST_MUTEX.Event, on which the waiters wait.</summary>
    public TypeField? FastMutexEvent { get; private init; }

    /// <summary>_ERESOURCE.SystemResourcesList.</summary>
    public TypeField? ResourceLinks { get; private init; }

    /// <summary>_ERESOURCE.OwnerTable, a _OWNER_ENTRY array whose first element holds the table's size.</summary>
    public TypeField? ResourceOwnerTable { get; private init; }

    /// <summary>_ERESOURCE.OwnerEntry, the exclusive owner or the first shared one.</summary>
    public TypeField? ResourceOwnerEntry { get; private init; }

    /// <summary>_ERESOURCE.Flag; bit 7 is ResourceOwnedExclusive (wdm.h).</summary>
    public TypeField? ResourceFlag { get; private init; }

    /// <summary>_ERESOURCE.SharedWaiters: the semaphore that shared waiters wait for, up to Windows 8.1.</summary>
    public TypeField? ResourceSharedWaiters { get; private init; }

    /// <summary>_ERESOURCE.ExclusiveWaiters: the event that exclusive waiters wait for, up to Windows 8.1.</summary>
    public TypeField? ResourceExclusiveWaiters { get; private init; }

    /// <summary>_ERESOURCE.ActiveEntries: number of owner entries in use.</summary>
    public TypeField? ResourceActiveEntries { get; private init; }

    /// <summary>sizeof(_ERESOURCE).</summary>
    public int ResourceSize { get; private init; }

    /// <summary>sizeof(_OWNER_ENTRY).</summary>
    public int OwnerEntrySize { get; private init; }

    /// <summary>_OWNER_ENTRY.OwnerThread.</summary>
    public TypeField? OwnerThread { get; private init; }

    /// <summary>_OWNER_ENTRY.TableSize.</summary>
    public TypeField? OwnerTableSize { get; private init; }

    /// <summary>Looks the fields up.</summary>
    public static LockFields Resolve(ITypes types) => new()
    {
        WaitBlockListEntry = types.Field("_KWAIT_BLOCK", "WaitListEntry"),
        WaitBlockThread = types.Field("_KWAIT_BLOCK", "Thread"),
        WaitBlockObject = types.Field("_KWAIT_BLOCK", "Object"),
        HeaderType = types.Field("_DISPATCHER_HEADER", "Type"),
        HeaderWaitListHead = types.Field("_DISPATCHER_HEADER", "WaitListHead"),
        MutantOwner = types.Field("_KMUTANT", "OwnerThread"),
        MutantAbandoned = types.Field("_KMUTANT", "Abandoned"),
        FastMutexOwner = types.Field("_FAST_MUTEX", "Owner"),
        FastMutexEvent = types.Field("_FAST_MUTEX", "Event"),
        ResourceLinks = types.Field("_ERESOURCE", "SystemResourcesList"),
        ResourceOwnerTable = types.Field("_ERESOURCE", "OwnerTable"),
        ResourceOwnerEntry = types.Field("_ERESOURCE", "OwnerEntry"),
        ResourceFlag = types.Field("_ERESOURCE", "Flag"),
        ResourceSharedWaiters = types.Field("_ERESOURCE", "SharedWaiters"),
        ResourceExclusiveWaiters = types.Field("_ERESOURCE", "ExclusiveWaiters"),
        ResourceActiveEntries = types.Field("_ERESOURCE", "ActiveEntries"),
        ResourceSize = types.SizeOf("_ERESOURCE") ?? 0,
        OwnerEntrySize = types.SizeOf("_OWNER_ENTRY") ?? 0,
        OwnerThread = types.Field("_OWNER_ENTRY", "OwnerThread"),
        OwnerTableSize = types.Field("_OWNER_ENTRY", "TableSize"),
    };
}
