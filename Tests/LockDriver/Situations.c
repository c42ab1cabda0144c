// The situations. Each thread routine does one thing with one or two locks, and its name says which thread of the answer it is.
#include "LockDriver.h"

#define SHORT_WHILE 500     // ms after which a thread that was started is where it should be

static EX_PUSH_LOCK FirstLock, SecondLock;
static ERESOURCE Resource;
static BOOLEAN IsResourceMade;
static FAST_MUTEX FastMutex;
static KMUTEX FirstMutex, SecondMutex;
static PVOID CacheAwareLock;
static VOID (NTAPI *AcquireCacheAware)(PVOID lock, ULONG flags);

// Released when all threads of a circle have their first lock.
static KEVENT AllHold;
static LONG Missing;

static VOID Sleep(LONG milliseconds)
{
    LARGE_INTEGER time;
    time.QuadPart = -10000LL * milliseconds;
    KeDelayExecutionThread(KernelMode, FALSE, &time);
}

static VOID WaitFor(PVOID object)
{
    KeWaitForSingleObject(object, Executive, KernelMode, FALSE, NULL);
}

// Meets the others of a circle.
static VOID Meet(VOID)
{
    if (InterlockedDecrement(&Missing) == 0)
        KeSetEvent(&AllHold, IO_NO_INCREMENT, FALSE);
    WaitFor(&AllHold);
}

static NTSTATUS MakeResource(VOID)
{
    NTSTATUS status = ExInitializeResourceLite(&Resource);
    IsResourceMade = NT_SUCCESS(status);
    return status;
}

VOID CleanUp(VOID)
{
    if (IsResourceMade)
        ExDeleteResourceLite(&Resource);
}

static VOID ExpectThreads(LONG count)
{
    Missing = count;
    KeInitializeEvent(&AllHold, NotificationEvent, FALSE);
}

// Starts a thread and lets it come to where it waits or ends.
static NTSTATUS Start(PKSTART_ROUTINE routine, PVOID context)
{
    NTSTATUS status = StartThread(routine, context);
    Sleep(SHORT_WHILE);
    return status;
}

static NTSTATUS StartMany(PKSTART_ROUTINE routine, PVOID context, ULONG count)
{
    NTSTATUS status = STATUS_SUCCESS;
    for (ULONG i = 0; i < count && NT_SUCCESS(status); i++)
        status = StartThread(routine, context);
    Sleep(SHORT_WHILE);
    return status;
}

// Holds a push lock with others until the driver is stopped.
static VOID NTAPI HoldShared(PVOID lock)
{
    KeEnterCriticalRegion();
    ExAcquirePushLockSharedEx(lock, 0);
    WaitFor(&Stop);
    ExReleasePushLockSharedEx(lock, 0);
    KeLeaveCriticalRegion();
}

static VOID NTAPI WaitExclusively(PVOID lock)
{
    KeEnterCriticalRegion();
    ExAcquirePushLockExclusiveEx(lock, 0);
    ExReleasePushLockExclusiveEx(lock, 0);
    KeLeaveCriticalRegion();
}

// The mistake of all mistakes: it returns with the lock.
static VOID NTAPI Leak(PVOID lock)
{
    KeEnterCriticalRegion();
    ExAcquirePushLockExclusiveEx(lock, 0);
    KeLeaveCriticalRegion();
}

static NTSTATUS BeginLeak(VOID)
{
    NTSTATUS status = Start(Leak, &FirstLock);
    return NT_SUCCESS(status) ? Start(WaitExclusively, &FirstLock) : status;
}

static VOID NTAPI FirstThenSecond(PVOID context)
{
    UNREFERENCED_PARAMETER(context);
    KeEnterCriticalRegion();
    ExAcquirePushLockExclusiveEx(&FirstLock, 0);
    Meet();
    ExAcquirePushLockExclusiveEx(&SecondLock, 0);
    ExReleasePushLockExclusiveEx(&SecondLock, 0);
    ExReleasePushLockExclusiveEx(&FirstLock, 0);
    KeLeaveCriticalRegion();
}

static VOID NTAPI SecondThenFirst(PVOID context)
{
    UNREFERENCED_PARAMETER(context);
    KeEnterCriticalRegion();
    ExAcquirePushLockExclusiveEx(&SecondLock, 0);
    Meet();
    ExAcquirePushLockExclusiveEx(&FirstLock, 0);
    ExReleasePushLockExclusiveEx(&FirstLock, 0);
    ExReleasePushLockExclusiveEx(&SecondLock, 0);
    KeLeaveCriticalRegion();
}

