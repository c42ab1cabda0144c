// A driver that puts a Windows kernel into one situation with locks, so that what !lockleak says of it can be compared with the truth.
#pragma once
#include <ntifs.h>

#ifdef __MINGW32__
// Of these the headers of MinGW-w64 lack the declarations; ntifs.h of the WDK has them.
NTKERNELAPI VOID NTAPI ExAcquirePushLockExclusiveEx(PEX_PUSH_LOCK Lock, ULONG Flags);
NTKERNELAPI VOID NTAPI ExAcquirePushLockSharedEx(PEX_PUSH_LOCK Lock, ULONG Flags);
NTKERNELAPI VOID NTAPI ExReleasePushLockExclusiveEx(PEX_PUSH_LOCK Lock, ULONG Flags);
NTKERNELAPI VOID NTAPI ExReleasePushLockSharedEx(PEX_PUSH_LOCK Lock, ULONG Flags);
#endif

// What stopping the driver does.
typedef enum {
    NeedsReset,             // nothing: only a reset of the machine ends the situation
    EndsWhenStopped,        // its threads release what they have and end
    LeavesThreadBehind,     // the driver goes, and a thread of it waits on: the situation itself
} ENDING;

// One situation.
typedef struct {
    PCWSTR Name;                // value "Situation" of the service's key
    NTSTATUS (*Begin)(VOID);    // returns when all threads are where they should be
    ENDING Ending;
} SITUATION;

extern const SITUATION Situations[];
extern const ULONG SituationCount;

// Set when the driver is stopped; those who hold a lock wait for it.
extern KEVENT Stop;

// Starts a system thread and keeps a reference to it. A thread that has ended with a lock stays what it is as long as somebody
// has one: bug check 0x153 comes with the last.
NTSTATUS StartThread(PKSTART_ROUTINE routine, PVOID context);

// Waits for all threads that were started.
VOID WaitForThreads(VOID);

// Gives back what a situation that ends has made.
VOID CleanUp(VOID);

// Takes a push lock for the thread that opens \\.\LockDriver, and lets it go back to user mode.
VOID TakeForCaller(VOID);
