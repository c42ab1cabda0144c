using System.Text.Json.Nodes;
using KernelImages;
using LockLeak.Build;
using LockLeak.Kernel;
using LockLeak.Target;

namespace LockLeak.Tests.Reports;

/// <summary>The JSON is what docs/lockleak-1.schema.json and docs/json.md say it is.</summary>
[TestClass]
public sealed class JsonSchemaTests
{
    private const string Build = "22621";

    public static IEnumerable<(string Scenario, string Build)> Machines =>
        Tests.Machines.All.Where(machine =>
        Tests.Machines.Generations.Contains(machine.Build) && machine.Scenario is not ("busy" or "idle"));

    [TestMethod]
    [DynamicData(nameof(Machines))]
    public void EveryReportIsValid(string scenario, string build)
    {
        InMemoryTarget target = Tests.Machines.Target(scenario, build);
        string[] lines =
        [
            "!lockleak -a -v -json", $"!threadlocks {Address.Text(target.Kernel.Threads[^1].Address)} -v -json",
            // To look at a report takes longer than to make it, so what shows less than those two is looked at on one build.
            .. build == Build ? (string[])["!lockleak -json", "!threadlocks -a -json", "!threadlocks -s -json"] : [],
            .. target.Kernel.Scenario.Locks.Select(item => target.Kernel.Lock(item.Name)).Where(KernelMemory.IsKernelAddress).Take(2)
                .Select(address => $"!pushlock {address:x} -json"),
        ];
        foreach (string line in lines)
        {
            Answer answer = Session.Run(target, line);
            if (answer.Result.Status == CommandResult.Ok)
            {
                Assert.AreEqual("", ReportSchema.Errors(answer.Output), $"{line}: {answer.Output}");
                Assert.AreEqual(answer.Output.Length - 1, answer.Output.IndexOf('\n'), "one object on one line");
            }
        }
    }

    [TestMethod]
    [DataRow("\"schema\":\"lockleak/1\"", "\"schema\":\"lockleak/2\"")]
    [DataRow("\"command\":\"lockleak\"", "\"command\":\"nonsense\"")]
    [DataRow("\"certainty\":\"certain\"", "\"certainty\":\"perhaps\"")]
    [DataRow("\"kind\":\"leaked-entry\"", "\"kind\":\"leak\"")]
    [DataRow("\"0xffffc7883a0f6f70\"", "\"0xFFFFC7883A0F6F70\"")]
    [DataRow("\"0xffffc7883a0f6f70\"", "\"ffffc788`3a0f6f70\"")]
    [DataRow("\"complete\":true", "\"complete\":\"yes\"")]
    [DataRow("\"blocked\":1", "\"blocked\":-1")]
    [DataRow("\"notes\":[]", "\"notes\":[1]")]
    [DataRow("\"notes\":[]", "\"notes\":[],\"undocumented\":1")]
    public void AWrongValueIsRefused(string right, string wrong)
    {
        string json = Session.Run(Tests.Machines.Target("pushlock153"), "!lockleak -json").Output;
        StringAssert.Contains(json, right);
        Assert.AreNotEqual("", ReportSchema.Errors(json.Replace(right, wrong, StringComparison.Ordinal)));
    }

    [TestMethod]
    public void OfAThreadThatCannotBeReadOnlyTheAddressIsTold()
    {
        const ulong owner = 0xffffc788_39108040;
        InMemoryTarget target = Tests.Machines.Target("pushlock153");
        target.Unreadable.Add((owner, owner + 0x900));
        string json = Session.Run(target, "!lockleak -json").Output;

        Assert.AreEqual("", ReportSchema.Errors(json));
        JsonNode report = JsonNode.Parse(json)!;
        JsonObject thread = report["threads"]!.AsArray()
            .Single(thread => thread!["thread"]!.GetValue<string>() == $"0x{owner:x}")!.AsObject();
        Assert.AreEqual("thread entries holds stack",
            string.Join(' ', thread.Where(property => property.Value is not null).Select(property => property.Key)));
        Assert.Contains(
            "No thread can be read at ffffc788`39108040: it is gone, paged out or not in the dump.",
            report["notes"]!.AsArray().Select(note => note!.GetValue<string>()));
        StringAssert.Contains(Session.Run(target, "!lockleak").Output, "thread  ffffc788`39108040  cannot be read\n");
    }

    [TestMethod]
    public void TheDocumentNamesEveryPropertyAndEveryValue()
    {
        string document = File.ReadAllText(Repository.Path("docs/json.md"));
        foreach ((string name, JsonNode? definition) in ReportSchema.Published["$defs"]!.AsObject())
        {
            foreach ((string property, JsonNode? _) in definition!["properties"] as JsonObject ?? [])
            {
                StringAssert.Contains(document, $"`{property}`", $"{name}.{property}");
            }

            foreach (string word in Words(definition))
            {
                Assert.IsTrue(document.Contains($"`{word}`", StringComparison.Ordinal) || document.Contains($"`\"{word}\"`",
                    StringComparison.Ordinal), $"{name}: {word}");
            }
        }
    }

    /// <summary>The words that a part of the schema allows, wherever in it.</summary>
    private static IEnumerable<string> Words(JsonNode? part) => part switch
    {
        JsonArray items => items.SelectMany(Words),
        JsonObject keywords =>
        [
            .. (keywords["enum"] as JsonArray ?? []).Append(keywords["const"]).Select(word => word?.GetValue<string>()).Present(),
            .. keywords.SelectMany(keyword => Words(keyword.Value)),
        ],
        _ => [],
    };
}
