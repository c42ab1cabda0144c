using System.Text.Json.Nodes;

namespace LockLeak.Engine.Tests;

/// <summary><c>lockleak --selftest</c>: every dump of a folder is asked what it says of the tool.</summary>
[TestClass]
public sealed class SelfTestTests
{
    [TestMethod]
    public void EveryDumpOfAFolderIsAnswered()
    {
        string folder = FolderWith("pushlock153", "deadlock3");
        File.WriteAllText(Path.Combine(folder, "no dump.dmp"), "this is none");
        File.WriteAllText(Path.Combine(folder, "notes.txt"), "nobody asks this");

        Lockleak run = Run(folder, "-json");

        JsonNode report = JsonNode.Parse(run.Output)!;
        Assert.AreEqual("selftest", report["command"]!.GetValue<string>());
        JsonNode[] dumps = [.. report["dumps"]!.AsArray()!];
        Assert.AreEqual("deadlock3.dmp, no dump.dmp, within/pushlock153.dmp",
            string.Join(", ", dumps.Select(dump => dump["file"]!.GetValue<string>().Replace('\\', '/'))));
        Assert.AreEqual("deadlock", dumps[0]["findings"]![0]!.GetValue<string>());
        Assert.AreEqual("not-a-dump", dumps[1]["error"]!["code"]!.GetValue<string>());
        Assert.AreEqual("leaked-entry", dumps[2]["findings"]![0]!.GetValue<string>());
        Assert.IsTrue(dumps.Where(dump => dump["error"] is null)
            .All(dump => dump["made"]!.GetValue<int>() > 20 && dump["broken"]!.AsArray().Count == 0), run.Output);
        Assert.AreEqual("2 1 0 0", $"{report["answered"]} {report["leftOut"]} {report["disagreed"]} {report["broken"]}");
        Assert.AreEqual(0, run.ExitCode, "findings are no disagreements");
    }

    [TestMethod]
    public void ADisagreementIsToldWithTheFieldsBehindIt()
    {
        Lockleak run = Run(FolderWith("garbage-counts"));

        StringAssert.Contains(run.Output, "    DISAGREES  active-threads: System (4) says that it has 4294967295 active threads");
        StringAssert.Contains(run.Output, "Suspect: _EPROCESS.ActiveThreads");
        StringAssert.Contains(run.Output, "1 dumps: 1 answered, 0 left out, 0 failed. 1 of ");
        Assert.AreEqual(1, run.ExitCode);
    }

    [TestMethod]
    public void AFolderWithoutDumpsIsAnError()
    {
        string folder = Path.GetDirectoryName(Dumps.Elsewhere("nothing"))!;
        Lockleak empty = Run(folder), none = Run(Path.Combine(folder, "nowhere")), both = Run(folder, "a.dmp");

        StringAssert.Contains(empty.Complaints, "is named *.dmp");
        StringAssert.Contains(none.Complaints, "no such folder: ");
        StringAssert.Contains(both.Complaints, "--selftest goes with none of dumps, -k, -c and --script");
        Assert.AreEqual("2 2 2", $"{empty.ExitCode} {none.ExitCode} {both.ExitCode}");
    }

    /// <summary>A folder with dumps of scenarios, the first in a folder within it.</summary>
    private static string FolderWith(params string[] scenarios)
    {
        string folder = Path.GetDirectoryName(Dumps.Elsewhere("dumps"))!,
            within = Directory.CreateDirectory(Path.Combine(folder, "within")).FullName;
        foreach ((int index, string scenario) in scenarios.Index())
        {
            File.Copy(Dumps.Of(scenario).Path, Path.Combine(index == 0 ? within : folder, scenario + ".dmp"));
        }

        return folder;
    }

    private static Lockleak Run(string folder, params string[] options)
    {
        string symbols = Dumps.Of("pushlock153").Symbols;
        return Lockleak.Run(["--selftest", Lockleak.PathForWindows(folder), "-y", Lockleak.PathForWindows(symbols), "-i",
            Lockleak.PathForWindows(symbols), .. options]);
    }
}
