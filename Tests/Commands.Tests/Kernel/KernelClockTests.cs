using CsCheck;
using LockLeak.Kernel;
using LockLeak.Layouts;

namespace LockLeak.Tests.Kernel;

/// <summary>How long a thread has waited.</summary>
[TestClass]
public sealed class KernelClockTests
{
    private const ulong SharedUserData = 0xfffff780_00000000;
    private const uint Multiplier = 0x0fa00000; // 15.625 ms, with 24 bits behind the point

    [TestMethod]
    public void TicksBecomeMilliseconds() =>
        Gen.Select(Gen.ULong[0, 1UL << 40], Gen.UInt[0, int.MaxValue]).Sample((now, waited) =>
            Assert.AreEqual((long)(waited * 15.625), Clock(now, Multiplier)!.MillisecondsSince((uint)now - waited)));

    [TestMethod]
    public void AWaitThatBeganInTheFutureHasNoTime() =>
        Gen.Select(Gen.ULong[0, 1UL << 40], Gen.UInt[1, int.MaxValue]).Sample((now, ahead) =>
            Assert.IsNull(Clock(now, Multiplier)!.MillisecondsSince((uint)now + ahead)));

    [TestMethod]
    public void AClockThatCannotBeReadIsNone()
    {
        Assert.IsNull(KernelClock.TryRead(new KernelMemory(new MemoryTarget(KernelTypes.Load("10.0.22621")))));
        Assert.IsNull(Clock(1000, 0));
    }

    private static KernelClock? Clock(ulong ticks, uint multiplier)
    {
        var target = new MemoryTarget(KernelTypes.Load("10.0.22621"));
        target.Typed.Set("_KUSER_SHARED_DATA", SharedUserData, "TickCountQuad", ticks);
        target.Typed.Set("_KUSER_SHARED_DATA", SharedUserData, "TickCountMultiplier", multiplier);
        return KernelClock.TryRead(new KernelMemory(target));
    }
}