static NTSTATUS BeginDeadlockOfTwo(VOID)
{
    ExpectThreads(2);
    NTSTATUS status = Start(FirstThenSecond, NULL);
    return NT_SUCCESS(status) ? Start(SecondThenFirst, NULL) : status;
}

static VOID NTAPI PushLockThenResource(PVOID context)
{
    UNREFERENCED_PARAMETER(context);
    KeEnterCriticalRegion();
    ExAcquirePushLockExclusiveEx(&FirstLock, 0);
    Meet();
    ExAcquireResourceExclusiveLite(&Resource, TRUE);
    ExReleaseResourceLite(&Resource);
    ExReleasePushLockExclusiveEx(&FirstLock, 0);
    KeLeaveCriticalRegion();
}

static VOID NTAPI ResourceThenFastMutex(PVOID context)
{
    UNREFERENCED_PARAMETER(context);
    KeEnterCriticalRegion();
    ExAcquireResourceExclusiveLite(&Resource, TRUE);
    Meet();
    ExAcquireFastMutex(&FastMutex);
    ExReleaseFastMutex(&FastMutex);
    ExReleaseResourceLite(&Resource);
    KeLeaveCriticalRegion();
}

static VOID NTAPI FastMutexThenPushLock(PVOID context)
{
    UNREFERENCED_PARAMETER(context);
    ExAcquireFastMutex(&FastMutex);
    Meet();
    ExAcquirePushLockExclusiveEx(&FirstLock, 0);
    ExReleasePushLockExclusiveEx(&FirstLock, 0);
    ExReleaseFastMutex(&FastMutex);
}

static NTSTATUS BeginDeadlockOfThree(VOID)
{
    ExpectThreads(3);
    ExInitializeFastMutex(&FastMutex);
    NTSTATUS status = MakeResource();
    if (NT_SUCCESS(status)) status = Start(PushLockThenResource, NULL);
    if (NT_SUCCESS(status)) status = Start(ResourceThenFastMutex, NULL);
    return NT_SUCCESS(status) ? Start(FastMutexThenPushLock, NULL) : status;
}

// Bit 0 of a push lock is Locked: set by hand, nobody's lock entry knows of it.
static NTSTATUS BeginOwnerless(VOID)
{
    InterlockedOr64((LONG64 volatile *)&FirstLock, 1);
    return Start(WaitExclusively, &FirstLock);
}

VOID TakeForCaller(VOID)
{
    KeEnterCriticalRegion();
    ExAcquirePushLockExclusiveEx(&FirstLock, 0);
    KeLeaveCriticalRegion();
}

static NTSTATUS BeginUserModeOwner(VOID)
{
    return STATUS_SUCCESS;
}

static VOID NTAPI Work(PVOID lock)
{
    while (!KeReadStateEvent(&Stop)) {
        KeEnterCriticalRegion();
        ExAcquirePushLockExclusiveEx(lock, 0);
        Sleep(1);
        ExReleasePushLockExclusiveEx(lock, 0);
        KeLeaveCriticalRegion();
    }
}

static NTSTATUS BeginBusy(VOID)
{
    return StartMany(Work, &FirstLock, 8);
}

static NTSTATUS BeginSharedOwners(VOID)
{
    NTSTATUS status = StartMany(HoldShared, &FirstLock, 3);
    return NT_SUCCESS(status) ? StartMany(WaitExclusively, &FirstLock, 2) : status;
}

static VOID NTAPI HoldResource(PVOID context)
{
    UNREFERENCED_PARAMETER(context);
    KeEnterCriticalRegion();
    ExAcquireResourceExclusiveLite(&Resource, TRUE);
    WaitFor(&Stop);
    ExReleaseResourceLite(&Resource);
    KeLeaveCriticalRegion();
}

static VOID NTAPI WaitForResourceShared(PVOID context)
{
    UNREFERENCED_PARAMETER(context);
    KeEnterCriticalRegion();
    ExAcquireResourceSharedLite(&Resource, TRUE);
    ExReleaseResourceLite(&Resource);
    KeLeaveCriticalRegion();
}

static NTSTATUS BeginResourceWithSharedWaiters(VOID)
{
    NTSTATUS status = MakeResource();
    if (NT_SUCCESS(status)) status = Start(HoldResource, NULL);
    return NT_SUCCESS(status) ? StartMany(WaitForResourceShared, NULL, 3) : status;
}

static VOID NTAPI FirstThenSecondMutex(PVOID context)
{
    UNREFERENCED_PARAMETER(context);
    WaitFor(&FirstMutex);
    Meet();
    WaitFor(&SecondMutex);
    KeReleaseMutex(&SecondMutex, FALSE);
    KeReleaseMutex(&FirstMutex, FALSE);
}

