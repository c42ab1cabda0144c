using System.Buffers.Binary;
using KernelImages.Dump;
using KernelImages.Kernel;
using KernelImages.Memory;
using KernelImages.Scenarios;
using LockLeak.Layouts;

namespace KernelImages.Tests;

/// <summary>What a debugger needs from a dump is in the file. (That the real engine opens it is a test of Engine.Tests.)</summary>
[TestClass]
public sealed class DumpWriterTests
{
    private static readonly SyntheticKernel Kernel =
        SyntheticKernel.WithImages(Walkthrough.PushLock153, KernelTypes.Load("10.0.22621"));

    [TestMethod]
    [DataRow(DumpFormat.Full, 0x2000)]
    [DataRow(DumpFormat.Bitmap, 0x3000)]
    public void PageTablesInTheFileLeadToTheLeakedEntry(DumpFormat format, int framesStart)
    {
        byte[] file = Write(format);
        ulong table = BinaryPrimitives.ReadUInt64LittleEndian(file.AsSpan(0x10));
        ulong address = 0xffffc788_391086e0;
        foreach (int shift in (int[])[39, 30, 21, 12])
        {
            ulong entry = Physical(table + 8 * (address >> shift & 511));
            Assert.AreEqual(1ul, entry & 1, $"the entry of level {shift} is not valid");
            table = entry & 0xf_ffff_ffff_f000;
        }
        Assert.AreEqual(0xffffc788_3a0f6f70, Physical(table + (address & 0xfff)), "LockUnsafe of the leaked entry");

        ulong Physical(ulong address) =>
            BinaryPrimitives.ReadUInt64LittleEndian(
            file.AsSpan(framesStart + (int)(address - AddressSpace.FirstFrame * AddressSpace.PageSize)));
    }

    [TestMethod]
    [DataRow(DumpFormat.Full)]
    [DataRow(DumpFormat.Bitmap)]
    [DataRow(DumpFormat.Triage)]
    public void FileIsAsLongAsItSays(DumpFormat format)
    {
        byte[] file = Write(format);
        Assert.AreEqual((ulong)file.Length, BinaryPrimitives.ReadUInt64LittleEndian(file.AsSpan(0xfa0)));
        Assert.AreEqual((uint)format, BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(0xf98)));
    }

    [TestMethod]
    public void SameScenarioMakesTheSameFile() => CollectionAssert.AreEqual(Write(DumpFormat.Full), Write(DumpFormat.Full));

    [TestMethod]
    public void SmallDumpHoldsTheCrashingThreadAndNoOther()
    {
        var target = new InMemoryTarget(Kernel) { IsTriageDump = true };
        byte[] bytes = new byte[16];
        Assert.AreEqual(16, target.Read(Kernel.Thread("reaper"), bytes));
        Assert.AreEqual(0, target.Read(Kernel.Thread("mover"), bytes));
        Assert.AreEqual(0, target.Read(Kernel.Modules.Kernel("PsActiveProcessHead"), bytes));
    }

    private static byte[] Write(DumpFormat format)
    {
        SyntheticKernel kernel = SyntheticKernel.WithImages(Walkthrough.PushLock153, Kernel.Types);
        using MemoryStream file = new();
        DumpWriter.Write(kernel, file, format);
        return file.ToArray();
    }

}
