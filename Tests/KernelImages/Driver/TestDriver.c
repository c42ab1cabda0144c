// The driver of the scenarios: threads that create, move, flush and read files under push locks. FileMoveThread has the
// mistake of the published walk-through: it returns from the middle of its loop with the lock held.
//
// It is compiled as it stands, in the order in which the functions lie in memory. Where each begins and how large its frame
// is lies down in Kernel/TestDriver.cs and Kernel/StackFunctions.cs: the buffers have the sizes that make the frames so.
#include "TestDriver.h"

#define FILES 1000
#define STOP_AT 500

// The stacks of the scenarios return to fixed places. The call behind this line returns there; ahead of it come
// instructions of so many bytes.
#define RETURNS_AT(place, ahead) __asm__ volatile(".org " place "-" #ahead ", 0x90")

static DEVICE_EXTENSION *Extension;

__attribute__((naked)) void __ImageStart(void)
{
    __asm__("jmp DriverEntry");
}

void UnloadDriver(PVOID driver)
{
    (void)driver;
    if (Extension) {
        ZwClose(Extension->SourceFile);
        ZwClose(Extension->TargetFile);
        ExFreePoolWithTag(Extension, 'iveD');
        Extension = 0;
    }
}

NTSTATUS FileCreationThread(PVOID context)
{
    DEVICE_EXTENSION *extension = context;
    IO_STATUS_BLOCK status;
    WCHAR name[204];
    PVOID file;
    KeEnterCriticalRegion();
    RETURNS_AT("FileCreationThread+0x4f", 13);
    ExAcquirePushLockExclusiveEx(&extension->FileLock, 0);
    for (ULONG i = 0; i < FILES; i++) {
        if (OpenNumbered(&extension->Source, name, i, &file, &status) >= 0)
            ZwClose(file);
    }
    ExReleasePushLockExclusiveEx(&extension->FileLock, 0);
    KeLeaveCriticalRegion();
    return 0;
}

NTSTATUS FileMoveThread(PVOID context)
{
    DEVICE_EXTENSION *extension = context;
    IO_STATUS_BLOCK status;
    WCHAR name[204];
    PVOID file;
    KeEnterCriticalRegion();
    RETURNS_AT("FileMoveThread+0x40", 13);
    ExAcquirePushLockExclusiveEx(&extension->FileLock, 0);
    for (ULONG i = 0; i < FILES; i++) {
        if (OpenNumbered(&extension->Source, name, i, &file, &status) >= 0) {
            PVOID rename = ExAllocatePoolWithTag(1, 0x100, 'iveD');
            if (rename) {
                ZwSetInformationFile(file, &status, rename, 0x100, 10);
                ExFreePoolWithTag(rename, 'iveD');
            }
            ZwClose(file);
        }
        extension->FilesMoved++;
        if (i == STOP_AT) {
            KeLeaveCriticalRegion();
            return 0;
        }
    }
    ExReleasePushLockExclusiveEx(&extension->FileLock, 0);
    KeLeaveCriticalRegion();
    return 0;
}

NTSTATUS DriverEntry(PVOID driver, UNICODE_STRING *registryPath)
{
    PVOID thread;
    (void)driver;
    Extension = ExAllocatePoolWithTag(1, sizeof *Extension, 'iveD');
    if (!Extension)
        return (NTSTATUS)0xC000009A;
    Extension->Source = *registryPath;
    Extension->FileLock.Value = Extension->TargetLock.Value = 0;
    if (PsCreateSystemThread(&thread, 0x1FFFFF, 0, 0, 0, FileCreationThread, Extension) >= 0)
        ZwClose(thread);
    if (PsCreateSystemThread(&thread, 0x1FFFFF, 0, 0, 0, FileMoveThread, Extension) >= 0)
        ZwClose(thread);
    return 0;
}

NTSTATUS FileFlushThread(PVOID context)
{
    DEVICE_EXTENSION *extension = context;
    IO_STATUS_BLOCK status[14];
    KeEnterCriticalRegion();
    ExAcquirePushLockExclusiveEx(&extension->TargetLock, 0);
    RETURNS_AT("FileFlushThread+0x35", 7);
    ExAcquirePushLockExclusiveEx(&extension->FileLock, 0);
    ZwFlushBuffersFile(extension->SourceFile, status);
    ZwFlushBuffersFile(extension->TargetFile, status + 1);
    ExReleasePushLockExclusiveEx(&extension->FileLock, 0);
    ExReleasePushLockExclusiveEx(&extension->TargetLock, 0);
    KeLeaveCriticalRegion();
    return 0;
}

NTSTATUS FileReadThread(PVOID context)
{
    DEVICE_EXTENSION *extension = context;
    IO_STATUS_BLOCK status;
    unsigned char buffer[164];
    KeEnterCriticalRegion();
    ExAcquirePushLockExclusiveEx(&extension->FileLock, 0);
    ZwReadFile(extension->SourceFile, 0, 0, 0, &status, buffer, sizeof buffer, &extension->ReadOffset, 0);
    ExReleasePushLockExclusiveEx(&extension->FileLock, 0);
    KeLeaveCriticalRegion();
    return 0;
}

NTSTATUS FileCopyThread(PVOID context)
{
    DEVICE_EXTENSION *extension = context;
    IO_STATUS_BLOCK status;
    WCHAR name[228];
    PVOID file;
    KeEnterCriticalRegion();
    ExAcquirePushLockExclusiveEx(&extension->FileLock, 0);
    if (OpenNumbered(&extension->Source, name, 0, &file, &status) >= 0) {
        ExAcquirePushLockExclusiveEx(&extension->TargetLock, 0);
        ZwSetInformationFile(extension->TargetFile, &status, name, sizeof name, 20);
        ExReleasePushLockExclusiveEx(&extension->TargetLock, 0);
        ZwClose(file);
    }
    ExReleasePushLockExclusiveEx(&extension->FileLock, 0);
    KeLeaveCriticalRegion();
    return 0;
}
