using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace LockLeak.Engine.Tests.DataModel;

/// <summary>Objects of the data model say what <c>!lockleak -a -json</c> says.</summary>
internal static partial class SameFacts
{
    /// <summary>Asks for both in one session, and compares.</summary>
    public static void Compare(Debugger debugger)
    {
        JsonObject report = JsonNode.Parse(debugger.Run("!lockleak -a -json").Output)!.AsObject();
        IReadOnlyList<JsonObject> locks = Records(report, "locks");

        Same(Records(report, "findings"), DxOutput.Ask(debugger, "@$lockgraph().Findings"));
        Same(Records(report, "chains"), DxOutput.Ask(debugger, "@$lockgraph().Chains"));
        Same(Records(report, "threads"), DxOutput.Ask(debugger, "@$lockgraph().Threads"));
        Same(locks, DxOutput.Ask(debugger, "@$lockgraph().Locks"));
        Same([.. locks.SelectMany(node => Records(node, "owners"))],
            DxOutput.Ask(debugger, "@$lockgraph().Locks.SelectMany(l => l.Owners)"));
        Same([.. locks.SelectMany(node => Records(node, "waiters"))],
            DxOutput.Ask(debugger, "@$lockgraph().Locks.SelectMany(l => l.Waiters)"));
        SameAddresses(report, "waiters",
            DxOutput.Ask(debugger, "@$lockgraph().Findings.SelectMany(f => f.Waiters.Select(w => new { Thread = w }))"));
        SameAddresses(report, "owners",
            DxOutput.Ask(debugger, "@$lockgraph().Findings.SelectMany(f => f.Owners.Select(w => new { Thread = w }))"));
        SameAddresses(report, "threads",
            DxOutput.Ask(debugger, "@$lockgraph().Findings.SelectMany(f => f.Threads.Select(w => new { Thread = w }))"));
    }

    private static IReadOnlyList<JsonObject> Records(JsonObject parent, string name) =>
        [.. parent[name]!.AsArray().Select(node => node!.AsObject())];

    private static void SameAddresses(JsonObject report, string name, IReadOnlyList<IReadOnlyDictionary<string, string>> shown) =>
        CollectionAssert.AreEqual(
        Records(report, "findings").SelectMany(finding => finding[name]!.AsArray().Select(thread => Number(thread!.GetValue<string>())))
            .ToList(),
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
                Assert.AreEqual((ulong)value.AsArray().Count,
                    shown == "none" ? 0 : Number(shown!.Split(' ')[0].Replace(",", "", StringComparison.Ordinal)), key);
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
