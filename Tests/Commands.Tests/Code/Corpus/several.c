// Several locks at once, and other kinds of lock.
#include "corpus.h"

// Exported, so that the test knows where they lie.
__declspec(dllexport) PUSH_LOCK DriverLock;
__declspec(dllexport) PUSH_LOCK DriverListLock;
static volatile ULONG64 Counters[16];
static PUSH_LOCK *volatile Table[16];

CLEAN NTSTATUS TwoInOrder(CACHE *cache)
{
    Acquire(&cache->Lock);
    AcquireShared(&cache->ListLock);
    NTSTATUS status = ZwClose(cache->File);
    ReleaseShared(&cache->ListLock);
    Release(&cache->Lock);
    return status;
}

LEAK NTSTATUS OneOfTwo(CACHE *cache)
{
    Acquire(&cache->Lock);
    Acquire(&cache->ListLock);
    NTSTATUS status = ZwClose(cache->File);
    if (status < 0) {
        Release(&cache->ListLock);
        return status;
    }
    Release(&cache->ListLock);
    Release(&cache->Lock);
    return status;
}

LEAK NTSTATUS ReleasesTheOther(CACHE *cache)
{
    Acquire(&cache->Lock);
    NTSTATUS status = ZwClose(cache->File);
    Release(&cache->ListLock);
    return status;
}

LEAK NTSTATUS TwoObjects(CACHE *first, CACHE *second)
{
    Acquire(&first->Lock);
    Acquire(&second->Lock);
    NTSTATUS status = ZwClose(first->File);
    Release(&second->Lock);
    if (status < 0)
        return status;
    Release(&first->Lock);
    return status;
}

CLEAN void FromTable(int a, int b)
{
    PUSH_LOCK *first = Table[a & 15], *second = Table[b & 15];
    Acquire(first);
    Acquire(second);
    Counters[a & 15]++;
    Release(second);
    Release(first);
}

CLEAN NTSTATUS SameLockByOtherName(CACHE *cache)
{
    Acquire(&cache->Lock);
    NTSTATUS status = ZwClose(cache->File);
    Release(LockOf(cache));
    return status;
}

CLEAN NTSTATUS LockInPointer(CACHE *cache)
{
    Acquire(cache->Shared);
    NTSTATUS status = ZwClose(cache->File);
    Release(cache->Shared);
    return status;
}

LEAK NTSTATUS GlobalLockLeaks(ULONG64 index)
{
    Acquire(&DriverLock);
    Counters[index & 15]++;
    if (Counters[index & 15] > 1000)
        return STATUS_NO_MEMORY;
    ZwClose((PVOID)index);
    Release(&DriverLock);
    return 0;
}

CLEAN NTSTATUS GlobalLocks(ULONG64 index)
{
    Acquire(&DriverLock);
    Acquire(&DriverListLock);
    Counters[index & 15]++;
    NTSTATUS status = ZwClose((PVOID)index);
    Release(&DriverListLock);
    Release(&DriverLock);
    return status;
}

CLEAN NTSTATUS ManyInARow(CACHE *cache)
{
    Acquire(&cache->Lock);
    cache->Entries++;
    Release(&cache->Lock);
    Acquire(&cache->ListLock);
    cache->Key++;
    Release(&cache->ListLock);
    Acquire(&cache->Buckets[1]);
    NTSTATUS status = ZwClose(cache->File);
    Release(&cache->Buckets[1]);
    Acquire(&cache->Buckets[2]);
    status |= ZwWriteFile(cache->File, cache, 1);
    Release(&cache->Buckets[2]);
    return status;
}

LEAK NTSTATUS LastOfMany(CACHE *cache)
{
    Acquire(&cache->Lock);
    cache->Entries++;
    Release(&cache->Lock);
    Acquire(&cache->ListLock);
    cache->Key++;
    Release(&cache->ListLock);
    Acquire(&cache->Buckets[3]);
    NTSTATUS status = ZwClose(cache->File);
    Release(&cache->Buckets[3]);
    Acquire(&cache->Buckets[4]);
    status |= ZwWriteFile(cache->File, cache, 1);
    if (status < 0)
        return status;
    Release(&cache->Buckets[4]);
    return status;
}

