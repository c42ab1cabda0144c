using System.Buffers.Binary;
using System.Text;
using KernelImages.Scenarios;

namespace KernelImages.Kernel;

/// <summary>FILE_OBJECT, DEVICE_OBJECT and DRIVER_OBJECT, as wdm.h has them for 64 bits on every build.</summary>
/// <remarks>
/// https://learn.microsoft.com/windows-hardware/drivers/ddi/wdm/ns-wdm-_file_object. The thread that uses the file has set Busy; each
/// other one adds itself to Waiters and waits for Lock, with the reason Executive and in its caller's mode
/// (IopWaitAndAcquireFileObjectLock, nohuto/decompiled-pseudocode, 11-24H2/ntoskrnl). The user of the file waits for Event until
/// its request is done.
/// </remarks>
internal static class FileObjectWriter
{
    private const ushort FileType = 5, FileSize = 0xd8, DeviceType = 3, DeviceSize = 0x150, DriverType = 4, DriverSize = 0x150;
    private const ulong DeviceObject = 0x08, Flags = 0x50, FileName = 0x58, Waiters = 0x70, Busy = 0x74, Lock = 0x80, Event = 0x98,
    IrpList = 0xc0;
    private const ulong DeviceReferenceCount = 4, DeviceDriver = 8, DriverDevice = 8, DriverName = 0x38;

    /// <summary>FO_SYNCHRONOUS_IO and FO_HANDLE_CREATED.</summary>
    private const uint Synchronous = 0x40002;

    public static void Write(SyntheticKernel kernel, FileObjectLock item, ulong address)
    {
        ulong file = address - Lock;
        WriteFile(kernel, file, item.FileName, item.Driver);
        SetLong(kernel, file + Flags, Synchronous);
        SetLong(kernel, file + Waiters, (uint)item.Waiters.Count);
        SetLong(kernel, file + Busy, item.Owners.Count > 0 ? 1u : 0);
        WaitWriter.Wait(kernel, file + Lock, item.Waiters.Select(claim => kernel.Placed(claim.Thread)));
        foreach (PlacedThread owner in item.Owners.Select(claim => kernel.Placed(claim.Thread))
            .Where(owner => owner is { WaitsFor: null, Spec.WaitReason: "Executive" }))
            WaitMover.Move(kernel, owner, file + Event);
    }

    /// <summary>A file that is used asynchronously, or by nobody else.</summary>
    public static ulong AddFile(SyntheticKernel kernel, string name, string driver, out ulong device)
    {
        ulong file = kernel.Pool.Allocate(FileSize);
        device = WriteFile(kernel, file, name, driver);
        return file;
    }

    /// <summary>A NotificationEvent that is not signalled.</summary>
    public static void WriteNotificationEvent(SyntheticKernel kernel, ulong address)
    {
        WaitWriter.WriteEvent(kernel, address);
        kernel.Typed.Set("_DISPATCHER_HEADER", address, "Type", 0);
    }

    /// <returns>Its device.</returns>
    private static ulong WriteFile(SyntheticKernel kernel, ulong file, string name, string driver)
    {
        ulong device = AddDevice(kernel, driver);
        kernel.Memory.Map(file, FileSize);
        WriteHeader(kernel, file, FileType, FileSize);
        kernel.Typed.SetQuads(file + DeviceObject, device);
        WriteName(kernel, file + FileName, name);
        kernel.Typed.LinkList(file + IrpList, []);
        WaitWriter.WriteEvent(kernel, file + Lock);
        WriteNotificationEvent(kernel, file + Event);
        return device;
    }

    private static ulong AddDevice(SyntheticKernel kernel, string driverName)
    {
        ulong device = kernel.Pool.Allocate(DeviceSize), driver = kernel.Pool.Allocate(DriverSize);
        kernel.Memory.Map(device, DeviceSize);
        kernel.Memory.Map(driver, DriverSize);
        WriteHeader(kernel, device, DeviceType, DeviceSize);
        SetLong(kernel, device + DeviceReferenceCount, 1);
        kernel.Typed.SetQuads(device + DeviceDriver, driver);
        WriteHeader(kernel, driver, DriverType, DriverSize);
        kernel.Typed.SetQuads(driver + DriverDevice, device);
        WriteName(kernel, driver + DriverName, driverName);
        return device;
    }

    private static void WriteHeader(SyntheticKernel kernel, ulong address, ushort type, ushort size) =>
        SetLong(kernel, address, type | (uint)size << 16);

    private static void WriteName(SyntheticKernel kernel, ulong address, string text) =>
        kernel.Typed.SetUnicodeString(address, text, kernel.Pool.Allocate(Encoding.Unicode.GetByteCount(text) + 2));

    private static void SetLong(SyntheticKernel kernel, ulong address, uint value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        kernel.Memory.Write(address, bytes);
    }
}
