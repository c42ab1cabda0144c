using System.Text.Json.Nodes;
using KernelImages.Dump;
using KernelImages.Scenarios;

namespace LockLeak.Engine.Tests.DataModel;

/// <summary>
/// Objects of the data model say what the commands say, where that is hard; <see cref="ScenarioTests"/> asks the same of every scenario.
/// </summary>
[TestClass]
public sealed class SameFactsTests
{
    private const string HostileNames = "garbage-names";

    /// <summary>There the engine cannot even compare the contexts that objects have.</summary>
    [TestMethod]
    [DataRow(DumpFormat.Full)]
    [DataRow(DumpFormat.Triage)]
    public void WithoutSymbols(DumpFormat format)
    {
        using var debugger = new Debugger(
            Dumps.Of(Walkthrough.PushLock153.Name, format: format) with { Symbols = Path.GetDirectoryName(Dumps.Elsewhere("nothing"))! });

        SameFacts.Compare(debugger);
    }

    /// <summary>The sentences have semicolons, which other strings lose.</summary>
    [TestMethod]
    [DataRow("pushlock153")]
    [DataRow(HostileNames)]
    public void TheWholeJsonIsOneString(string scenario)
    {
        using var debugger = new Debugger(Dumps.Of(scenario));
        const string query = "@$lockreport()";

        Answer answer = debugger.Run($"dx -r0 {query}");

        StringAssert.StartsWith(answer.Output, query);
        Assert.AreEqual(WithoutCost(debugger.Run("!lockleak -json").Output),
            WithoutCost(answer.Output[query.Length..].TrimStart(' ', ':')));
    }

    [TestMethod]
    public void NamesThatLookLikeCommandsAreTextAndNothingElse()
    {
        using var debugger = new Debugger(Dumps.Of(HostileNames), "--dml");

        Answer threads = debugger.Run("dx -r2 @$lockgraph().Threads");

        Assert.AreEqual("", threads.Errors);
        StringAssert.Contains(threads.Output, "&lt;exec cmd=");
        Assert.IsFalse(threads.Output.Contains("<exec", StringComparison.Ordinal));
    }

    private static string WithoutCost(string json)
    {
        JsonNode report = JsonNode.Parse(json)!;
        report["cost"] = null;
        return report.ToJsonString();
    }
}
