// Locks that are taken and given back under conditions.
#include "corpus.h"

CLEAN NTSTATUS SameArgument(CACHE *cache, BOOLEAN lock)
{
    if (lock)
        Acquire(&cache->Lock);
    NTSTATUS status = ZwClose(cache->File);
    cache->Entries++;
    if (lock)
        Release(&cache->Lock);
    return status;
}

LEAK NTSTATUS OtherArgument(CACHE *cache, BOOLEAN lock, BOOLEAN unlock)
{
    if (lock)
        Acquire(&cache->Lock);
    NTSTATUS status = ZwClose(cache->File);
    if (unlock)
        Release(&cache->Lock);
    return status;
}

CLEAN NTSTATUS SameFlagInMemory(CACHE *cache)
{
    if (cache->Flags & 4)
        Acquire(&cache->Lock);
    NTSTATUS status = ZwClose(cache->File);
    if (cache->Flags & 4)
        Release(&cache->Lock);
    return status;
}

CLEAN NTSTATUS LocalFlag(CACHE *cache)
{
    BOOLEAN isHeld = FALSE;
    NTSTATUS status = ZwOpenFile(&cache->File);
    if (status == STATUS_PENDING) {
        Acquire(&cache->Lock);
        isHeld = TRUE;
    }
    for (int i = 0; i < 6; i++)
        status |= ZwWriteFile(cache->File, cache, (ULONG64)i);
    if (isHeld)
        Release(&cache->Lock);
    return status;
}

CLEAN NTSTATUS FlagInObject(CACHE *cache)
{
    NTSTATUS status = ZwOpenFile(&cache->File);
    if (status >= 0) {
        Acquire(&cache->Lock);
        cache->IsLocked = TRUE;
    }
    status = ZwWriteFile(cache->File, cache, 8);
    if (cache->IsLocked) {
        cache->IsLocked = FALSE;
        Release(&cache->Lock);
    }
    return status;
}

CLEAN NTSTATUS SameQuestionAskedTwice(CACHE *cache)
{
    if (NeedsLock(cache))
        Acquire(&cache->Lock);
    NTSTATUS status = ZwClose(cache->File);
    if (NeedsLock(cache))
        Release(&cache->Lock);
    return status;
}

// The return is decided apart from the lock, and one way to it holds the lock.
LEAK NTSTATUS ConditionalAndEarly(CACHE *cache, BOOLEAN lock)
{
    if (lock)
        Acquire(&cache->Lock);
    NTSTATUS status = ZwClose(cache->File);
    if (status < 0)
        return status;
    cache->Entries++;
    if (lock)
        Release(&cache->Lock);
    return status;
}

CLEAN NTSTATUS StatusChain(CACHE *cache)
{
    NTSTATUS status = ZwOpenFile(&cache->File);
    if (status >= 0) {
        Acquire(&cache->Lock);
        cache->Entries++;
    }
    if (status >= 0)
        cache->Key++;
    if (status >= 0)
        Release(&cache->Lock);
    return status;
}

CLEAN NTSTATUS PositiveStatus(CACHE *cache)
{
    int count = ZwQueryInformationFile(cache->File, cache, 4);
    if (count > 0)
        Acquire(&cache->Lock);
    cache->Key += (ULONG64)count;
    if (count > 0)
        Release(&cache->Lock);
    return count;
}

CLEAN NTSTATUS NullPointerStandsForNoLock(CACHE *cache, BOOLEAN lock)
{
    PUSH_LOCK *held = 0;
    if (lock) {
        held = &cache->ListLock;
        Acquire(held);
    }
    NTSTATUS status = ZwWriteFile(cache->File, cache, 4);
    if (held)
        Release(held);
    return status;
}

CLEAN NTSTATUS SwitchClean(CACHE *cache, ULONG operation)
{
    NTSTATUS status = 0;
    Acquire(&cache->Lock);
    switch (operation) {
    case 0: status = ZwClose(cache->File); break;
    case 1: cache->Entries++; break;
    case 2: status = ZwWriteFile(cache->File, cache, 2); break;
    case 3: cache->Key = 3; break;
    case 4: Release(&cache->Lock); return ZwOpenFile(&cache->File);
    case 5: cache->Flags |= 8; break;
    case 6: status = STATUS_NO_MEMORY; break;
    case 7: ExFreePoolWithTag(cache->File, 1); break;
    default: status = STATUS_NOT_FOUND; break;
    }
    Release(&cache->Lock);
    return status;
}

LEAK NTSTATUS SwitchWithOneReturn(CACHE *cache, ULONG operation)
{
    NTSTATUS status = 0;
    Acquire(&cache->Lock);
    switch (operation) {
    case 10: status = ZwClose(cache->File); break;
    case 11: cache->Entries++; break;
    case 12: status = ZwWriteFile(cache->File, cache, 2); break;
    case 13: cache->Key = 3; break;
    case 14: return ZwOpenFile(&cache->File);
    case 15: cache->Flags |= 8; break;
    case 16: status = STATUS_NO_MEMORY; break;
    case 17: ExFreePoolWithTag(cache->File, 1); break;
    default: status = STATUS_NOT_FOUND; break;
    }
    Release(&cache->Lock);
    return status;
}

LEAK NTSTATUS WrongWayRound(CACHE *cache)
{
    Acquire(&cache->Lock);
    NTSTATUS status = ZwClose(cache->File);
    if (status < 0)
        Release(&cache->Lock);
    return status == STATUS_PENDING ? 0 : 1;
}
