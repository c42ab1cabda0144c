// The declarations that the corpus needs, as wdm.h and ntifs.h have them, so that it builds without the WDK.
// LEAK, CLEAN and HANDS_OVER before a function are the truth that the test holds the answers against:
//   LEAK        some way through it ends with a lock held, and the result does not say so
//   CLEAN       no way does
//   HANDS_OVER  it returns with a lock held on purpose, always or when its result says so
#pragma once
#ifdef __cplusplus
#define EXTERN extern "C"
#else
#define EXTERN extern
#endif
#define IMPORT EXTERN __declspec(dllimport)
#define LEAK EXTERN __declspec(dllexport)
#define CLEAN EXTERN __declspec(dllexport)
#define HANDS_OVER EXTERN __declspec(dllexport)
#define APART __attribute__((noinline))

typedef unsigned char BOOLEAN;
typedef int NTSTATUS;
typedef unsigned int ULONG;
typedef unsigned long long ULONG64;
typedef void *PVOID;
typedef struct { ULONG64 Value; } PUSH_LOCK;
typedef struct { int Count; PVOID Owner; ULONG Contention; ULONG64 Event[3]; ULONG OldIrql; } FAST_MUTEX;
typedef struct { ULONG64 Fields[13]; } ERESOURCE;
typedef struct { ULONG64 Fields[7]; } KMUTANT;
typedef struct { ULONG64 Fields[3]; } KEVENT;
#define TRUE 1
#define FALSE 0
#define STATUS_PENDING 0x103
#define STATUS_NO_MEMORY ((NTSTATUS)0xC0000017)
#define STATUS_NOT_FOUND ((NTSTATUS)0xC0000225)

IMPORT void ExAcquirePushLockExclusiveEx(PUSH_LOCK *, ULONG);
IMPORT void ExAcquirePushLockSharedEx(PUSH_LOCK *, ULONG);
IMPORT void ExReleasePushLockExclusiveEx(PUSH_LOCK *, ULONG);
IMPORT void ExReleasePushLockSharedEx(PUSH_LOCK *, ULONG);
IMPORT BOOLEAN ExTryAcquirePushLockExclusiveEx(PUSH_LOCK *, ULONG);
IMPORT void ExAcquireFastMutex(FAST_MUTEX *);
IMPORT void ExReleaseFastMutex(FAST_MUTEX *);
IMPORT BOOLEAN ExTryToAcquireFastMutex(FAST_MUTEX *);
IMPORT void KeAcquireGuardedMutex(FAST_MUTEX *);
IMPORT void KeReleaseGuardedMutex(FAST_MUTEX *);
IMPORT BOOLEAN ExAcquireResourceExclusiveLite(ERESOURCE *, BOOLEAN);
IMPORT BOOLEAN ExAcquireResourceSharedLite(ERESOURCE *, BOOLEAN);
IMPORT void ExReleaseResourceLite(ERESOURCE *);
IMPORT PVOID ExEnterCriticalRegionAndAcquireResourceShared(ERESOURCE *);
IMPORT void ExReleaseResourceAndLeaveCriticalRegion(ERESOURCE *);
IMPORT NTSTATUS KeWaitForSingleObject(PVOID, ULONG, char, BOOLEAN, long long *);
IMPORT int KeReleaseMutex(KMUTANT *, BOOLEAN);
IMPORT void KeEnterCriticalRegion(void);
IMPORT void KeLeaveCriticalRegion(void);
IMPORT NTSTATUS ZwOpenFile(PVOID *);
IMPORT NTSTATUS ZwQueryInformationFile(PVOID, PVOID, ULONG);
IMPORT NTSTATUS ZwWriteFile(PVOID, PVOID, ULONG64);
IMPORT NTSTATUS ZwClose(PVOID);
IMPORT PVOID ExAllocatePoolWithTag(ULONG, ULONG64, ULONG);
IMPORT void ExFreePoolWithTag(PVOID, ULONG);
IMPORT void KeSetEvent(KEVENT *, int, BOOLEAN);
IMPORT NTSTATUS PsTerminateSystemThread(NTSTATUS);
IMPORT __attribute__((noreturn)) void KeBugCheckEx(ULONG, ULONG64, ULONG64, ULONG64, ULONG64);
IMPORT __attribute__((noreturn)) void ExRaiseStatus(NTSTATUS);

// No routines of the kernel: at a call of these the lock is held, is free, or is held on some ways only. frames.c says so by them.
IMPORT NTSTATUS WhileHeld(PVOID);
IMPORT NTSTATUS WhileFree(PVOID);
IMPORT NTSTATUS WhileMaybeHeld(PVOID);

typedef struct CACHE CACHE;
struct CACHE {
    PUSH_LOCK Lock;
    ULONG Flags;
    int Entries;
    PUSH_LOCK ListLock;
    CACHE *Next;
    PVOID File;
    ULONG64 Key;
    BOOLEAN IsLocked;
    FAST_MUTEX Mutex;
    ERESOURCE Resource;
    KMUTANT Mutant;
    KEVENT Event;
    PUSH_LOCK *Shared;
    PUSH_LOCK Buckets[32];
    NTSTATUS (*Flush)(CACHE *);
};

#define Acquire(lock) ExAcquirePushLockExclusiveEx((lock), 0)
#define AcquireShared(lock) ExAcquirePushLockSharedEx((lock), 0)
#define Release(lock) ExReleasePushLockExclusiveEx((lock), 0)
#define ReleaseShared(lock) ExReleasePushLockSharedEx((lock), 0)

// apart.c: what the other files call without seeing it.
EXTERN void LockCache(CACHE *cache);
EXTERN void UnlockCache(CACHE *cache);
EXTERN void LockCacheAndCount(CACHE *cache);
EXTERN void UnlockCacheAndCount(CACHE *cache);
EXTERN CACHE *FindLocked(CACHE *cache, ULONG64 key);
EXTERN NTSTATUS OpenLocked(CACHE *cache);
EXTERN BOOLEAN LockIfFlagged(CACHE *cache, BOOLEAN *isLocked);
EXTERN void CompleteAndUnlock(CACHE *cache);
EXTERN NTSTATUS Refill(CACHE *cache);
EXTERN BOOLEAN NeedsLock(CACHE *cache);
EXTERN PUSH_LOCK *LockOf(CACHE *cache);
EXTERN void LockBoth(CACHE *cache);
EXTERN void UnlockBoth(CACHE *cache);
