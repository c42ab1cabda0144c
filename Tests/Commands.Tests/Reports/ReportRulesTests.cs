using System.Text.Json;
using System.Text.Json.Nodes;
using LockLeak.Host;

namespace LockLeak.Tests.Reports;

/// <summary>
/// The rules that <c>lockleak --selftest</c> holds reports to: every report of the scenarios keeps them, and a report that contradicts
/// itself is caught.
/// </summary>
[TestClass]
public sealed class ReportRulesTests
{
    public static IEnumerable<(string Scenario, string Build)> Machines => Tests.Machines.All;

    [TestMethod]
    [DynamicData(nameof(Machines))]
    public void EveryReportKeepsThem(string scenario, string build)
    {
        foreach (string line in (string[])["!lockleak -check -json", "!lockleak -a -json"])
        {
            Assert.AreEqual("", string.Join('\n', ReportRules.Broken(Session.Run(Tests.Machines.Target(scenario, build), line).Json)));
        }
    }

    [TestMethod]
    [DataRow("threads", "which is not among the threads")]
    [DataRow("locks", "which is not among the locks")]
    public void WhatAFindingNamesIsThere(string list, string broken) =>
        AssertBroken("deadlock3", report => report[list]!.AsArray().Clear(), broken);

    [TestMethod]
    public void NothingIsThereTwice() =>
        AssertBroken("deadlock3", report => report["threads"]!.AsArray().Add(report["threads"]![0]!.DeepClone()),
        "is twice among the threads");

    [TestMethod]
    public void ADeadlockIsACircle() =>
        AssertBroken("deadlock3", report => report["locks"]![0]!["owners"]!.AsArray().Clear(), "is no owner of lock");

    [TestMethod]
    public void TheThreadsOfAChainWait() =>
        AssertBroken("chain", report => report["locks"]![0]!["waiters"]!.AsArray().Clear(), "is no waiter of lock");

    [TestMethod]
    public void ALeakIsOfAThreadThatHasEnded() => AssertBroken(
        "terminated", report => report["threads"]!.AsArray().ToList().ForEach(thread => thread!["terminated"] = false), "has not ended");

    [TestMethod]
    public void NumbersAddUp() => AssertBroken("deadlock3", report => report["checks"]![0]!["made"] = 12345, "do not add up");

    [TestMethod]
    public void WhatIsNotCompleteSaysWhy() => AssertBroken("deadlock3", report => report["complete"] = false, "no note says why");

    private static void AssertBroken(string scenario, Action<JsonNode> damage, string broken)
    {
        JsonNode report = JsonNode.Parse(Session.Run(Tests.Machines.Target(scenario), "!lockleak -check -json").Output)!;
        damage(report);

        StringAssert.Contains(string.Join('\n', ReportRules.Broken(JsonDocument.Parse(report.ToJsonString()).RootElement)), broken);
    }
}
