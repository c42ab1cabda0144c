// Loops around, in and across the time that a lock is held.
#include "corpus.h"

CLEAN void EachEntry(CACHE *cache)
{
    for (CACHE *entry = cache; entry; entry = entry->Next) {
        Acquire(&entry->Lock);
        entry->Entries++;
        Release(&entry->Lock);
    }
}

LEAK NTSTATUS BreakOutOfLoop(CACHE *cache)
{
    for (CACHE *entry = cache; entry; entry = entry->Next) {
        Acquire(&entry->Lock);
        if (ZwWriteFile(entry->File, &entry->Key, 8) < 0)
            break;
        Release(&entry->Lock);
    }
    return 0;
}

LEAK void ContinueInLoop(CACHE *cache)
{
    for (int i = 0; i < cache->Entries; i++) {
        Acquire(&cache->Buckets[i]);
        if (ZwClose(cache->File) < 0)
            continue;
        Release(&cache->Buckets[i]);
    }
}

CLEAN void RetryUntilEmpty(CACHE *cache)
{
    for (;;) {
        Acquire(&cache->Lock);
        if (cache->Entries == 0)
            break;
        Release(&cache->Lock);
        ZwWriteFile(cache->File, cache, 1);
    }
    cache->Entries = 1;
    Release(&cache->Lock);
}

CLEAN void ForEver(CACHE *cache)
{
    for (;;) {
        Acquire(&cache->Lock);
        cache->Entries++;
        Release(&cache->Lock);
        KeWaitForSingleObject(&cache->Event, 0, 0, FALSE, 0);
    }
}

CLEAN void AllBuckets(CACHE *cache, int count)
{
    for (int i = 0; i < count; i++)
        Acquire(&cache->Buckets[i]);
    ZwClose(cache->File);
    for (int i = count; i-- > 0;)
        Release(&cache->Buckets[i]);
}

CLEAN NTSTATUS LoopWhileHeld(CACHE *cache)
{
    NTSTATUS status = 0;
    Acquire(&cache->Lock);
    for (int i = 0; i < 100 && status >= 0; i++) {
        PVOID file;
        status = ZwOpenFile(&file);
        if (status >= 0) {
            for (int j = 0; j < 10; j++)
                ZwWriteFile(file, cache, (ULONG64)j);
            ZwClose(file);
        }
    }
    Release(&cache->Lock);
    return status;
}

LEAK NTSTATUS ReturnInsideLoop(CACHE *cache)
{
    Acquire(&cache->Lock);
    for (int i = 0; i < 100; i++) {
        NTSTATUS status = ZwWriteFile(cache->File, cache, (ULONG64)i);
        if (status == STATUS_PENDING)
            return status;
    }
    Release(&cache->Lock);
    return 0;
}

LEAK NTSTATUS ReturnAtFiveHundred(CACHE *cache)
{
    PVOID file;
    KeEnterCriticalRegion();
    Acquire(&cache->Lock);
    for (int i = 0; i < 1000; i++) {
        if (ZwOpenFile(&file) >= 0) {
            ZwWriteFile(file, &i, sizeof i);
            ZwClose(file);
        }
        if (i == 500) {
            KeLeaveCriticalRegion();
            return 0;
        }
    }
    Release(&cache->Lock);
    KeLeaveCriticalRegion();
    return 0;
}

CLEAN NTSTATUS DropAndTakeBack(CACHE *cache)
{
    NTSTATUS status = 0;
    Acquire(&cache->Lock);
    while (cache->Entries > 0 && status >= 0) {
        Release(&cache->Lock);
        status = ZwWriteFile(cache->File, cache, 8);
        Acquire(&cache->Lock);
        cache->Entries--;
    }
    Release(&cache->Lock);
    return status;
}

// The caller holds the lock, and still holds it afterwards.
CLEAN NTSTATUS WindowInCallersLock(CACHE *cache)
{
    Release(&cache->Lock);
    NTSTATUS status = ZwWriteFile(cache->File, cache, 8);
    Acquire(&cache->Lock);
    return status;
}

CLEAN void HandOverHand(CACHE *cache)
{
    CACHE *entry = cache;
    Acquire(&entry->Lock);
    while (entry->Next) {
        CACHE *next = entry->Next;
        Acquire(&next->Lock);
        Release(&entry->Lock);
        entry = next;
    }
    entry->Entries++;
    Release(&entry->Lock);
}
