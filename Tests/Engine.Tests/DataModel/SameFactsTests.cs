using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using KernelImages.Dump;
using KernelImages.Layouts;
using KernelImages.Scenarios;

namespace LockLeak.Engine.Tests.DataModel;

/// <summary>Objects of the data model say what the commands say, on every machine that the tests know.</summary>
[TestClass]
public sealed partial class SameFactsTests
{
    // A name that was made to look like output would be taken for it here.
    private const string HostileNames = "garbage-names";

    public static IEnumerable<object[]> Scenarios => ScenarioLibrary.All.Where(scenario => scenario.Name != HostileNames).Select(scenario => new object[] { scenario.Name });

    public static IEnumerable<object[]> Builds => KernelTypes.Builds.Select(build => new object[] { build });

    [TestMethod]
    [DynamicData(nameof(Scenarios))]
    public void OfEveryScenario(string scenario) => Compare(Dumps.Of(scenario, KernelTypes.UsualFor(ScenarioLibrary.Find(scenario))));

    [TestMethod]
    [DynamicData(nameof(Builds))]
    public void OfEveryBuild(string build) => Compare(Dumps.Of(Walkthrough.PushLock153.Name, build));

    /// <summary>There the engine cannot even compare the contexts that objects have.</summary>
    [TestMethod]
    [DataRow(DumpFormat.Full)]
    [DataRow(DumpFormat.Triage)]
    public void WithoutSymbols(DumpFormat format) =>
        Compare(Dumps.Of(Walkthrough.PushLock153.Name, format: format) with { Symbols = Path.GetDirectoryName(Dumps.Elsewhere("nothing"))! });

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
        Assert.AreEqual(WithoutCost(debugger.Run("!lockleak -json").Output), WithoutCost(answer.Output[query.Length..].TrimStart(' ', ':')));
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

    private static void Compare(Dump dump)
    {
        using var debugger = new Debugger(dump);
        JsonObject report = JsonNode.Parse(debugger.Run("!lockleak -a -json").Output)!.AsObject();
        IReadOnlyList<JsonObject> locks = Records(report, "locks");

        Same(Records(report, "findings"), DxOutput.Ask(debugger, "@$lockgraph().Findings"));
        Same(Records(report, "chains"), DxOutput.Ask(debugger, "@$lockgraph().Chains"));
        Same(Records(report, "threads"), DxOutput.Ask(debugger, "@$lockgraph().Threads"));
        Same(locks, DxOutput.Ask(debugger, "@$lockgraph().Locks"));
        Same([.. locks.SelectMany(node => Records(node, "owners"))], DxOutput.Ask(debugger, "@$lockgraph().Locks.SelectMany(l => l.Owners)"));
        Same([.. locks.SelectMany(node => Records(node, "waiters"))], DxOutput.Ask(debugger, "@$lockgraph().Locks.SelectMany(l => l.Waiters)"));
        SameAddresses(report, "waiters", DxOutput.Ask(debugger, "@$lockgraph().Findings.SelectMany(f => f.Waiters.Select(w => new { Thread = w }))"));
        SameAddresses(report, "owners", DxOutput.Ask(debugger, "@$lockgraph().Findings.SelectMany(f => f.Owners.Select(w => new { Thread = w }))"));
        SameAddresses(report, "threads", DxOutput.Ask(debugger, "@$lockgraph().Findings.SelectMany(f => f.Threads.Select(w => new { Thread = w }))"));
    }

    private static IReadOnlyList<JsonObject> Records(JsonObject parent, string name) => [.. parent[name]!.AsArray().Select(node => node!.AsObject())];

    private static void SameAddresses(JsonObject report, string name, IReadOnlyList<IReadOnlyDictionary<string, string>> shown) => CollectionAssert.AreEqual(
        Records(report, "findings").SelectMany(finding => finding[name]!.AsArray().Select(thread => Number(thread!.GetValue<string>()))).ToList(),
        shown.Select(element => Number(element["Thread"])).ToList(),
        name);

    private static void Same(IReadOnlyList<JsonObject> records, IReadOnlyList<IReadOnlyDictionary<string, string>> shown)
    {
        Assert.HasCount(records.Count, shown);
        foreach ((JsonObject record, IReadOnlyDictionary<string, string> element) in records.Zip(shown))
        {
            foreach ((string name, JsonNode? value) in record)
            {
                // Stacks are there, but only when they are asked for by name; the commands walk them only for threads that they tell of.
                if (name is not ("source" or "stack") && (name, value) is not ("at", null))
                {
                    Same(char.ToUpperInvariant(name[0]) + name[1..], value, element);
                }
            }
        }
    }

    private static void Same(string key, JsonNode? value, IReadOnlyDictionary<string, string> element)
    {
        string? shown = element.GetValueOrDefault(key);
        if (value is not null)
        {
            Assert.IsNotNull(shown, $"no key {key} among {string.Join(", ", element.Keys)}");
        }

        switch (value?.GetValueKind())
        {
            case null:
                Assert.Contains(shown, ["", "-1", "0x0", null], key);
                break;
            case System.Text.Json.JsonValueKind.Array:
                Assert.AreEqual((ulong)value.AsArray().Count, shown == "none" ? 0 : Number(shown!.Split(' ')[0].Replace(",", "", StringComparison.Ordinal)), key);
                break;
            case System.Text.Json.JsonValueKind.Number:
                Assert.AreEqual((ulong)value.GetValue<long>(), Number(shown!), key);
                break;
            case System.Text.Json.JsonValueKind.String when value.GetValue<string>() is ['0', 'x', ..] address:
                Assert.AreEqual(Number(address), Number(shown!), key);
                break;
            case System.Text.Json.JsonValueKind.Object:
                Assert.AreEqual(value["words"]!.GetValue<string>().Replace(';', ','), shown, key);
                break;
            case System.Text.Json.JsonValueKind.String:
                Assert.AreEqual(Printable(value.GetValue<string>().Replace(';', ',').TrimEnd()), Printable(shown!), key);
                break;
            default:
                Assert.AreEqual(value.ToString(), shown, key);
                break;
        }
    }

    // dx shows dots for characters that it takes for unprintable.
    private static string Printable(string text) => Unprintable().Replace(text, ".");

    [GeneratedRegex("[^ -~]")]
    private static partial Regex Unprintable();

    // "0x1c4", "-1", "0xffffc78839108040 : owns push lock ..."
    private static ulong Number(string text)
    {
        string number = text.Split(' ')[0];
        return number.StartsWith("0x", StringComparison.Ordinal)
            ? ulong.Parse(number.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)
            : (ulong)long.Parse(number, CultureInfo.InvariantCulture);
    }
}
