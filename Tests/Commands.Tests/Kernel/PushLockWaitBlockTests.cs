using CsCheck;
using KernelImages.Layouts;
using LockLeak.Kernel;

namespace LockLeak.Tests.Kernel;

/// <summary>The queue of a push lock: whatever its links say, the walk ends, keeps its order and says where it broke.</summary>
[TestClass]
public sealed class PushLockWaitBlockTests
{
    private const ulong First = 0xfffffb80_60000000;
    private const ulong Distance = 0x7010;
    private const ulong Next = 0x18, ShareCount = 0x30, LockEntry = 0x38;

    private static readonly KernelTypes Types = KernelTypes.Load("10.0.22621");

    [TestMethod]
    public void BlocksComeNewestFirst() =>
        Gen.Int[1, 40].Sample(count =>
        {
            MemoryTarget target = Queue(count);

            IReadOnlyList<PushLockWaitBlock> blocks = Walk(target, First, out Notes notes);

            CollectionAssert.AreEqual(Enumerable.Range(0, count).Select(At).ToArray(), blocks.Select(block => block.Address).ToArray());
            Assert.IsEmpty(notes.Lines);
        }, iter: 60);

    [TestMethod]
    public void ABrokenLinkEndsTheWalkWithANote() =>
        Gen.Select(Gen.Int[1, 30], Gen.Int[0, 29], Gen.OneOf(Gen.Const(0x10UL), Gen.Const(0xffffdead_0000c0d0), Gen.Const(0x00007ff6_00000000UL), Gen.ULong)).Sample(
            (count, broken, link) =>
            {
                broken %= count;
                MemoryTarget target = Queue(count);
                target.Typed.SetQuads(At(broken) + Next, link);
                if (link == 0 || target.Memory.Read(link, new byte[1]) != 0)
                {
                    return;
                }

                IReadOnlyList<PushLockWaitBlock> blocks = Walk(target, First, out Notes notes);

                CollectionAssert.AreEqual(Enumerable.Range(0, broken + 1).Select(At).ToArray(), blocks.Select(block => block.Address).ToArray());
                StringAssert.Contains(notes.Lines.Single(), $"breaks after {broken + 1} blocks at {Address.Text(link)}");
            }, iter: 100);

    [TestMethod]
    public void ALoopEndsTheWalkWithANote() =>
        Gen.Select(Gen.Int[1, 30], Gen.Int[0, 29], Gen.Int[0, 29]).Sample(
            (count, from, to) =>
            {
                (from, to) = (from % count, to % count);
                if (to > from)
                {
                    (from, to) = (to, from);
                }

                MemoryTarget target = Queue(count);
                target.Typed.SetQuads(At(from) + Next, At(to));

                IReadOnlyList<PushLockWaitBlock> blocks = Walk(target, First, out Notes notes);

                Assert.HasCount(from + 1, blocks);
                CollectionAssert.AllItemsAreUnique(blocks.Select(block => block.Address).ToArray());
                Assert.HasCount(1, notes.Lines);
            }, iter: 60);

    [TestMethod]
    public void WhatABlockSaysIsReadBack() =>
        Gen.Select(Gen.Int, Gen.Bool, Gen.ULong[0xFFFF8000_00000000, 0xFFFFFFFF_FFFFFFFF], Gen.Bool).Sample(
            (shareCount, exclusive, entry, sleeps) =>
            {
                MemoryTarget target = Queue(1);
                target.Typed.SetQuads(First + ShareCount, (uint)shareCount | (exclusive ? 3UL : 2UL) << 32);
                target.Typed.SetQuads(First + LockEntry, entry);
                target.Typed.SetQuads(First + 8, sleeps ? 0xffffc788_38a32180 : First + 8);

                PushLockWaitBlock block = PushLockWaitBlock.TryRead(new KernelMemory(target), First)!;

                Assert.AreEqual((First, 0UL, shareCount, exclusive, entry, !sleeps), (block.Address, block.Next, block.ShareCount, block.IsExclusive, block.LockEntry, block.HasNoSleeper));
            }, iter: 60);

    private static ulong At(int index) => First + (ulong)index * Distance;

    /// <summary>Wait blocks on as many stacks, from the newest to the oldest.</summary>
    private static MemoryTarget Queue(int count)
    {
        var target = new MemoryTarget(Types);
        for (int i = 0; i < count; i++)
        {
            target.Memory.Map(At(i), 0x40);
            target.Typed.SetQuads(At(i) + Next, i == count - 1 ? 0 : At(i + 1));
        }

        return target;
    }

    private static IReadOnlyList<PushLockWaitBlock> Walk(MemoryTarget target, ulong newest, out Notes notes)
    {
        notes = new Notes();
        return PushLockWaitBlock.Walk(new KernelMemory(target), newest, notes);
    }
}
