// What the frames of a stack tell: the routine that is called says whether the function holds a lock at that call.
#include "corpus.h"

CLEAN NTSTATUS BeforeInAndAfter(CACHE *cache)
{
    NTSTATUS status = WhileFree(cache);
    Acquire(&cache->Lock);
    status |= WhileHeld(cache->File);
    cache->Entries++;
    Release(&cache->Lock);
    return status | WhileFree(cache->File);
}

CLEAN NTSTATUS InLoop(CACHE *cache)
{
    NTSTATUS status = 0;
    for (CACHE *entry = cache; entry; entry = entry->Next) {
        status |= WhileFree(entry);
        Acquire(&entry->Lock);
        status |= WhileHeld(entry->File);
        Release(&entry->Lock);
    }
    return status;
}

CLEAN NTSTATUS LoopInside(CACHE *cache)
{
    NTSTATUS status = 0;
    Acquire(&cache->Lock);
    for (int i = 0; i < cache->Entries; i++)
        status |= WhileHeld(cache->File);
    Release(&cache->Lock);
    return status;
}

CLEAN NTSTATUS Sometimes(CACHE *cache, BOOLEAN lock)
{
    if (lock)
        Acquire(&cache->Lock);
    NTSTATUS status = WhileMaybeHeld(cache);
    if (lock) {
        status |= WhileHeld(cache->File);
        Release(&cache->Lock);
    }
    return status | WhileFree(cache);
}

CLEAN NTSTATUS ByWrapper(CACHE *cache)
{
    LockCache(cache);
    NTSTATUS status = WhileHeld(cache);
    UnlockCache(cache);
    return status | WhileFree(cache);
}

CLEAN NTSTATUS ByTry(CACHE *cache)
{
    if (!ExTryAcquirePushLockExclusiveEx(&cache->Lock, 0)) {
        WhileFree(cache);
        return STATUS_PENDING;
    }
    NTSTATUS status = WhileHeld(cache);
    Release(&cache->Lock);
    return status;
}

CLEAN NTSTATUS ByContract(CACHE *cache)
{
    CACHE *entry = FindLocked(cache, 7);
    if (!entry)
        return WhileFree(cache) | 1;
    NTSTATUS status = WhileHeld(entry);
    Release(&cache->ListLock);
    return status;
}

CLEAN NTSTATUS ResourceAround(CACHE *cache)
{
    KeEnterCriticalRegion();
    ExAcquireResourceSharedLite(&cache->Resource, TRUE);
    NTSTATUS status = WhileHeld(cache);
    ExReleaseResourceLite(&cache->Resource);
    status |= WhileFree(cache->File);
    KeLeaveCriticalRegion();
    return status;
}

LEAK NTSTATUS AfterTheLeak(CACHE *cache)
{
    Acquire(&cache->Lock);
    NTSTATUS status = WhileHeld(cache);
    if (status < 0)
        return WhileHeld(cache->File) | 1;
    Release(&cache->Lock);
    return WhileFree(cache) | 1;
}
