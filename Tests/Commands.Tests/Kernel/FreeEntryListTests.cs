using System.Text.Json;
using KernelImages;
using KernelImages.Kernel;

namespace LockLeak.Tests.Kernel;

/// <summary>Windows 8.1: of a list of free entries that does not hold together nobody learns which entries are in use.</summary>
[TestClass]
public sealed class FreeEntryListTests
{
    private const string Build = "6.3.9600";

    private static readonly Dictionary<string, Action<SyntheticKernel, ulong>> Damages = new()
    {
        ["it leads nowhere"] = (kernel, thread) => kernel.Typed.Set("_KTHREAD", thread, "LockEntriesFreeList", 0xffffdead_0000c0d0),
        ["it leads to another thread's entries"] = (kernel, thread) =>
            kernel.Typed.Set("_KTHREAD", thread, "LockEntriesFreeList",
                kernel.Typed.Get("_KTHREAD", kernel.Thread("user"), "LockEntriesFreeList")),
        ["it is empty and counts all entries but one"] = (kernel, thread) =>
        {
            kernel.Typed.Set("_KTHREAD", thread, "LockEntriesFreeList", 0);
            kernel.Typed.Set("_KTHREAD", thread, "AbFreeEntryCount", 5);
        },
        ["it is whole and counts another number"] = (kernel, thread) => kernel.Typed.Set("_KTHREAD", thread, "AbFreeEntryCount", 5),
    };

    public static IEnumerable<string> Names => Damages.Keys;

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void NobodyIsAccusedByAListThatIsBroken(string damage)
    {
        SyntheticKernel kernel = Machines.Fresh("apc-regions-healthy", Build);
        Damages[damage](kernel, kernel.Thread("ended"));

        JsonElement report = Session.Run(new InMemoryTarget(kernel), "!lockleak -a -json").Json;

        Assert.AreEqual(0, report.GetProperty("findings").GetArrayLength(), $"{report}");
        StringAssert.Contains(report.GetProperty("notes").ToString(), "is broken, so which of its entries are in use is not known");
    }
}
