// What Windows asks of a driver: start, stop, and one device that a program can open.
#include "LockDriver.h"

#define MOST_THREADS 32
#define LONGEST_NAME 64

KEVENT Stop;

static PVOID Threads[MOST_THREADS];
static ULONG ThreadCount;
static PDEVICE_OBJECT Device;
static UNICODE_STRING DeviceName = RTL_CONSTANT_STRING(L"\\Device\\LockDriver");
static UNICODE_STRING LinkName = RTL_CONSTANT_STRING(L"\\DosDevices\\LockDriver");

NTSTATUS StartThread(PKSTART_ROUTINE routine, PVOID context)
{
    HANDLE handle;
    NTSTATUS status = ThreadCount == MOST_THREADS ? STATUS_INSUFFICIENT_RESOURCES
        : PsCreateSystemThread(&handle, THREAD_ALL_ACCESS, NULL, NULL, NULL, routine, context);
    if (!NT_SUCCESS(status))
        return status;
    status = ObReferenceObjectByHandle(handle, THREAD_ALL_ACCESS, *PsThreadType, KernelMode, &Threads[ThreadCount], NULL);
    if (NT_SUCCESS(status))
        ThreadCount++;
    ZwClose(handle);
    return status;
}

VOID WaitForThreads(VOID)
{
    for (ULONG i = 0; i < ThreadCount; i++) {
        KeWaitForSingleObject(Threads[i], Executive, KernelMode, FALSE, NULL);
        ObDereferenceObject(Threads[i]);
    }
    ThreadCount = 0;
}

static NTSTATUS NTAPI Open(PDEVICE_OBJECT device, PIRP request)
{
    UNREFERENCED_PARAMETER(device);
    TakeForCaller();
    request->IoStatus.Status = STATUS_SUCCESS;
    request->IoStatus.Information = 0;
    IoCompleteRequest(request, IO_NO_INCREMENT);
    return STATUS_SUCCESS;
}

static VOID DeleteDevice(VOID)
{
    IoDeleteSymbolicLink(&LinkName);
    IoDeleteDevice(Device);
}

static VOID NTAPI Unload(PDRIVER_OBJECT driver)
{
    UNREFERENCED_PARAMETER(driver);
    KeSetEvent(&Stop, IO_NO_INCREMENT, FALSE);
    WaitForThreads();
    CleanUp();
    DeleteDevice();
}

static VOID NTAPI UnloadTooEarly(PDRIVER_OBJECT driver)
{
    UNREFERENCED_PARAMETER(driver);
    DeleteDevice();
}

static const SITUATION *Find(PUNICODE_STRING registryPath)
{
    static WCHAR text[LONGEST_NAME];
    UNICODE_STRING name = { 0, sizeof text, text };
    RTL_QUERY_REGISTRY_TABLE query[2] = { { 0 } };
    query[0].Flags = RTL_QUERY_REGISTRY_DIRECT | RTL_QUERY_REGISTRY_REQUIRED;
    query[0].Name = L"Situation";
    query[0].EntryContext = &name;
    query[0].DefaultType = REG_NONE;
    if (!NT_SUCCESS(RtlQueryRegistryValues(RTL_REGISTRY_ABSOLUTE, registryPath->Buffer, query, NULL, NULL)))
        return NULL;
    for (ULONG i = 0; i < SituationCount; i++) {
        UNICODE_STRING known;
        RtlInitUnicodeString(&known, Situations[i].Name);
        if (RtlEqualUnicodeString(&known, &name, TRUE))
            return &Situations[i];
    }
    return NULL;
}

NTSTATUS NTAPI DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING registryPath)
{
    const SITUATION *situation = Find(registryPath);
    if (!situation)
        return STATUS_INVALID_PARAMETER;
    KeInitializeEvent(&Stop, NotificationEvent, FALSE);
    NTSTATUS status = IoCreateDevice(driver, 0, &DeviceName, FILE_DEVICE_UNKNOWN, 0, FALSE, &Device);
    if (!NT_SUCCESS(status))
        return status;
    status = IoCreateSymbolicLink(&LinkName, &DeviceName);
    if (!NT_SUCCESS(status)) {
        IoDeleteDevice(Device);
        return status;
    }
    driver->MajorFunction[IRP_MJ_CREATE] = Open;
    status = situation->Begin();
    if (!NT_SUCCESS(status) && ThreadCount == 0) {
        CleanUp();
        DeleteDevice();
        return status;
    }
    // Threads run in the driver: it stays even where not all of them could be started.
    driver->DriverUnload = situation->Ending == EndsWhenStopped ? Unload : situation->Ending == LeavesThreadBehind ? UnloadTooEarly : NULL;
    Device->Flags &= ~DO_DEVICE_INITIALIZING;
    return STATUS_SUCCESS;
}
