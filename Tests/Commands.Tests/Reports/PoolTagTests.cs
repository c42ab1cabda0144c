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

    private static string? TagOf(InMemoryTarget target, string name)
    {
        string address = Address.Json(target.Kernel.Lock(name));
        JsonElement node = Session.Run(target, "!lockleak -json").Json.GetProperty("locks").EnumerateArray()
            .Single(node => node.GetProperty("lock").GetString() == address);
        return node.GetProperty("poolTag").GetString();
    }
}
