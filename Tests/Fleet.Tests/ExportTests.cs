using System.Text.Json.Nodes;
using LockLeak.Fleet.Store;
using Parquet.Serialization;

namespace LockLeak.Fleet.Tests;

/// <summary>The files that other tools read.</summary>
[TestClass]
[OSCondition(ConditionMode.Exclude, OperatingSystems.Windows)]
public sealed class ExportTests
{
    [TestMethod]
    public async Task BothFormatsHaveEveryResult()
    {
        using var sample = new SampleFleet();
        sample.Program.Run("export", sample.Path("reports.jsonl"));
        JsonNode[] lines = [.. File.ReadAllLines(sample.Path("reports.jsonl")).Select(line => JsonNode.Parse(line)!)];
        Assert.HasCount(4, lines, "Three reports, and one reason why there is none.");
        Assert.IsTrue(lines.All(line => line["report"]!["schema"]!.GetValue<string>() == "lockleak/1"));
        CollectionAssert.AreEquivalent((string[])["new.dmp", "odd.dmp", "old.dmp", "unreadable.dmp"],
            lines.Select(line => Path.GetFileName(line["paths"]![0]!.GetValue<string>())).ToArray());

        sample.Program.Run("export", sample.Path("findings.parquet"));
        await using FileStream file = File.OpenRead(sample.Path("findings.parquet"));
        FindingRow[] rows = [.. (await ParquetSerializer.DeserializeAsync<FindingRow>(file)).Data];
        CollectionAssert.AreEquivalent((string?[])["TestDriver", "testdriver", SampleFleet.Hostile],
            rows.Select(row => row.Module).ToArray());
        FindingRow row = rows.Single(row => row.Module == "TestDriver");
        Assert.AreEqual(("1.0", "FileMoveThread", "19045.1", "LAB-7", "leaked-entry"),
            (row.ModuleVersion, row.Function, row.Revision, row.Machine, row.Kind));
        Assert.AreEqual(new DateTime(2024, 1, 2, 3, 4, 5, DateTimeKind.Utc), row.StopTime);
        Assert.AreEqual("old.dmp", Path.GetFileName(row.Path));
    }

    [TestMethod]
    public void AFileThatCannotBeWrittenIsOneLine()
    {
        using var sample = new SampleFleet();
        string full = sample.Path("full.jsonl");
        File.CreateSymbolicLink(full, "/dev/full");
        // Nobody makes files in /proc, the administrator neither.
        foreach (string file in (string[])[full, "/proc/reports.jsonl", "/proc/findings.parquet"])
        {
            string printed = sample.Program.RunBadly("export", file);
            Assert.StartsWith("lockleak-fleet: ", printed);
            Assert.DoesNotContain("\n", printed);
        }
    }
}
