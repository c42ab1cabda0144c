using CsCheck;
using LockLeak.Locks;

namespace LockLeak.Tests.Locks;

/// <summary>The 64 bits of a push lock.</summary>
[TestClass]
public sealed class PushLockValueTests
{
    private static readonly Gen<ulong> WaitBlocks = Gen.ULong[0xFFFF8000_00000000, 0xFFFFFFFF_FFF00000].Select(address => address & ~0xFUL);

    [TestMethod]
    public void WaitersAreReadBackFromAContendedLock() =>
        Gen.Select(WaitBlocks, Gen.Bool, Gen.Bool, Gen.Bool).Sample((block, locked, waking, multipleShared) =>
        {
            var value = new PushLockValue(block | (locked ? 1u : 0) | 2 | (waking ? 4u : 0) | (multipleShared ? 8u : 0));

            Assert.AreEqual(block, value.WaitBlock);
            Assert.AreEqual((locked, true, waking, multipleShared),
                (value.IsLocked, value.IsWaiting, value.IsWaking, value.IsMultipleShared));
            Assert.AreEqual(0UL, value.SharedOwners, "with waiters the number of owners is in the oldest wait block");
            Assert.IsTrue(value.IsPlausible);
        });

    [TestMethod]
    public void SharedOwnersAreReadBackFromAnUncontendedLock() =>
        Gen.ULong[0, 99_999].Sample(owners =>
        {
            var value = new PushLockValue(owners << 4 | 1);

            Assert.AreEqual(owners, value.SharedOwners);
            Assert.AreEqual(0UL, value.WaitBlock);
            Assert.IsTrue(value.IsPlausible);
        });

    [TestMethod]
    public void AnyBitsCanBeLookedAt() =>
        Gen.ULong.Sample(raw =>
        {
            var value = new PushLockValue(raw);
            Assert.AreEqual(value.IsWaiting, value.WaitBlock != 0 || (raw & ~0xDUL) == 2);
            Assert.IsTrue(!value.IsWaiting || value.SharedOwners == 0);
        });

    [TestMethod]
    [DataRow(0x00000000_00000002UL, DisplayName = "waiters without a wait block")]
    [DataRow(0x00007ff6_12340012UL, DisplayName = "a wait block in user memory")]
    [DataRow(0xffffc788_12345671UL, DisplayName = "more owners than there are threads")]
    [DataRow(0x00000000_00000010UL, DisplayName = "owners of a lock that is not locked")]
    [DataRow(0x00000000_00000005UL, DisplayName = "waking without waiters")]
    public void WhatNoPushLockHoldsIsImplausible(ulong raw) => Assert.IsFalse(new PushLockValue(raw).IsPlausible);

    [TestMethod]
    public void AFreeLockIsPlausible() => Assert.IsTrue(new PushLockValue(0).IsPlausible);
}
