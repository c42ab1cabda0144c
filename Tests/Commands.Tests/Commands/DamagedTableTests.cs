using System.Text.Json;
using KernelImages;
using KernelImages.Kernel;

namespace LockLeak.Tests.Commands;

/// <summary>-fast on a table that was written over: what is not proven is left out, and a note says so.</summary>
[TestClass]
public sealed class DamagedTableTests
{
    private const string Changing = "lead to what is no linked lock entry of a thread";
    private const ulong BucketSize = 0x40;

    /// <summary>What is written into the root of a bucket, or into the links of the head there.</summary>
    private static readonly Dictionary<string, Action<SyntheticKernel, ulong>> Damages = new()
    {
        ["a root leads nowhere"] = (kernel, bucket) => kernel.Typed.SetQuads(bucket, 0xffffdead_0000c0d0),
        ["a root leads to text"] = (kernel, bucket) =>
        {
            kernel.Memory.Write(0xffffc788_70000000, "The quick brown fox jumps over the lazy dog, and so on and on."u8);
            kernel.Memory.Map(0xffffc788_70000000, 0x1000);
            kernel.Typed.SetQuads(bucket, 0xffffc788_70000000);
        },
        ["a root leads to a thread"] = (kernel, bucket) => kernel.Typed.SetQuads(bucket, kernel.Threads[^1].Address),
        ["a head is its own child"] = (kernel, bucket) =>
            kernel.Typed.SetQuads(kernel.Typed.GetQuad(bucket), kernel.Typed.GetQuad(bucket), kernel.Typed.GetQuad(bucket)),
        ["a head is no longer linked"] = (kernel, bucket) => kernel.Typed.Set("_KLOCK_ENTRY", HeadOf(kernel, bucket), "LockUnsafe", 0),
        ["a head is none"] = (kernel, bucket) => kernel.Typed.Set("_KLOCK_ENTRY", HeadOf(kernel, bucket), "HeadNodeBit", 0),
        ["a member is a head"] = (kernel, bucket) =>
            kernel.Typed.Set("_KLOCK_ENTRY", HeadOf(kernel, bucket), "OwnerTree.Root", kernel.Typed.GetQuad(bucket)),
    };

    public static IEnumerable<string> Names => Damages.Keys;

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void WhatIsNotProvenIsANote(string damage)
    {
        foreach (string build in FastTests.Generations)
        {
            SyntheticKernel kernel = Machines.Fresh("deadlock3", build);
            Damages[damage](kernel, Bucket(kernel));

            JsonElement report = Session.Run(new InMemoryTarget(kernel), "!lockleak -fast -json").Json;

            StringAssert.Contains(report.GetProperty("notes").ToString(), $"1 of the trees of nt!KiAbTreeArray {Changing}", build);
        }
    }

    /// <summary>Pointers that are stored exclusive-or with the address of what holds them (ntrtl.h, RTL_RB_TREE.Encoded).</summary>
    [TestMethod]
    public void EncodedTreesAreRead()
    {
        SyntheticKernel kernel = Machines.Fresh("pushlock153");
        ulong bucket = Bucket(kernel), root = kernel.Typed.GetQuad(bucket);
        kernel.Typed.SetQuads(bucket, root ^ bucket, (root ^ bucket) | 1);

        JsonElement report = Session.Run(new InMemoryTarget(kernel), "!lockleak -fast -json").Json;

        Assert.AreEqual(1, report.GetProperty("findings").GetArrayLength());
        Assert.DoesNotContain(Changing, report.ToString());
    }

    [TestMethod]
    public void AMissingPageIsANote()
    {
        SyntheticKernel kernel = Machines.Kernel("deadlock3");
        var target = new InMemoryTarget(kernel);
        ulong page = Bucket(kernel) & ~0xFFFul;
        target.Unreadable.Add((page, page + 0x1000));

        JsonElement report = Session.Run(target, "!lockleak -fast -json").Json;

        StringAssert.Contains(report.GetProperty("notes").ToString(), "1 of the 17 pages of nt!KiAbTreeArray cannot be read");
    }

    /// <summary>The bucket of the first lock that an entry is linked for.</summary>
    private static ulong Bucket(SyntheticKernel kernel)
    {
        ulong address = kernel.Lock(kernel.Threads.SelectMany(thread => thread.Entries).First(entry => entry.InTree).Lock!.Name);
        return kernel.Modules.Kernel("KiAbTreeArray") + (address >> 4 & 0x3FF) * BucketSize;
    }

    private static ulong HeadOf(SyntheticKernel kernel, ulong bucket) =>
        kernel.Typed.GetQuad(bucket) - kernel.Types.OffsetOf("_KLOCK_ENTRY", "TreeNode");
}
