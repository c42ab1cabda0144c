// Locks across functions: wrappers, contracts, callbacks.
#include "corpus.h"

CLEAN NTSTATUS Wrapped(CACHE *cache)
{
    LockCache(cache);
    NTSTATUS status = ZwClose(cache->File);
    UnlockCache(cache);
    return status;
}

LEAK NTSTATUS WrappedLeaks(CACHE *cache)
{
    LockCache(cache);
    NTSTATUS status = ZwClose(cache->File);
    if (status < 0)
        return status;
    UnlockCache(cache);
    return 0;
}

CLEAN NTSTATUS WrappedTwice(CACHE *cache)
{
    LockCacheAndCount(cache);
    NTSTATUS status = ZwClose(cache->File);
    if (status < 0) {
        UnlockCacheAndCount(cache);
        return status;
    }
    cache->Key++;
    UnlockCacheAndCount(cache);
    return 0;
}

LEAK NTSTATUS WrappedTwiceLeaks(CACHE *cache)
{
    LockCacheAndCount(cache);
    NTSTATUS status = ZwClose(cache->File);
    if (status < 0)
        return status;
    cache->Key++;
    UnlockCacheAndCount(cache);
    return 0;
}

CLEAN NTSTATUS BothInOneCall(CACHE *cache)
{
    LockBoth(cache);
    NTSTATUS status = ZwClose(cache->File);
    UnlockBoth(cache);
    return status;
}

LEAK NTSTATUS OneOfBothStays(CACHE *cache)
{
    LockBoth(cache);
    NTSTATUS status = ZwClose(cache->File);
    Release(&cache->Lock);
    return status;
}

CLEAN NTSTATUS ReleasedElsewhere(CACHE *cache)
{
    Acquire(&cache->Lock);
    NTSTATUS status = ZwClose(cache->File);
    CompleteAndUnlock(cache);
    return status;
}

// The callback releases the lock; no one can see that here.
CLEAN NTSTATUS ReleasedByCallback(CACHE *cache)
{
    Acquire(&cache->Lock);
    cache->Entries++;
    return cache->Flush(cache);
}

LEAK NTSTATUS LeakBesideCallback(CACHE *cache)
{
    NTSTATUS status = cache->Flush(cache);
    Acquire(&cache->Lock);
    cache->Entries++;
    if (status < 0)
        return status;
    Release(&cache->Lock);
    return cache->Flush(cache);
}

CLEAN NTSTATUS UsesFound(CACHE *cache)
{
    CACHE *entry = FindLocked(cache, 77);
    if (!entry)
        return STATUS_NOT_FOUND;
    entry->Entries++;
    Release(&cache->ListLock);
    return 0;
}

LEAK NTSTATUS UsesFoundLeaks(CACHE *cache)
{
    CACHE *entry = FindLocked(cache, 77);
    if (!entry)
        return STATUS_NOT_FOUND;
    if (entry->Entries > 3)
        return STATUS_NO_MEMORY;
    entry->Entries++;
    Release(&cache->ListLock);
    return 0;
}

CLEAN NTSTATUS UsesOpened(CACHE *cache)
{
    NTSTATUS status = OpenLocked(cache);
    if (status < 0)
        return status;
    status = ZwWriteFile(cache->File, cache, 4);
    Release(&cache->Lock);
    return status;
}

LEAK NTSTATUS UsesOpenedLeaks(CACHE *cache)
{
    NTSTATUS status = OpenLocked(cache);
    if (status < 0)
        return status;
    status = ZwWriteFile(cache->File, cache, 4);
    if (status == STATUS_PENDING)
        return status;
    Release(&cache->Lock);
    return status;
}

CLEAN NTSTATUS ToldByParameter(CACHE *cache)
{
    BOOLEAN isLocked;
    LockIfFlagged(cache, &isLocked);
    NTSTATUS status = ZwClose(cache->File);
    if (isLocked)
        Release(&cache->Lock);
    return status;
}

LEAK NTSTATUS LeaksInHelper(CACHE *cache)
{
    for (int i = 0; i < 4; i++) {
        NTSTATUS status = Refill(cache);
        if (status < 0)
            return status;
    }
    return 0;
}
