using CsCheck;
using LockLeak.Kernel;
using LockLeak.Layouts;
using LockLeak.Locks;

namespace LockLeak.Tests.Locks;

/// <summary>
/// The queue of a push lock. Each test builds the links as the acquiring functions write them: a block that comes names the
/// next older one in Next; the first one names itself in Last, and a later one may name it again; Next of the oldest block is
/// whatever the stack held.
/// </summary>
[TestClass]
public sealed class PushLockQueueTests
{
    private const ulong First = 0xfffffb80_60000000;
    private const ulong Distance = 0x7010;
    private const ulong Next = 0x18, Last = 0x20, ShareCount = 0x30, LockEntry = 0x38;

    private static readonly KernelTypes Types = KernelTypes.Load("10.0.22621");

    /// <summary>What the stack of the oldest block may hold where Next is.</summary>
    private static readonly Gen<ulong> Stale =
        Gen.OneOf(Gen.Const(0UL), Gen.Const(0xffffdead_0000c0d0), Gen.Int[0, 60].Select(At), Gen.ULong);

    [TestMethod]
    public void TheQueueEndsWithTheBlockThatLastNames() =>
        Gen.Select(Gen.Int[1, 40], Gen.Int[0, 39], Stale).Sample(
            (count, says, stale) =>
            {
                MemoryTarget target = Queue(count, says % count, stale);

                PushLockQueue queue = PushLockQueue.Walk(new KernelMemory(target), First);

                CollectionAssert.AreEqual(Enumerable.Range(0, count).Select(At).ToArray(),
                    queue.NewestFirst.Select(block => block.Address).ToArray());
                Assert.IsTrue(queue.IsWhole);
            }, iter: 200);

    [TestMethod]
    public void AQueueOfBlockedThreadsEndsWithANullNext() =>
        Gen.Int[1, 40].Sample(count =>
        {
            MemoryTarget target = Queue(count, 0, stale: 0);

            PushLockQueue queue = PushLockQueue.WalkBlocked(new KernelMemory(target), First);

            CollectionAssert.AreEqual(Enumerable.Range(0, count).Select(At).ToArray(),
                queue.NewestFirst.Select(block => block.Address).ToArray());
            Assert.IsTrue(queue.IsWhole);
        }, iter: 60);

    [TestMethod]
    public void ABrokenLinkEndsTheWalkBeforeTheOldest() =>
        Gen.Select(Gen.Int[2, 30], Gen.Int[0, 29],
            Gen.OneOf(Gen.Const(0UL), Gen.Const(0x10UL), Gen.Const(0xffffdead_0000c0d0), Gen.Const(0x00007ff6_00000000UL))).Sample(
            (count, broken, link) =>
            {
                broken %= count - 1;
                MemoryTarget target = Queue(count, 0, stale: 0);
                target.Typed.SetQuads(At(broken) + Next, link);

                PushLockQueue queue = PushLockQueue.Walk(new KernelMemory(target), First);

                CollectionAssert.AreEqual(Enumerable.Range(0, broken + 1).Select(At).ToArray(),
                    queue.NewestFirst.Select(block => block.Address).ToArray());
                Assert.IsFalse(queue.IsWhole);
            }, iter: 100);

    [TestMethod]
    public void ALoopEndsTheWalk() =>
        Gen.Select(Gen.Int[2, 30], Gen.Int[0, 28], Gen.Int[0, 28]).Sample(
            (count, from, to) =>
            {
                (from, to) = (Math.Max(from, to) % (count - 1), Math.Min(from, to) % (count - 1));
                (from, to) = (Math.Max(from, to), Math.Min(from, to));
                MemoryTarget target = Queue(count, 0, stale: 0);
                target.Typed.SetQuads(At(from) + Next, At(to));

                PushLockQueue queue = PushLockQueue.Walk(new KernelMemory(target), First);

                Assert.HasCount(from + 1, queue.NewestFirst);
                CollectionAssert.AllItemsAreUnique(queue.NewestFirst.Select(block => block.Address).ToArray());
                Assert.IsFalse(queue.IsWhole);
            }, iter: 60);

    [TestMethod]
    public void WhatABlockSaysIsReadBack() =>
        Gen.Select(Gen.Int, Gen.Bool, Gen.ULong[0xFFFF8000_00000000, 0xFFFFFFFF_FFFFFFFF], Gen.ULong).Sample(
            (shareCount, exclusive, entry, waitList) =>
            {
                MemoryTarget target = Queue(1, 0, stale: 0x1234);
                target.Typed.SetQuads(First + ShareCount, (uint)shareCount | (exclusive ? 3UL : 2UL) << 32);
                target.Typed.SetQuads(First + LockEntry, entry);
                target.Typed.SetQuads(First + 8, waitList);

                PushLockWaitBlock block = PushLockWaitBlock.TryRead(new KernelMemory(target), First)!;

                Assert.AreEqual(new PushLockWaitBlock(First, 0x1234, First, shareCount, exclusive, new EntryAddress(entry),
                    waitList), block);
            }, iter: 60);

    private static ulong At(int index) => First + (ulong)index * Distance;

    /// <summary>Wait blocks on as many stacks, from the newest to the oldest.</summary>
    /// <param name="count">Number of blocks.</param>
    /// <param name="says">The newest block that names the oldest one.</param>
    /// <param name="stale">Next of the oldest block.</param>
    private static MemoryTarget Queue(int count, int says, ulong stale)
    {
        var target = new MemoryTarget(Types);
        for (int i = 0; i < count; i++)
        {
            target.Memory.Map(At(i), 0x40);
            target.Typed.SetQuads(At(i) + Next, i == count - 1 ? stale : At(i + 1));
            target.Typed.SetQuads(At(i) + Last, i == says || i == count - 1 ? At(count - 1) : 0);
        }

        return target;
    }
}
