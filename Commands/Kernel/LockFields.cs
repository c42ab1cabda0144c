using LockLeak.Target;

namespace LockLeak.Kernel;

/// <summary>Fields of dispatcher objects, wait blocks and locks. Null where a build lacks the type.</summary>
internal sealed class LockFields
{
    /// <summary>_KWAIT_BLOCK.WaitListEntry, through which the block hangs in its object's wait list.</summary>
    public TypeField? WaitBlockListEntry { get; private init; }

    /// <summary>_KWAIT_BLOCK.Thread.</summary>
    public TypeField? WaitBlockThread { get; private init; }

    /// <summary>_KWAIT_BLOCK.Object.</summary>
    public TypeField? WaitBlockObject { get; private init; }

    /// <summary>_KWAIT_BLOCK.WaitType: 0 WaitAll, 1 WaitAny (_WAIT_TYPE).</summary>
    public TypeField? WaitType { get; private init; }

    /// <summary>_KWAIT_BLOCK.NextWaitBlock: the thread's next block, on Windows 7 only.</summary>
    public TypeField? NextWaitBlock { get; private init; }

    /// <summary>sizeof(_KWAIT_BLOCK).</summary>
    public int WaitBlockSize { get; private init; }

    /// <summary>sizeof(_KMUTANT), which a mutant's header carries in units of 4 bytes.</summary>
    public int MutantSize { get; private init; }

    /// <summary>_KMUTANT.MutantListEntry, link in _KTHREAD.MutantListHead of the owner.</summary>
    public TypeField? MutantListEntry { get; private init; }

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

    /// <summary>_ERESOURCE.NumberOfSharedWaiters, 32 bits.</summary>
    public TypeField? ResourceSharedWaiterCount { get; private init; }

    /// <summary>_ERESOURCE.NumberOfExclusiveWaiters, 32 bits.</summary>
    public TypeField? ResourceExclusiveWaiterCount { get; private init; }

    /// <summary>_ERESOURCE.ContentionCount, 32 bits: how often a thread had to wait.</summary>
    public TypeField? ResourceContentionCount { get; private init; }

    /// <summary>_ERESOURCE.MiscFlags (24H2): bit 0 is the kernel's own "possible deadlock" mark.</summary>
    public TypeField? ResourceMiscFlags { get; private init; }

    /// <summary>_ERESOURCE.SpinLock: 0 while nobody changes the resource.</summary>
    public TypeField? ResourceSpinLock { get; private init; }

    /// <summary>sizeof(_ERESOURCE).</summary>
    public int ResourceSize { get; private init; }

    /// <summary>sizeof(_OWNER_ENTRY).</summary>
    public int OwnerEntrySize { get; private init; }

    /// <summary>_OWNER_ENTRY.OwnerThread.</summary>
    public TypeField? OwnerThread { get; private init; }

    /// <summary>_OWNER_ENTRY.OwnerCount: how often the owner has acquired it; 0 in an unused entry.</summary>
    public TypeField? OwnerCount { get; private init; }

    /// <summary>_OWNER_ENTRY.OwnerReferenced: an owner pointer is a thread with its low bits set (24H2).</summary>
    public TypeField? OwnerReferenced { get; private init; }

    /// <summary>_OWNER_ENTRY.TableSize.</summary>
    public TypeField? OwnerTableSize { get; private init; }

    /// <summary>Looks the fields up.</summary>
    public static LockFields Resolve(ITypes types) => new()
    {
        WaitBlockListEntry = types.Field("_KWAIT_BLOCK", "WaitListEntry"),
        WaitBlockThread = types.Field("_KWAIT_BLOCK", "Thread"),
        WaitBlockObject = types.Field("_KWAIT_BLOCK", "Object"),
        WaitType = types.Field("_KWAIT_BLOCK", "WaitType"),
        NextWaitBlock = types.Field("_KWAIT_BLOCK", "NextWaitBlock"),
        WaitBlockSize = types.SizeOf("_KWAIT_BLOCK") ?? 0,
        MutantSize = types.SizeOf("_KMUTANT") ?? 0,
        MutantListEntry = types.Field("_KMUTANT", "MutantListEntry"),
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
        ResourceSharedWaiterCount = types.Field("_ERESOURCE", "NumberOfSharedWaiters"),
        ResourceExclusiveWaiterCount = types.Field("_ERESOURCE", "NumberOfExclusiveWaiters"),
        ResourceContentionCount = types.Field("_ERESOURCE", "ContentionCount"),
        ResourceMiscFlags = types.Field("_ERESOURCE", "MiscFlags"),
        ResourceActiveEntries = types.Field("_ERESOURCE", "ActiveEntries"),
        ResourceSpinLock = types.Field("_ERESOURCE", "SpinLock"),
        ResourceSize = types.SizeOf("_ERESOURCE") ?? 0,
        OwnerEntrySize = types.SizeOf("_OWNER_ENTRY") ?? 0,
        OwnerThread = types.Field("_OWNER_ENTRY", "OwnerThread"),
        OwnerTableSize = types.Field("_OWNER_ENTRY", "TableSize"),
        OwnerCount = types.Field("_OWNER_ENTRY", "OwnerCount"),
        OwnerReferenced = types.Field("_OWNER_ENTRY", "OwnerReferenced"),
    };
}
