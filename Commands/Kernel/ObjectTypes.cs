namespace LockLeak.Kernel;

/// <summary>
/// _DISPATCHER_HEADER.Type of the objects that threads wait for: values of _KOBJECTS in the kernel's symbols. Bit 7 is a
/// lock bit (KOBJECT_LOCK_BIT), so it is left out before a comparison.
/// </summary>
internal static class ObjectTypes
{
    /// <summary>_KOBJECTS.EventNotificationObject.</summary>
    public const byte NotificationEvent = 0;

    /// <summary>_KOBJECTS.EventSynchronizationObject.</summary>
    public const byte SynchronizationEvent = 1;

    /// <summary>_KOBJECTS.MutantObject.</summary>
    public const byte Mutant = 2;

    /// <summary>_KOBJECTS.ProcessObject.</summary>
    public const byte Process = 3;

    /// <summary>_KOBJECTS.QueueObject.</summary>
    public const byte Queue = 4;

    /// <summary>_KOBJECTS.TimerNotificationObject.</summary>
    public const byte NotificationTimer = 8;

    /// <summary>_KOBJECTS.TimerSynchronizationObject.</summary>
    public const byte SynchronizationTimer = 9;

    /// <summary>_KOBJECTS.ThreadObject.</summary>
    public const byte Thread = 6;

    /// <summary>_KOBJECTS.GateObject: what the waiters of a guarded mutex wait for on Windows 7.</summary>
    public const byte Gate = 7;

    /// <summary>True when the dispatcher header at an address is of a type: one byte, before a whole structure is read.</summary>
    public static bool IsAt(KernelMemory memory, ulong address, byte type) => memory.TryReadByte(address) is { } there && Of(there) == type;

    /// <summary>The type without its lock bit.</summary>
    public static byte Of(ulong headerType) => (byte)(headerType & 0x7F);
}
