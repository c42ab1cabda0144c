using System.Text.Json.Nodes;

namespace LockLeak.Engine.Tests;

/// <summary>The dumps that lockleak.exe is given: several, patterns, none, and such as cannot be read to the end.</summary>
[TestClass]
public sealed class HostDumpTests
{
    private static readonly Dump Walkthrough = Dumps.Of("pushlock153");

    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    public void SeveralDumpsHaveAnAnswerEach()
    {
        string missing = Dumps.Elsewhere("missing.dmp");
        string[] options = ["-y", $"{Walkthrough.Symbols};{Dumps.Of("clean").Symbols}"];
        Lockleak json = Lockleak.Run([Dumps.Of("clean").Path, missing, "-json", .. options, "-z", Walkthrough.Path]);
        JsonNode[] answers = [.. json.Output.TrimEnd('\n').Split('\n').Select(line => JsonNode.Parse(line)!)];
        CollectionAssert.AreEqual((string[])[Walkthrough.Path, Dumps.Of("clean").Path, missing],
            answers.Select(answer => answer["dump"]!["file"]!.GetValue<string>()).ToArray());
        CollectionAssert.AreEqual((int?[])[1, 0, null], answers.Select(answer => answer["findings"]?.AsArray().Count).ToArray());
        Assert.AreEqual(Lockleak.CouldNotRun, json.ExitCode);

        Lockleak text = Lockleak.Run([Dumps.Of("clean").Path, Walkthrough.Path, .. options]);
        StringAssert.StartsWith(text.Output, $"{Dumps.Of("clean").Path}:\nWindows ");
        StringAssert.Contains(text.Output, $"\n\n{Walkthrough.Path}:\nWindows ");
        Assert.AreEqual(Lockleak.Found, text.ExitCode);
    }

    [TestMethod]
    public void FileNamesMayBePatterns()
    {
        string folder = Path.GetDirectoryName(Dumps.Elsewhere("any"))!;
        foreach (string name in (string[])["b.dmp", "a.dmp", "c.txt"])
        {
            File.WriteAllText(Path.Combine(folder, name), "no dump");
        }

        Lockleak run = Lockleak.Run("-json", Path.Combine(folder, "*.dmp"));
        string[] files = [.. run.Output.TrimEnd('\n').Split('\n')
            .Select(line => JsonNode.Parse(line)!["dump"]!["file"]!.GetValue<string>())];
        CollectionAssert.AreEqual((string[])["a.dmp", "b.dmp"], files.Select(file => file.Split('/', '\\')[^1]).ToArray());
    }

    [TestMethod]
    public void BadInputIsOneLineAndExitCode2()
    {
        string noDump = Dumps.Elsewhere("no.dmp"), process = Dumps.Elsewhere("process.dmp"), missing = Dumps.Elsewhere("missing.dmp");
        File.WriteAllText(noDump, "This is no dump.");
        MiniDump.Write(process);
        foreach ((string[] arguments, string line) in ((string[], string)[])
        [
            ([], "lockleak: give either dumps or a live machine"),
            (["-z"], "lockleak: Required argument missing for option: '-z'."),
            (["-z", missing], $"lockleak: no such file: {missing}"),
            (["-z", noDump], $"lockleak: the debugger cannot open {noDump} as a crash dump"),
            (["-z", process], $"lockleak: {process} is not a kernel dump"),
            (["-x"], "lockleak: Unrecognized command or argument '-x'."),
        ])
        {
            Lockleak run = Lockleak.Run(arguments);
            TestContext.WriteLine(run.Errors);
            StringAssert.StartsWith(run.Errors, line);
            Assert.AreEqual(1, run.Errors.Count(letter => letter == '\n'), run.Errors);
            Assert.AreEqual("", run.Output);
            Assert.AreEqual(Lockleak.CouldNotRun, run.ExitCode, line);
        }
    }

    [TestMethod]
    public void DumpThatTakesTooLongIsGivenUp()
    {
        Lockleak run = Lockleak.On(Walkthrough, "--timeout", "1500ms", "-json", "-c", ".sleep 0n60000; !lockleak");
        JsonNode error = JsonNode.Parse(run.Output)!["error"]!;
        Assert.AreEqual("time-limit", error["code"]!.GetValue<string>());
        Assert.IsFalse(error["permanent"]!.GetValue<bool>());
        Assert.AreEqual($"lockleak: not done with {Walkthrough.Path} after 1.5 s (--timeout)", run.Complaints.TrimEnd());
        Assert.AreEqual(Lockleak.CouldNotRun, run.ExitCode);
    }

    [TestMethod]
    public void DumpThatBreaksOffIsSaidToLackItsKernel()
    {
        string cut = Dumps.Elsewhere("cut.dmp");
        File.WriteAllBytes(cut, File.ReadAllBytes(Walkthrough.Path)[..0x3000]);
        Lockleak run = Lockleak.On(Walkthrough with { Path = cut });
        string[] lines = run.Complaints.TrimEnd('\n').Split('\n');
        Assert.HasCount(2, lines, $"nothing of what the engine says meanwhile: {run.Errors}");
        Assert.AreEqual("lockleak: the dump file is cut off; data may be missing", lines[0]);
        StringAssert.StartsWith(lines[1], "lockleak: The kernel's types are not known");
        Assert.AreEqual(Lockleak.CouldNotRun, run.ExitCode);

        JsonNode error = JsonNode.Parse(Lockleak.On(Walkthrough with { Path = cut }, "-json").Output)!["error"]!;
        Assert.AreEqual("damaged-dump", error["code"]!.GetValue<string>());
        string message = error["message"]!.GetValue<string>();
        StringAssert.StartsWith(message, "the dump file is cut off: lockleak: The kernel's types are not known");
    }
}
