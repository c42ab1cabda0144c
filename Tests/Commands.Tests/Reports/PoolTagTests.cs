using System.Text.Json;
using KernelImages;
using KernelImages.Scenarios;
using LockLeak.Kernel;

namespace LockLeak.Tests.Reports;

/// <summary>
/// A lock without a symbol has the tag of the pool allocation that it lies in, where the kernel proves it, and else none.
/// </summary>
[TestClass]
public sealed class PoolTagTests
{
    public static IEnumerable<(string Scenario, string Build)> Machines => Tests.Machines.All.Where(machine =>
        ScenarioLibrary.Find(machine.Scenario).ExpectedLocks.Any(item => item.PoolTag is not null));

    [TestMethod]
    [DynamicData(nameof(Machines))]
    public void ALockHasItsPoolTag(string scenario, string build)
    {
        InMemoryTarget target = Tests.Machines.Target(scenario, build);
        ExpectedLock expected = target.Kernel.Scenario.ExpectedLocks.Single();
        Assert.AreEqual(expected.PoolTag, TagOf(target, expected.Lock) ?? "");
    }

    [TestMethod]
    [DynamicData(nameof(Machines))]
    public void WithoutSymbolsThereIsNone(string scenario, string build)
    {
        var target = new InMemoryTarget(Tests.Machines.Kernel(scenario, build)) { HasNoSymbols = true };
        Assert.IsNull(TagOf(target, target.Kernel.Scenario.ExpectedLocks.Single().Lock));
    }

    /// <summary>
    /// Lines of a real table (https://github.com/kodybrown/rktools2k3/blob/master/pooltag.txt), among them some that are about no tag; and
    /// three made-up ones, of made-up.sys, nobody.sys and bell.sys.
    /// </summary>
    [TestMethod]
    [DataRow("Ntfr", "ntfs.sys", DisplayName = "the tag")]
    [DataRow("NtfZ", "ntfs.sys", DisplayName = "any letter")]
    [DataRow("Acpq", "acpi.sys", DisplayName = "any letters")]
    [DataRow("Mm", "nt!mm", DisplayName = "a short tag")]
    [DataRow("Mm  ", "nt!mm", DisplayName = "a short tag with its blanks")]
    [DataRow("Mmpv", "nt!mm", DisplayName = "another column")]
    [DataRow("BatC", null, DisplayName = "not known, by the line that has most letters")]
    [DataRow("Mmp", null)]
    [DataRow("ntfr", null, DisplayName = "capitals count")]
    [DataRow("rem ", null)]
    [DataRow("", null)]
    public void TheDebuggersTableSaysWhoseATagIs(string tag, string? owner)
    {
        string[] lines =
        [
            "rem    The file has the following format:", "rem       <PoolTag> - <binary-name> - <Description>", "rem", "",
            "Acp* - acpi.sys     - ACPI Pooltags", "Bat? - made-up.sys  - Battery Class drivers",
            "BatC - <unknown>    -     Composite battery driver", "Mm   - nt!mm        - general Mm Allocations",
            "Mmpv  - nt!mm      - Physical view VAD info", "       <unknown>", "Ntf? - ntfs.sys     - NTFS Specific allocation tags",
            "Ntfr - ntfs.sys     -     ERESOURCE", "    - nobody.sys - ", "Ntfr - \u0007bell.sys - ",
        ];
        Assert.AreEqual(owner, new PoolTagTable(lines).OwnerOf(tag));
    }

    [TestMethod]
    public void ALockIsToldWithTheOwnerOfItsTag()
    {
        var target = new InMemoryTarget(Tests.Machines.Kernel("pool-tag"))
        {
            PoolTagTable = ["NtFs - ntfs.sys     -     StrucSup.c"],
        };
        StringAssert.Contains(Session.Run(target, "!lockleak").Output, "for resource in pool NtFs of ntfs.sys, exclusive");
        string address = Address.Text(target.Kernel.Lock(target.Kernel.Scenario.ExpectedLocks.Single().Lock));
        Assert.AreEqual("ntfs.sys", Session.Run(target, $"!pushlock {address} -json").Json.GetProperty("poolOwner").GetString());
    }

    private static string? TagOf(InMemoryTarget target, string name)
    {
        string address = Address.Json(target.Kernel.Lock(name));
        JsonElement node = Session.Run(target, "!lockleak -json").Json.GetProperty("locks").EnumerateArray()
            .Single(node => node.GetProperty("lock").GetString() == address);
        return node.GetProperty("poolTag").GetString();
    }
}
