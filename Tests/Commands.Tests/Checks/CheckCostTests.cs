using LockLeak.Tests.Costs;

namespace LockLeak.Tests.Checks;

/// <summary>The whole self-check costs at most half as much again as the command without it.</summary>
[TestClass]
public sealed class CheckCostTests
{
    public static IEnumerable<(string Scenario, string Build)> Machines =>
        Tests.Machines.All.Where(machine => Tests.Machines.Generations.Contains(machine.Build));

    [TestMethod]
    [DynamicData(nameof(Machines))]
    public void ItReadsAtMostHalfAsMuchAgain(string scenario, string build)
    {
        ReadLog plain = ReadLog.Of(Tests.Machines.Target(scenario, build), "!lockleak"),
            thorough = ReadLog.Of(Tests.Machines.Target(scenario, build), "!lockleak -check");

        Assert.IsLessThanOrEqualTo(1.5, (double)thorough.Reads.Count / plain.Reads.Count);
        Assert.IsLessThanOrEqualTo(1.5, (double)thorough.Bytes / plain.Bytes);
    }
}
