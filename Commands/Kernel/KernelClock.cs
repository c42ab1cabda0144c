using LockLeak.Target;

namespace LockLeak.Kernel;

/// <summary>
/// How long threads have waited and the machine has run, and when it stopped: what the page says that user mode sees as well.
/// </summary>
internal sealed class KernelClock
{
    // _KUSER_SHARED_DATA (ntddk.h): the kernel's view is at this address on x64 and ARM64, and the fields have not moved
    // since Windows Vista. It needs no symbols, unlike nt!KeTickCount.
    private const ulong SharedUserData = 0xFFFF_F780_0000_0000;
    private const int First = 0x4, End = 0x328;

    private static readonly TypeField TickCountMultiplier = new(0x4, 4, 0, 0, false), InterruptTime = new(0x8, 8, 0, 0, false),
    InterruptTimeAgain = new(0x10, 4, 0, 0, false),
        SystemTime = new(0x14, 8, 0, 0, false), SystemTimeAgain = new(0x1C, 4, 0, 0, false), TickCount = new(0x320, 8, 0, 0, false);

    private readonly Window page;

    private KernelClock(Window page) => this.page = page;

    /// <summary>When the machine stopped, or now while it runs: UTC; null when it cannot be told.</summary>
    public DateTime? Time =>
        Read(SystemTime, SystemTimeAgain) is { } time and > 0 && time <= (ulong)DateTime.MaxValue.ToFileTimeUtc()
        ? DateTime.FromFileTimeUtc((long)time) : null;

    /// <summary>How long the machine has run, in milliseconds; null when it cannot be told.</summary>
    public long? UptimeMilliseconds =>
        Read(InterruptTime, InterruptTimeAgain) is { } time && time <= long.MaxValue ? (long)time / TimeSpan.TicksPerMillisecond : null;

    /// <summary>Reads the clock; null when it is not in the dump.</summary>
    public static KernelClock? TryRead(KernelMemory memory) =>
        memory.TryReadWindow(SharedUserData, First, End - First) is { } page && page.IsSet(TickCountMultiplier)
            ? new KernelClock(page) : null;

    /// <summary>Milliseconds since a 32-bit tick count of the past 2^31 ticks.</summary>
    /// <returns>Null for a tick count that lies in the future: a thread that never waited, or garbage.</returns>
    public long? MillisecondsSince(uint waitTime)
    {
        uint elapsed = (uint)page.Value(TickCount) - waitTime;
        return elapsed > int.MaxValue ? null : (long)((UInt128)elapsed * page.Value(TickCountMultiplier) >> 24);
    }

    /// <summary>
    /// KSYSTEM_TIME, 100 ns units: the kernel writes the upper half twice, so that who reads it meanwhile sees two that differ.
    /// </summary>
    private ulong? Read(TypeField time, TypeField upperHalfAgain) =>
        page.Value(time) is var value && value >> 32 == page.Value(upperHalfAgain) ? value : null;
}
