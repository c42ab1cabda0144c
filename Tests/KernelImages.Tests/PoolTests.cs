using KernelImages.Kernel;
using KernelImages.Memory;
using KernelImages.Scenarios;
using LockLeak.Layouts;

namespace KernelImages.Tests;

/// <summary>Where the kernel's structures lie in pages, which decides what a read of them costs.</summary>
[TestClass]
public sealed class PoolTests
{
    public static IEnumerable<string> Builds => KernelTypes.Builds;

    [TestMethod]
    public void WhatIsSmallerThanAPageDoesNotCrossOne()
    {
        var pool = new Pool(0xffffc788_00010000);
        ulong end = 0;
        foreach (int size in (int[])[0x30, 0x900, 0x900, 0xff0, 0x20, 0x1000, 0x10])
        {
            ulong address = pool.Allocate(size);
            Assert.AreEqual(0u, address % 16);
            Assert.IsGreaterThanOrEqualTo(end, address);
            end = address + (ulong)size;
            Assert.AreEqual(address / AddressSpace.PageSize, (end - 1) / AddressSpace.PageSize, $"{size:x} bytes at {address:x}");
        }
    }

    [TestMethod]
    public void WhatIsLargerBeginsWithAPage()
    {
        var pool = new Pool(0xffffc788_00010000);
        pool.Allocate(0x30);
        Assert.AreEqual(0xffffc788_00011000, pool.Allocate(0x1010));
    }

    [TestMethod]
    [DynamicData(nameof(Builds))]
    public void AThreadLiesInAPageWithItsHeadersAndEntries(string build)
    {
        SyntheticKernel kernel = SyntheticKernel.Build(Ordinary.Idle, KernelTypes.Load(build));
        ulong size = (ulong)ThreadExtension.SizeOfThread(kernel);
        foreach (PlacedThread thread in kernel.Threads)
        {
            ulong inPage = thread.Address % AddressSpace.PageSize;
            Assert.IsTrue(inPage >= 0x80 && inPage + size <= AddressSpace.PageSize, $"{thread.Address:x}");
        }
    }

    /// <summary>0x870 and 0x220 are those of two real small dumps (docs/kernel-facts.md); the others follow from the same code.</summary>
    [TestMethod]
    [DataRow("10.0.26100.1742", 0x870, 0x220)]
    [DataRow("10.0.26100", 0x880, 0x220)]
    public void TheEntriesLieBehindTheThread(string build, int ofKernel, int toThoseOfUser)
    {
        SyntheticKernel kernel = SyntheticKernel.Build(Ordinary.Idle, KernelTypes.Load(build));
        foreach (PlacedThread thread in kernel.Threads)
        {
            ulong entries = kernel.Typed.Get("_KTHREAD", thread.Address, "KernelAbEntries");
            Assert.AreEqual(thread.Address + (ulong)ofKernel, entries);
            Assert.AreEqual(ThreadExtension.HasUserEntries(thread) ? entries + (ulong)toThoseOfUser : 0,
                kernel.Typed.Get("_KTHREAD", thread.Address, "UserAbEntries"));
        }
    }

    [TestMethod]
    public void On26H1TwoPointersLieThere()
    {
        SyntheticKernel kernel = SyntheticKernel.Build(Ordinary.Idle, KernelTypes.Load("10.0.28000"));
        foreach (PlacedThread thread in kernel.Threads)
        {
            ulong blocks = kernel.Typed.Get("_KTHREAD", thread.Address, "KernelAbEntries");
            Assert.AreEqual(thread.Address + 0x8a0, blocks);
            Assert.AreEqual(blocks + 16, kernel.Typed.GetQuad(blocks));
            Assert.AreEqual(ThreadExtension.HasUserEntries(thread) ? blocks + 320 : 0, kernel.Typed.GetQuad(blocks + 8));
        }
    }
}
