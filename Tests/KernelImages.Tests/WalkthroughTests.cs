using System.Buffers.Binary;
using KernelImages.Kernel;
using KernelImages.Scenarios;
using LockLeak.Layouts;

namespace KernelImages.Tests;

/// <summary>The scenario of the published walk-through has the walk-through's own figures (Windows 11 build 22621).</summary>
[TestClass]
public sealed class WalkthroughTests
{
    private static readonly SyntheticKernel Kernel = SyntheticKernel.Build(Walkthrough.PushLock153, KernelTypes.Load("10.0.22621"));

    [TestMethod]
    public void BugCheckNamesThreadEntryAndLock() =>
        Assert.AreEqual(new LockLeak.Target.BugCheck(0x153, 0xffffc788_39108040, 0xffffc788_391086e0, 1, 0xffffc788_3a0f6f70),
            Kernel.BugCheck);

    [TestMethod]
    public void LockPointsToTheWaitBlockOnTheWaitersStack()
    {
        Assert.AreEqual(0xfffffb80_7d617293, Quad(0xffffc788_3a0f6f70));
        Assert.AreEqual(0xffffc788_38a326e0, Quad(0xfffffb80_7d617290 + 0x38), "the wait block's lock entry");
    }

    [TestMethod]
    public void WaitersEntryReadsAsInTheWalkthrough()
    {
        ulong entry = Kernel.Entry("creator", "file lock");
        Assert.AreEqual(0xffffc788_3a0f6f70, Field("LockUnsafe"));
        Assert.AreEqual(0x07000100u, Field("EntryFlags"));
        Assert.AreEqual(0xffu, Field("InTreeByte"));
        Assert.AreEqual(0xffffffffu, Field("SessionId"));
        Assert.AreEqual(unchecked((byte)-8), Field("CpuPriorityKey"), "the low byte of the owner tree's root");

        ulong Field(string path) => Kernel.Typed.Get("_KLOCK_ENTRY", entry, path);
    }

    [TestMethod]
    public void WaiterStandsWhereTheWalkthroughSawIt()
    {
        var target = new InMemoryTarget(Kernel);
        string[] stack = [.. target.Symbols.Stack(0xffffc788_38a32040, 20)
            .Select(frame => $"{frame.Stack:x} {target.Symbols.At(frame.Instruction)!.Name}")];
        CollectionAssert.AreEqual(
            (string[])
            [
                "fffffb807d616b80 KiSwapContext", "fffffb807d616cc0 KiSwapThread", "fffffb807d616e10 KiCommitThreadWait",
                "fffffb807d616ec0 KeWaitForSingleObject",
                "fffffb807d617260 ExfAcquirePushLockExclusiveEx", "fffffb807d617310 ExAcquirePushLockExclusiveEx",
                "fffffb807d617350 FileCreationThread",
                "fffffb807d617570 PspSystemThreadStartup", "fffffb807d6175c0 KiStartSystemThread",
            ],
            stack);
    }

    private static ulong Quad(ulong address)
    {
        byte[] bytes = new byte[8];
        Assert.AreEqual(8, Kernel.Memory.Read(address, bytes));
        return BinaryPrimitives.ReadUInt64LittleEndian(bytes);
    }
}
