// Structured exception handling, which clang has for this target and gcc has not.
#include "corpus.h"

CLEAN NTSTATUS FinallyReleases(CACHE *cache)
{
    NTSTATUS status = 0;
    Acquire(&cache->Lock);
    __try {
        status = ZwClose(cache->File);
        if (status < 0)
            return status;
        status = ZwWriteFile(cache->File, cache, 2);
    } __finally {
        Release(&cache->Lock);
    }
    return status;
}

LEAK NTSTATUS ReturnBeforeTry(CACHE *cache)
{
    NTSTATUS status;
    Acquire(&cache->Lock);
    status = ZwClose(cache->File);
    if (status < 0)
        return status;
    __try {
        status = ZwWriteFile(cache->File, cache, 2);
    } __finally {
        Release(&cache->Lock);
    }
    return status;
}

CLEAN NTSTATUS HandlerGoesOn(CACHE *cache)
{
    NTSTATUS status;
    Acquire(&cache->Lock);
    __try {
        status = ZwWriteFile(cache->File, cache, 2);
    } __except (1) {
        status = STATUS_NOT_FOUND;
    }
    Release(&cache->Lock);
    return status;
}

// Only when the write raises an exception.
LEAK NTSTATUS HandlerSkipsRelease(CACHE *cache)
{
    NTSTATUS status;
    __try {
        Acquire(&cache->Lock);
        status = ZwWriteFile(cache->File, cache, 2);
        Release(&cache->Lock);
    } __except (1) {
        status = STATUS_NOT_FOUND;
    }
    return status;
}

CLEAN NTSTATUS RaisesAfterRelease(CACHE *cache)
{
    Acquire(&cache->Lock);
    NTSTATUS status = ZwClose(cache->File);
    Release(&cache->Lock);
    if (status < 0)
        ExRaiseStatus(status);
    return status;
}
