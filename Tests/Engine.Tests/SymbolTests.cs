using System.Diagnostics;
using System.Text.Json.Nodes;
using KernelImages.Dump;

namespace LockLeak.Engine.Tests;

/// <summary>Symbols come from the server that the path names, into the folder that it names; what does not come is said.</summary>
[TestClass]
public sealed class SymbolTests
{
    private static readonly Dump Walkthrough = Dumps.Of("pushlock153");

    [TestMethod]
    [DataRow("srv*CACHE*URL")]
    [DataRow("SRV*CACHE*URL/")]
    [DataRow("symsrv*symsrv.dll*CACHE*URL")]
    [DataRow("cache*CACHE;srv*URL")]
    [DataRow("EMPTY;srv*CACHE*DEAD;srv*CACHE*URL")]
    public void PathNamesServerAndCache(string path)
    {
        using var server = SymbolServer.Of(Walkthrough);
        string cache = Folder();
        path = path.Replace("CACHE", cache).Replace("URL", server.Address).Replace("EMPTY", Folder()).Replace("DEAD", "http://127.0.0.1:1");

        Lockleak run = Lockleak.Run(Walkthrough.Path, "-y", path);

        StringAssert.Contains(run.Output, "started TestDriver!FileMoveThread");
        StringAssert.Contains(run.Output, "Types: PDB.");
        Assert.DoesNotContain("No symbols", run.Output);
        CollectionAssert.AreEquivalent((string[])["TestDriver.pdb", "ntkrnlmp.pdb"], Files(cache).Select(Path.GetFileName).ToArray());
        Assert.HasCount(2, server.Requests);

        server.Requests.Clear();
        Assert.AreEqual("pdb", Layout(Lockleak.Run(Walkthrough.Path, "-json", "-y", path)));
        Assert.IsEmpty(server.Requests, "the cache has them");
    }

    [TestMethod]
    public void VariableNamesTheServer()
    {
        using var server = SymbolServer.Of(Walkthrough);
        ProcessStartInfo start = Lockleak.Start([Walkthrough.Path, "-json"]);
        start.Environment["_NT_SYMBOL_PATH"] = $"srv*{Folder()}*{server.Address}";
        Assert.AreEqual("pdb", Layout(Lockleak.Run(start)));
    }

    [TestMethod]
    public void FolderMayBeLaidOutLikeAServer()
    {
        using var server = SymbolServer.Of(Walkthrough);
        string cache = Folder();
        Lockleak.Run(Walkthrough.Path, "-y", $"srv*{cache}*{server.Address}");
        Assert.AreEqual("pdb", Layout(Lockleak.Run(Walkthrough.Path, "-json", "-y", $"srv*{cache}")));
    }

    /// <summary>
    /// A real small dump has no image that says which PDB is its own: the server has the image, too. (Here the engine sees the spoilt
    /// record first, and stays with it.)
    /// </summary>
    [TestMethod]
    public void KernelsImageIsFetchedForTheNameOfItsPdb()
    {
        string dump = Dumps.Elsewhere("without-record.dmp"), cache = Folder();
        byte[] bytes = File.ReadAllBytes(Walkthrough.Path);
        Assert.IsGreaterThan(0, Replace(bytes, "RSDS"u8, "XXXX"u8), "or this tests nothing");
        File.WriteAllBytes(dump, bytes);
        using var server = SymbolServer.Of(Dumps.Of("pushlock153", format: DumpFormat.Triage), ("ntoskrnl.exe", "ntkrnlmp.exe"));

        Lockleak.Run(dump, "-json", "-y", $"srv*{cache}*{server.Address}");
        string[] asked = [.. server.Requests.Select(request => request.Split('/')[^1]).Take(2)];
        CollectionAssert.AreEqual((string[])["ntoskrnl.exe", "ntkrnlmp.pdb"], asked);
        CollectionAssert.IsSubsetOf(asked, Files(cache).Select(Path.GetFileName).ToArray());
    }

