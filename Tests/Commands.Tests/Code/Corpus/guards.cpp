// Locks in objects of C++ that release them in their destructor.
#include "corpus.h"

class Guard {
public:
    explicit Guard(PUSH_LOCK *lock) : lock(lock)
    {
        KeEnterCriticalRegion();
        Acquire(lock);
    }

    ~Guard()
    {
        if (lock) {
            Release(lock);
            KeLeaveCriticalRegion();
        }
    }

    void Detach() { lock = nullptr; }

private:
    PUSH_LOCK *lock;
};

// Its members are calls, as in a driver built without optimisation.
class FarGuard {
public:
    APART explicit FarGuard(PUSH_LOCK *lock);
    APART ~FarGuard();
    APART void Lock();
    APART void Unlock();

private:
    PUSH_LOCK *lock;
    bool isHeld;
};

FarGuard::FarGuard(PUSH_LOCK *lock) : lock(lock), isHeld(false) {}

FarGuard::~FarGuard()
{
    if (isHeld)
        Unlock();
}

void FarGuard::Lock()
{
    KeEnterCriticalRegion();
    Acquire(lock);
    isHeld = true;
}

void FarGuard::Unlock()
{
    isHeld = false;
    Release(lock);
    KeLeaveCriticalRegion();
}

CLEAN NTSTATUS GuardedReturns(CACHE *cache)
{
    Guard guard(&cache->Lock);
    NTSTATUS status = ZwClose(cache->File);
    if (status < 0)
        return status;
    for (int i = 0; i < 5; i++) {
        status = ZwWriteFile(cache->File, cache, (ULONG64)i);
        if (status == STATUS_PENDING)
            return status;
    }
    cache->Entries++;
    return 0;
}

LEAK NTSTATUS DetachedGuard(CACHE *cache)
{
    Guard guard(&cache->Lock);
    NTSTATUS status = ZwClose(cache->File);
    if (status == STATUS_PENDING) {
        guard.Detach();
        return status;
    }
    cache->Entries++;
    return 0;
}

CLEAN NTSTATUS TwoGuards(CACHE *cache)
{
    Guard outer(&cache->Lock);
    if (cache->Entries == 0)
        return STATUS_NOT_FOUND;
    Guard inner(&cache->ListLock);
    return ZwWriteFile(cache->File, cache, 2);
}

CLEAN NTSTATUS FarGuardReturns(CACHE *cache)
{
    FarGuard guard(&cache->Lock);
    if (cache->Entries == 3)
        return STATUS_NOT_FOUND;
    guard.Lock();
    NTSTATUS status = ZwClose(cache->File);
    if (status < 0)
        return status;
    cache->Entries++;
    return 0;
}

CLEAN NTSTATUS FarGuardUnlocks(CACHE *cache)
{
    FarGuard guard(&cache->Lock);
    guard.Lock();
    NTSTATUS status = ZwClose(cache->File);
    guard.Unlock();
    cache->Entries++;
    return status;
}

CLEAN NTSTATUS GuardAround(CACHE *cache)
{
    NTSTATUS status = WhileFree(cache);
    {
        Guard guard(&cache->Lock);
        status |= WhileHeld(cache);
        if (status == STATUS_PENDING)
            return status;
    }
    return status | WhileFree(cache->File);
}
