using LockLeak.Target;

namespace LockLeak.Kernel;

/// <summary>Names of the I/O manager's objects, whose layout drivers are built with, so that it is that of wdm.h on every build.</summary>
/// <remarks>
/// https://learn.microsoft.com/windows-hardware/drivers/ddi/wdm/ns-wdm-_device_object, ns-wdm-_driver_object and ns-wdm-_file_object; each
/// begins with IO_TYPE_* in 16 bits.
/// </remarks>
internal static class IoObjects
{
    private const ulong TypeDevice = 3, TypeDriver = 4, TypeFile = 5;
    private const int DriverName = 0x38, FileName = 0x58, UnicodeStringSize = 0x10;

    private static readonly TypeField Type = new(0, 2, 0, 0, false), DeviceDriver = new(8, 8, 0, 0, true);

    /// <summary>The name of the driver of a device, such as "\FileSystem\Npfs"; null when no device with a driver is there.</summary>
    public static string? DriverOf(KernelMemory memory, ulong device) =>
        memory.TryReadWindow(device, 0, 16) is { } deviceObject && deviceObject.Value(Type) == TypeDevice &&
        memory.Canonical(deviceObject.Value(DeviceDriver)) is var driver &&
            memory.TryReadWindow(driver, 0, DriverName + UnicodeStringSize) is { } driverObject && driverObject.Value(Type) == TypeDriver
            ? TargetText.ReadUnicodeString(memory, driver + (ulong)DriverName)
            : null;

    /// <summary>The name of a file relative to its device; null when it has none or no file is there.</summary>
    public static string? NameOfFile(KernelMemory memory, ulong file) =>
        memory.TryReadWindow(file, 0, FileName + UnicodeStringSize) is { } fileObject && fileObject.Value(Type) == TypeFile
            ? TargetText.ReadUnicodeString(memory, file + (ulong)FileName) : null;
}
