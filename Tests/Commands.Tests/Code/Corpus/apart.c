// Helpers of the other files, in one of their own so that no compiler puts them in line.
#include "corpus.h"

HANDS_OVER void LockCache(CACHE *cache)
{
    KeEnterCriticalRegion();
    Acquire(&cache->Lock);
}

CLEAN void UnlockCache(CACHE *cache)
{
    Release(&cache->Lock);
    KeLeaveCriticalRegion();
}

HANDS_OVER void LockCacheAndCount(CACHE *cache)
{
    LockCache(cache);
    cache->Entries++;
    cache->IsLocked = TRUE;
}

CLEAN void UnlockCacheAndCount(CACHE *cache)
{
    cache->IsLocked = FALSE;
    cache->Entries--;
    UnlockCache(cache);
}

HANDS_OVER CACHE *FindLocked(CACHE *cache, ULONG64 key)
{
    Acquire(&cache->ListLock);
    for (CACHE *entry = cache->Next; entry; entry = entry->Next) {
        if (entry->Key == key)
            return entry;
    }
    Release(&cache->ListLock);
    return 0;
}

HANDS_OVER NTSTATUS OpenLocked(CACHE *cache)
{
    Acquire(&cache->Lock);
    NTSTATUS status = ZwOpenFile(&cache->File);
    if (status < 0) {
        Release(&cache->Lock);
        return status;
    }
    cache->Entries++;
    return 0;
}

HANDS_OVER BOOLEAN LockIfFlagged(CACHE *cache, BOOLEAN *isLocked)
{
    if (cache->Flags & 0x20) {
        Acquire(&cache->Lock);
        *isLocked = TRUE;
        return TRUE;
    }
    *isLocked = FALSE;
    return FALSE;
}

CLEAN void CompleteAndUnlock(CACHE *cache)
{
    KeSetEvent(&cache->Event, 0, FALSE);
    cache->Entries = 0;
    Release(&cache->Lock);
}

LEAK NTSTATUS Refill(CACHE *cache)
{
    PVOID file;
    Acquire(&cache->ListLock);
    NTSTATUS status = ZwOpenFile(&file);
    if (status < 0)
        return status;
    cache->File = file;
    Release(&cache->ListLock);
    return status;
}

CLEAN BOOLEAN NeedsLock(CACHE *cache)
{
    return (cache->Flags & 2) != 0;
}

CLEAN PUSH_LOCK *LockOf(CACHE *cache)
{
    return &cache->Lock;
}

HANDS_OVER void LockBoth(CACHE *cache)
{
    Acquire(&cache->ListLock);
    Acquire(&cache->Lock);
}

CLEAN void UnlockBoth(CACHE *cache)
{
    Release(&cache->Lock);
    Release(&cache->ListLock);
}

// What compilers call for copies and for clearing memory.
void *memset(void *target, int value, ULONG64 size)
{
    volatile char *next = target;
    while (size--)
        *next++ = (char)value;
    return target;
}

void *memcpy(void *target, const void *source, ULONG64 size)
{
    volatile char *next = target;
    const char *from = source;
    while (size--)
        *next++ = *from++;
    return target;
}

// What compilers call before a frame of more than a page, with its size in rax: MSVC and clang, then gcc.
__attribute__((naked)) void __chkstk(void)
{
    __asm__("ret");
}

__attribute__((naked)) void ___chkstk_ms(void)
{
    __asm__("ret");
}
