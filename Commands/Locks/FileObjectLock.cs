using LockLeak.Kernel;
using LockLeak.Target;

namespace LockLeak.Locks;

/// <summary>
/// The lock of a file object that was opened for synchronous I/O: one request at a time. It is an event inside the
/// _FILE_OBJECT, whose thread owns it for as long as its request takes, hours in a read of a pipe.
/// </summary>
/// <remarks>
/// Lock entries track it (seen in a real small dump of 19041; on every 22H2 and later). The offsets are those of FILE_OBJECT
/// in wdm.h, which drivers are built with: https://learn.microsoft.com/windows-hardware/drivers/ddi/wdm/ns-wdm-_file_object
/// </remarks>
internal sealed class FileObjectLock : ReadableLock
{
    private const ulong LockOffset = 0x80;
    private const int DeviceObject = 0x8, Busy = 0x74, FileObjectSize = 0xD8;

    /// <summary>IO_TYPE_FILE (wdm.h) in Type, and Size.</summary>
    private const uint TypeAndSize = FileObjectSize << 16 | 5;

    /// <summary>sizeof(_KEVENT).</summary>
    private const int EventSize = 0x18;

    /// <inheritdoc/>
    public override string Name => "file object lock";

    internal override bool IsAt(LockMemory memory, LockAddress address, ulong firstWord) =>
        (firstWord & 0x7F) == ObjectTypes.SynchronizationEvent &&
            memory.IsObject(address.Value, ObjectTypes.SynchronizationEvent, EventSize) &&
        memory.Memory.TryReadUInt32(address.Value - LockOffset, out uint typeAndSize) && typeAndSize == TypeAndSize;

    internal override LockAddress? LockOf(LockMemory memory, KernelThread thread, ulong waitObject) =>
        memory.Memory.TryReadUInt64(waitObject, out ulong firstWord) && IsAt(memory, new LockAddress(waitObject), firstWord)
            ? new LockAddress(waitObject) : null;

    internal override void Read(LockMemory memory, LockNode node)
    {
        ulong file = node.Address.Value - LockOffset;
        if (memory.Memory.TryReadWindow(file, 0, FileObjectSize) is not { } window)
        {
            return;
        }

        node.IsLocked = window.IsSet(new TypeField(Busy, 4, 0, 0, IsPointer: false));
        node.IsExclusive = node.IsLocked == true ? true : null;
        node.Detail = Describe(memory.Memory, file, window);
        memory.AddWaitersOf(node, node.Address.Value, LockMode.Exclusive);
    }

    private static string Describe(KernelMemory memory, ulong file, Window window)
    {
        string name = IoObjects.NameOfFile(memory, file) is { } text ? $" \"{text}\"" : "";
        ulong device = memory.Canonical(window.Value(new TypeField(DeviceObject, 8, 0, 0, IsPointer: true)));
        string driver = IoObjects.DriverOf(memory, device) is { } of ? $" of {of}" : "";
        return $"file object {Address.Text(file)}{name}, device {Address.Text(device)}{driver}";
    }
}
