// Declarations of the scenarios' driver, as wdm.h has them, so that it builds without the WDK.
#pragma once
typedef unsigned short WCHAR;
typedef int NTSTATUS;
typedef unsigned int ULONG;
typedef unsigned long long ULONG64;
typedef void *PVOID;
typedef struct { ULONG64 Value; } EX_PUSH_LOCK;
typedef struct { NTSTATUS Status; ULONG64 Information; } IO_STATUS_BLOCK;
typedef struct { unsigned short Length, MaximumLength; WCHAR *Buffer; } UNICODE_STRING;
typedef struct { ULONG Length; PVOID RootDirectory; UNICODE_STRING *ObjectName; ULONG Attributes; PVOID SecurityDescriptor, SecurityQuality; } OBJECT_ATTRIBUTES;

#define IMPORT __declspec(dllimport)
IMPORT void KeEnterCriticalRegion(void);
IMPORT void KeLeaveCriticalRegion(void);
IMPORT void ExAcquirePushLockExclusiveEx(EX_PUSH_LOCK *, ULONG);
IMPORT void ExReleasePushLockExclusiveEx(EX_PUSH_LOCK *, ULONG);
IMPORT NTSTATUS ZwCreateFile(PVOID *, ULONG, OBJECT_ATTRIBUTES *, IO_STATUS_BLOCK *, PVOID, ULONG, ULONG, ULONG, ULONG, PVOID, ULONG);
IMPORT NTSTATUS ZwSetInformationFile(PVOID, IO_STATUS_BLOCK *, PVOID, ULONG, ULONG);
IMPORT NTSTATUS ZwFlushBuffersFile(PVOID, IO_STATUS_BLOCK *);
IMPORT NTSTATUS ZwReadFile(PVOID, PVOID, PVOID, PVOID, IO_STATUS_BLOCK *, PVOID, ULONG, PVOID, PVOID);
IMPORT NTSTATUS ZwClose(PVOID);
IMPORT PVOID ExAllocatePoolWithTag(ULONG, ULONG64, ULONG);
IMPORT void ExFreePoolWithTag(PVOID, ULONG);
IMPORT NTSTATUS PsCreateSystemThread(PVOID *, ULONG, PVOID, PVOID, PVOID, NTSTATUS (*)(PVOID), PVOID);

typedef struct {
    EX_PUSH_LOCK FileLock, TargetLock;
    UNICODE_STRING Source, Target;
    PVOID SourceFile, TargetFile;
    ULONG64 ReadOffset;
    ULONG FilesMoved;
} DEVICE_EXTENSION;

// Opens a file "<folder>123" and returns it with what became of it.
NTSTATUS OpenNumbered(UNICODE_STRING *folder, WCHAR *name, ULONG number, PVOID *file, IO_STATUS_BLOCK *status);