    [TestMethod]
    public void WhatTheServerDoesNotHaveIsSaid()
    {
        using var server = new SymbolServer(_ => (404, []));
        string path = $"srv*{Folder()}*{server.Address}";
        Lockleak run = Lockleak.Run(Walkthrough.Path, "-y", path);
        StringAssert.Contains(run.Output, "LEAKED  Thread ffffc788`39108040");
        StringAssert.Matches(run.Output,
            new(@"\nNo symbols for nt \(ntkrnlmp\.pdb [0-9A-F]{33}\), " +
                $@"TestDriver \(TestDriver\.pdb [0-9A-F]{{33}}\): not on {server.Address}\.\n"));

        JsonArray missing = JsonNode.Parse(Lockleak.Run(Walkthrough.Path, "-json", "-y", path).Output)!["missingSymbols"]!.AsArray();
        CollectionAssert.AreEqual((string[])["nt", "TestDriver"], missing.Select(pdb => pdb!["module"]!.GetValue<string>()).ToArray());
        Assert.AreEqual($"not on {server.Address}", missing[0]!["reason"]!.GetValue<string>());
    }

    [TestMethod]
    public void ReportThatACommandWasAskedForStandsAlone()
    {
        using var server = new SymbolServer(_ => (404, []));

        Lockleak run = Lockleak.Run(Walkthrough.Path, "-y", $"srv*{Folder()}*{server.Address}", "-c", "!lockleak -json");

        Assert.AreEqual("lockleak", JsonNode.Parse(run.Output)!["command"]!.GetValue<string>());
        StringAssert.Contains(run.Errors, "No symbols for nt (ntkrnlmp.pdb");
    }

    [TestMethod]
    public void PageThatIsNoPdbIsNotKept()
    {
        using var server = new SymbolServer(_ => (200, "<html>Please sign in</html>"u8.ToArray()));
        string cache = Folder();
        StringAssert.Contains(Lockleak.Run(Walkthrough.Path, "-y", $"srv*{cache}*{server.Address}").Output,
            $": what {server.Address} sends is no such file.");
        Assert.IsEmpty(Files(cache));
    }

    [TestMethod]
    [DataRow("http://127.0.0.1:1")]
    [DataRow(null)]
    public void ServerThatDoesNotAnswerCostsSeconds(string? address)
    {
        using var silent = new SymbolServer(_ => { Thread.Sleep(60_000); return (404, []); });
        address ??= silent.Address;
        var clock = Stopwatch.StartNew();
        Lockleak run = Lockleak.Run(Walkthrough.Path, "-y", $"srv*{Folder()}*{address}");
        StringAssert.Contains(run.Output, $": {address} does not answer.");
        Assert.IsLessThan(50, clock.Elapsed.TotalSeconds);
    }

    /// <summary>A stranger's dump: the driver's record names a PDB on another machine.</summary>
    [TestMethod]
    public void ServerThatTheDumpNamesIsNotAsked()
    {
        using var server = new SymbolServer(_ => (404, []));
        string dump = Dumps.Elsewhere("named.dmp");
        byte[] bytes = File.ReadAllBytes(Walkthrough.Path);
        Assert.IsGreaterThan(0, Replace(bytes, "TestDriver.pdb\0"u8, "\\\\x.y\\a\\T.pdb\0"u8), "or this tests nothing");
        File.WriteAllBytes(dump, bytes);

        Lockleak run = Lockleak.Run(dump, "-y", $"srv*{Folder()}*{server.Address}", "-v", "-c", "!sym noisy", "-c", "!lockleak", "-c",
            ".symopt");

        Assert.DoesNotContain(@"\\x.y\a", run.Output + run.Errors);
        StringAssert.Contains(run.Output, "SYMOPT_IGNORE_CVREC");
        Assert.IsTrue(server.Requests.All(request =>
            request.StartsWith("/T.pdb/", StringComparison.Ordinal) || request.StartsWith("/ntkrnlmp.", StringComparison.Ordinal)),
            string.Join('\n', server.Requests));
    }

    private static int Replace(byte[] bytes, ReadOnlySpan<byte> what, ReadOnlySpan<byte> with)
    {
        int times = 0;
        for (int place = 0; bytes.AsSpan(place).IndexOf(what) is >= 0 and var next; place += next + what.Length, times++)
        {
            with.CopyTo(bytes.AsSpan(place + next));
        }

        return times;
    }

    private static string Folder() => Path.GetDirectoryName(Dumps.Elsewhere("any"))!;

    private static string[] Files(string folder) => Directory.GetFiles(folder, "*", SearchOption.AllDirectories);

    private static string Layout(Lockleak run) => JsonNode.Parse(run.Output)!["target"]!["layout"]!.GetValue<string>();
}
