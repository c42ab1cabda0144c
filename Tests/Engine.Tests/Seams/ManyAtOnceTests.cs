using System.Text.Json.Nodes;

namespace LockLeak.Engine.Tests.Seams;

/// <summary>Several lockleak.exe at the same time, as on a machine that triages a folder of dumps.</summary>
[TestClass]
public sealed class ManyAtOnceTests
{
    private const int Limit = 300_000;

    private static readonly string[] Scenarios = ["pushlock153", "deadlock3", "all-kinds", "clean"];

    [TestMethod, Timeout(Limit, CooperativeCancellation = true)]
    public async Task EachGivesTheAnswerThatItGivesAlone()
    {
        string[] alone = [.. Scenarios.Select(Ask)];

        string[] together = await Task.WhenAll(Scenarios.Concat(Scenarios).Select(scenario => Task.Run(() => Ask(scenario))));

        CollectionAssert.AreEqual(alone.Concat(alone).ToArray(), together);
    }

    /// <summary>All of them fetch the same two PDBs into one cache.</summary>
    [TestMethod, Timeout(Limit, CooperativeCancellation = true)]
    public async Task OneCacheOfSymbolsServesThemAll()
    {
        Dump dump = Dumps.Of("pushlock153");
        using var server = SymbolServer.Of(dump);
        string cache = Path.GetDirectoryName(Dumps.Elsewhere("x"))!;

        string path = $"srv*{cache}*{server.Address}";

        var all = Enumerable.Range(0, 4).Select(_ => Task.Run(() => Lockleak.Run(dump.Path, "-json", "-y", path)));
        Lockleak[] runs = await Task.WhenAll(all);

        foreach (Lockleak run in runs)
        {
            Assert.AreEqual("pdb", JsonNode.Parse(run.Output)!["target"]!["layout"]!.GetValue<string>(), run.Output + run.Errors);
        }

        IEnumerable<string?> files = Directory.EnumerateFiles(cache, "*", SearchOption.AllDirectories).Select(Path.GetFileName);
        CollectionAssert.AreEquivalent((string[])["TestDriver.pdb", "ntkrnlmp.pdb"], files.ToArray(), "nothing else is left");
    }

    private static string Ask(string scenario)
    {
        JsonObject report = JsonNode.Parse(Lockleak.On(Dumps.Of(scenario), "-json").Output)!.AsObject();
        report.Remove("cost");
        return report.ToJsonString();
    }
}
