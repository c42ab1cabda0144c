using System.Buffers.Binary;
using KdTarget.Machine;
using KernelImages.Dump;
using KernelImages.Kernel;
using KernelImages.Memory;
using KernelImages.Scenarios;
using LockLeak.Layouts;
using PageTables = KdTarget.Machine.PageTables;

namespace KdTarget.Tests;

[TestClass]
public sealed class DumpMachineTests
{
    public static IEnumerable<object[]> Builds => KernelTypes.Builds.Select(build => new object[] { build });

    [TestMethod, DynamicData(nameof(Builds))]
    public void MachineOfADumpIsTheMachineThatWasDumped(string build)
    {
        SyntheticKernel kernel = Kernel(build);
        DumpMachine machine = FromDump(kernel, DumpFormat.Full);

        Assert.AreEqual(kernel.Types.Build, machine.Build);
        Assert.AreEqual(kernel.Scenario.KernelBase, machine.KernelBase);
        Assert.AreEqual(kernel.Modules.Kernel("PsLoadedModuleList"), machine.LoadedModuleList);
        Assert.AreEqual(kernel.DebuggerData, machine.ReadUInt64(machine.DebuggerDataList), "the list's first block");
        Assert.AreEqual(kernel.CurrentProcessor, machine.StoppingProcessor);
        CollectionAssert.AreEqual(kernel.Processors.Select(p => p.Prcb).ToList(), machine.Processors.Select(p => p.Prcb).ToList());
        CollectionAssert.AreEqual(kernel.Processors.Select(p => p.Pcr).ToList(), machine.Processors.Select(p => p.Pcr).ToList());
        for (int i = 0; i < kernel.Processors.Count; i++)
        {
            CollectionAssert.AreEqual(kernel.Processors[i].Context, machine.Processors[i].Context);
            Assert.AreEqual(kernel.Processors[i].Thread.Address, machine.CurrentThread(machine.Processors[i]));
        }
    }

    [TestMethod]
    public void EveryMappedPageIsReadThroughThePageTables()
    {
        SyntheticKernel kernel = Kernel("10.0.22621");
        DumpMachine machine = FromDump(kernel, DumpFormat.Full);
        byte[] expected = new byte[AddressSpace.PageSize], actual = new byte[AddressSpace.PageSize];
        foreach ((ulong page, ulong _) in kernel.Memory.Pages)
        {
            ulong address = page * AddressSpace.PageSize;
            Assert.AreEqual(kernel.Memory.Read(address, expected), machine.ReadVirtual(address, actual));
            CollectionAssert.AreEqual(expected, actual, $"at {address:x16}");
        }
    }

    [TestMethod]
    public void WriteIsSeenByTheNextReadAndEndsWhereThePagesEnd()
    {
        SyntheticKernel kernel = Kernel("10.0.22621");
        DumpMachine machine = FromDump(kernel, DumpFormat.Full);
        ulong lastPage = kernel.Memory.Pages.Max(p => p.Key) * AddressSpace.PageSize;
        ulong end = lastPage + AddressSpace.PageSize;
        Assert.AreEqual(4, machine.WriteVirtual(end - 4, [1, 2, 3, 4, 5, 6]));
        byte[] read = new byte[8];
        Assert.AreEqual(4, machine.ReadVirtual(end - 4, read));
        CollectionAssert.AreEqual(new byte[] { 1, 2, 3, 4, 0, 0, 0, 0 }, read);
        Assert.ThrowsExactly<ArgumentException>(() => machine.WriteUInt64(end, 0));
    }

    [TestMethod]
    public void DumpOfAnotherKindIsRefused()
    {
        Assert.ThrowsExactly<InvalidDataException>(() => CrashDump.Read(new MemoryStream(new byte[0x3000])));
        InvalidDataException other = Assert.ThrowsExactly<InvalidDataException>(() => FromDump(Kernel("10.0.22621"), DumpFormat.Bitmap));
        StringAssert.Contains(other.Message, "Dump type 5");
    }

    [TestMethod]
    public void LargePagesAreTranslated()
    {
        const ulong large = 0x80, present = 1;
        var memory = new PhysicalMemory();
        for (ulong frame = 1; frame <= 3; frame++)
            memory.Add(frame, new byte[PhysicalMemory.PageSize]);
        Set(0x1000, 0x2000 | present);
        Set(0x2000, 0x3000 | present);
        Set(0x2008, 0x40000000 | present | large);
        Set(0x3000, 0x00600000 | present | large);
        var tables = new PageTables(memory, 0x1000);
        Assert.AreEqual(0x00612345ul, tables.Translate(0x12345), "2 MB");
        Assert.AreEqual(0x41234567ul, tables.Translate(0x41234567), "1 GB");
        Assert.IsNull(tables.Translate(0x200000), "entry not present");
        Assert.IsNull(tables.Translate(0x8000000000), "table not present");

        void Set(ulong address, ulong entry) => BinaryPrimitives.WriteUInt64LittleEndian(memory.At(address), entry);
    }

    private static SyntheticKernel Kernel(string build)
    {
        KernelTypes types = KernelTypes.Load(build);
        return SyntheticKernel.WithImages(Walkthrough.PushLock153, types);
    }

    private static DumpMachine FromDump(SyntheticKernel kernel, DumpFormat format)
    {
        using var file = new MemoryStream();
        DumpWriter.Write(kernel, file, format);
        file.Position = 0;
        return new DumpMachine(CrashDump.Read(file));
    }
}
