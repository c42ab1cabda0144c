namespace LockLeak.Kernel;

/// <summary>How long threads have waited, from the tick count that user mode sees as well.</summary>
public sealed class KernelClock
{
    // _KUSER_SHARED_DATA (ntddk.h): the kernel's view is at this address on x64 and ARM64, and the fields have not moved
    // since Windows Vista. It needs no symbols, unlike nt!KeTickCount.
    private const ulong SharedUserData = 0xFFFF_F780_0000_0000;
    private const int TickCountMultiplierOffset = 0x4;
    private const int TickCountOffset = 0x320;

    private readonly ulong ticks;
    private readonly ulong multiplier;

    private KernelClock(ulong ticks, ulong multiplier) => (this.ticks, this.multiplier) = (ticks, multiplier);

    /// <summary>Reads the clock; null when it is not in the dump.</summary>
    public static KernelClock? TryRead(KernelMemory memory) =>
        memory.TryReadUInt32(SharedUserData + TickCountMultiplierOffset, out uint multiplier) &&
        memory.TryReadUInt64(SharedUserData + TickCountOffset, out ulong ticks) && multiplier != 0
            ? new KernelClock(ticks, multiplier)
            : null;

    /// <summary>Milliseconds since a 32-bit tick count of the past 2^31 ticks.</summary>
    /// <returns>Null for a tick count that lies in the future: a thread that never waited, or garbage.</returns>
    public long? MillisecondsSince(uint waitTime)
    {
        uint elapsed = (uint)ticks - waitTime;
        return elapsed > int.MaxValue ? null : (long)((UInt128)elapsed * multiplier >> 24);
    }
}