static VOID NTAPI SecondThenFirstMutex(PVOID context)
{
    UNREFERENCED_PARAMETER(context);
    WaitFor(&SecondMutex);
    Meet();
    WaitFor(&FirstMutex);
    KeReleaseMutex(&FirstMutex, FALSE);
    KeReleaseMutex(&SecondMutex, FALSE);
}

static NTSTATUS BeginMutexCircle(VOID)
{
    ExpectThreads(2);
    KeInitializeMutex(&FirstMutex, 0);
    KeInitializeMutex(&SecondMutex, 0);
    NTSTATUS status = Start(FirstThenSecondMutex, NULL);
    return NT_SUCCESS(status) ? Start(SecondThenFirstMutex, NULL) : status;
}

// Hands the resource over to a structure: another thread is to release it, and in this driver none does.
static VOID NTAPI DisownResource(PVOID context)
{
    KeEnterCriticalRegion();
    ExAcquireResourceExclusiveLite(&Resource, TRUE);
    ExSetResourceOwnerPointer(&Resource, (PVOID)((ULONG_PTR)context | 3));
    KeLeaveCriticalRegion();
}

static NTSTATUS BeginDisownedResource(VOID)
{
    static ULONG64 structure[2];
    NTSTATUS status = MakeResource();
    if (NT_SUCCESS(status)) status = Start(DisownResource, structure);
    return NT_SUCCESS(status) ? Start(WaitForResourceShared, NULL) : status;
}

static VOID NTAPI HoldFastMutex(PVOID context)
{
    UNREFERENCED_PARAMETER(context);
    ExAcquireFastMutex(&FastMutex);
    WaitFor(&Stop);
    ExReleaseFastMutex(&FastMutex);
}

static VOID NTAPI WaitForFastMutex(PVOID context)
{
    UNREFERENCED_PARAMETER(context);
    ExAcquireFastMutex(&FastMutex);
    ExReleaseFastMutex(&FastMutex);
}

static NTSTATUS BeginFastMutex(VOID)
{
    ExInitializeFastMutex(&FastMutex);
    NTSTATUS status = Start(HoldFastMutex, NULL);
    return NT_SUCCESS(status) ? StartMany(WaitForFastMutex, NULL, 2) : status;
}

static VOID NTAPI LeakCacheAware(PVOID lock)
{
    KeEnterCriticalRegion();
    AcquireCacheAware(lock, 0);
    KeLeaveCriticalRegion();
}

// Exported, and declared in no header.
static PVOID Routine(PCWSTR name)
{
    UNICODE_STRING text;
    RtlInitUnicodeString(&text, name);
    return MmGetSystemRoutineAddress(&text);
}

static NTSTATUS BeginCacheAware(VOID)
{
    PVOID (NTAPI *allocate)(VOID) = Routine(L"ExAllocateCacheAwarePushLock");
    AcquireCacheAware = Routine(L"ExAcquireCacheAwarePushLockExclusiveEx");
    if (!allocate || !AcquireCacheAware)
        return STATUS_NOT_SUPPORTED;
    CacheAwareLock = allocate();
    if (!CacheAwareLock)
        return STATUS_INSUFFICIENT_RESOURCES;
    // Both run the same routine: the second one waits in it.
    NTSTATUS status = Start(LeakCacheAware, CacheAwareLock);
    return NT_SUCCESS(status) ? Start(LeakCacheAware, CacheAwareLock) : status;
}

const SITUATION Situations[] = {
    { L"leak", BeginLeak, NeedsReset },
    { L"deadlock-two", BeginDeadlockOfTwo, NeedsReset },
    { L"deadlock-three", BeginDeadlockOfThree, NeedsReset },
    { L"ownerless", BeginOwnerless, NeedsReset },
    { L"user-mode-owner", BeginUserModeOwner, NeedsReset },
    { L"busy", BeginBusy, EndsWhenStopped },
    { L"shared-owners", BeginSharedOwners, EndsWhenStopped },
    { L"resource-shared-waiters", BeginResourceWithSharedWaiters, EndsWhenStopped },
    { L"mutex-circle", BeginMutexCircle, NeedsReset },
    { L"disowned-resource", BeginDisownedResource, NeedsReset },
    { L"fast-mutex", BeginFastMutex, EndsWhenStopped },
    { L"cache-aware", BeginCacheAware, NeedsReset },
    { L"stale-waiter", BeginOwnerless, LeavesThreadBehind },
};

const ULONG SituationCount = sizeof Situations / sizeof *Situations;
