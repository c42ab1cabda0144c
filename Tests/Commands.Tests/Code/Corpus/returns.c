// Early returns, gotos and other ways to leave a function.
#include "corpus.h"

LEAK NTSTATUS ReturnBetween(CACHE *cache)
{
    Acquire(&cache->Lock);
    PVOID buffer = ExAllocatePoolWithTag(1, 0x200, 'kcaC');
    if (!buffer)
        return STATUS_NO_MEMORY;
    cache->File = buffer;
    Release(&cache->Lock);
    return 0;
}

CLEAN NTSTATUS ReturnAfterRelease(CACHE *cache)
{
    Acquire(&cache->Lock);
    PVOID buffer = ExAllocatePoolWithTag(1, 0x200, 'kcaC');
    if (!buffer) {
        Release(&cache->Lock);
        return STATUS_NO_MEMORY;
    }
    cache->File = buffer;
    Release(&cache->Lock);
    return 0;
}

CLEAN NTSTATUS GotoCleanup(CACHE *cache)
{
    NTSTATUS status;
    PVOID file = 0, buffer = 0;
    Acquire(&cache->Lock);
    status = ZwOpenFile(&file);
    if (status < 0)
        goto Unlock;
    buffer = ExAllocatePoolWithTag(1, 64, 'kcaC');
    if (!buffer) {
        status = STATUS_NO_MEMORY;
        goto Close;
    }
    status = ZwQueryInformationFile(file, buffer, 64);
    ExFreePoolWithTag(buffer, 'kcaC');
Close:
    ZwClose(file);
Unlock:
    Release(&cache->Lock);
    return status;
}

LEAK NTSTATUS GotoPastUnlock(CACHE *cache)
{
    NTSTATUS status;
    PVOID file = 0, buffer = 0;
    status = ZwOpenFile(&file);
    if (status < 0)
        goto Done;
    Acquire(&cache->Lock);
    buffer = ExAllocatePoolWithTag(1, 64, 'kcaC');
    if (!buffer) {
        status = STATUS_NO_MEMORY;
        goto Close;
    }
    status = ZwQueryInformationFile(file, buffer, 64);
    ExFreePoolWithTag(buffer, 'kcaC');
    Release(&cache->Lock);
Close:
    ZwClose(file);
Done:
    return status;
}

CLEAN NTSTATUS GotoBeforeAcquire(CACHE *cache)
{
    NTSTATUS status = STATUS_NOT_FOUND;
    if (!cache->File)
        goto Done;
    Acquire(&cache->Lock);
    status = ZwClose(cache->File);
    cache->File = 0;
    Release(&cache->Lock);
Done:
    return status;
}

LEAK NTSTATUS NoReleaseAtAll(CACHE *cache)
{
    Acquire(&cache->Lock);
    cache->Entries++;
    return ZwClose(cache->File);
}

LEAK NTSTATUS ReturnsInTailCall(CACHE *cache)
{
    Acquire(&cache->Lock);
    if (cache->Entries > 7)
        return ZwClose(cache->File);
    Release(&cache->Lock);
    return 0;
}

CLEAN void ReleasesInTailCall(CACHE *cache)
{
    Acquire(&cache->Lock);
    cache->Entries++;
    Release(&cache->Lock);
}

LEAK NTSTATUS ColdReturn(CACHE *cache)
{
    PVOID file;
    Acquire(&cache->Lock);
    NTSTATUS status = ZwOpenFile(&file);
    if (__builtin_expect(status < 0, 0)) {
        cache->Entries = -1;
        cache->Key = 0x1234;
        ZwWriteFile(cache->File, cache, 4);
        ZwClose(cache->File);
        return status;
    }
    ZwWriteFile(file, cache, 8);
    Release(&cache->Lock);
    return 0;
}

LEAK NTSTATUS LargeFrameReturn(CACHE *cache)
{
    volatile unsigned char page[0x1800];
    page[3] = 1;
    Acquire(&cache->Lock);
    NTSTATUS status = ZwQueryInformationFile(cache->File, (PVOID)page, sizeof page);
    if (status < 0)
        return status;
    cache->Entries = page[9];
    Release(&cache->Lock);
    return 0;
}

CLEAN NTSTATUS BugCheckWhileHeld(CACHE *cache)
{
    Acquire(&cache->Lock);
    if (!cache->File)
        KeBugCheckEx(0xE2, 1, 2, 3, 4);
    NTSTATUS status = ZwClose(cache->File);
    Release(&cache->Lock);
    return status;
}

LEAK void EndsThreadWhileHeld(CACHE *cache)
{
    Acquire(&cache->Lock);
    cache->Entries++;
    if (cache->Entries > 100)
        PsTerminateSystemThread(0);
    Release(&cache->Lock);
    PsTerminateSystemThread(0);
}

CLEAN void EndsThreadAfterRelease(CACHE *cache)
{
    Acquire(&cache->Lock);
    cache->Entries++;
    Release(&cache->Lock);
    PsTerminateSystemThread(0);
}

LEAK NTSTATUS SecondOfTwoReturns(CACHE *cache)
{
    Acquire(&cache->Lock);
    NTSTATUS status = ZwOpenFile(&cache->File);
    if (status < 0) {
        Release(&cache->Lock);
        return status;
    }
    status = ZwWriteFile(cache->File, cache, 16);
    if (status == STATUS_PENDING)
        return 0;
    Release(&cache->Lock);
    return status;
}