LEAK NTSTATUS FastMutexLeaks(CACHE *cache)
{
    ExAcquireFastMutex(&cache->Mutex);
    if (++cache->Entries > 9)
        return STATUS_NO_MEMORY;
    ExReleaseFastMutex(&cache->Mutex);
    return 0;
}

CLEAN NTSTATUS FastMutexTried(CACHE *cache)
{
    if (!ExTryToAcquireFastMutex(&cache->Mutex))
        return STATUS_PENDING;
    NTSTATUS status = ZwClose(cache->File);
    ExReleaseFastMutex(&cache->Mutex);
    return status;
}

LEAK NTSTATUS GuardedMutexLeaks(CACHE *cache)
{
    KeAcquireGuardedMutex(&cache->Mutex);
    NTSTATUS status = ZwClose(cache->File);
    if (status == STATUS_PENDING)
        return status;
    KeReleaseGuardedMutex(&cache->Mutex);
    return status;
}

CLEAN NTSTATUS PushLockTried(CACHE *cache)
{
    if (!ExTryAcquirePushLockExclusiveEx(&cache->Lock, 0)) {
        cache->Key++;
        return STATUS_PENDING;
    }
    NTSTATUS status = ZwClose(cache->File);
    Release(&cache->Lock);
    return status;
}

LEAK NTSTATUS PushLockTriedLeaks(CACHE *cache)
{
    if (!ExTryAcquirePushLockExclusiveEx(&cache->Lock, 0))
        return STATUS_PENDING;
    NTSTATUS status = ZwClose(cache->File);
    if (status < 0)
        return status;
    Release(&cache->Lock);
    return status;
}

LEAK NTSTATUS ResourceSharedLeaks(CACHE *cache)
{
    KeEnterCriticalRegion();
    ExAcquireResourceSharedLite(&cache->Resource, TRUE);
    NTSTATUS status = ZwClose(cache->File);
    if (status < 0) {
        KeLeaveCriticalRegion();
        return status;
    }
    ExReleaseResourceLite(&cache->Resource);
    KeLeaveCriticalRegion();
    return status;
}

CLEAN NTSTATUS ResourceNotWaited(CACHE *cache)
{
    if (!ExAcquireResourceExclusiveLite(&cache->Resource, FALSE))
        return STATUS_PENDING;
    NTSTATUS status = ZwClose(cache->File);
    ExReleaseResourceLite(&cache->Resource);
    return status;
}

CLEAN NTSTATUS ResourceMayWait(CACHE *cache, BOOLEAN wait)
{
    if (!ExAcquireResourceExclusiveLite(&cache->Resource, wait))
        return STATUS_PENDING;
    NTSTATUS status = ZwClose(cache->File);
    ExReleaseResourceLite(&cache->Resource);
    return status;
}

LEAK NTSTATUS ResourceInRegionLeaks(CACHE *cache)
{
    ExEnterCriticalRegionAndAcquireResourceShared(&cache->Resource);
    PVOID buffer = ExAllocatePoolWithTag(1, 16, 1);
    if (!buffer)
        return STATUS_NO_MEMORY;
    ExFreePoolWithTag(buffer, 1);
    ExReleaseResourceAndLeaveCriticalRegion(&cache->Resource);
    return 0;
}

LEAK NTSTATUS MutantLeaks(CACHE *cache)
{
    KeWaitForSingleObject(&cache->Mutant, 0, 0, FALSE, 0);
    NTSTATUS status = ZwClose(cache->File);
    if (status < 0)
        return status;
    KeReleaseMutex(&cache->Mutant, FALSE);
    return status;
}

CLEAN NTSTATUS MutantTimesOut(CACHE *cache)
{
    long long timeout = -10000;
    NTSTATUS status = KeWaitForSingleObject(&cache->Mutant, 0, 0, FALSE, &timeout);
    if (status != 0)
        return status;
    status = ZwClose(cache->File);
    KeReleaseMutex(&cache->Mutant, FALSE);
    return status;
}

CLEAN NTSTATUS EventIsNoLock(CACHE *cache)
{
    KeWaitForSingleObject(&cache->Event, 0, 0, FALSE, 0);
    return ZwClose(cache->File);
}
