using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using LockLeak.Build;

namespace LockLeak.Engine.Tests;

/// <summary>lockleak.exe as a program: what it writes where, and its exit code.</summary>
[TestClass]
public sealed partial class HostTests
{
    private const int NothingFound = 0, Found = 1, CouldNotRun = 2;

    private static readonly Dump Walkthrough = Dumps.Of("pushlock153");

    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    public void AnswersTheQuestionWithoutBeingToldTo()
    {
        Lockleak run = Lockleak.On(Walkthrough);
        StringAssert.Contains(run.Output, "\nBug check 0x153 KERNEL_LOCK_ENTRY_LEAKED_ON_THREAD_TERMINATION");
        StringAssert.Contains(run.Output, "LEAKED  Thread ffffc788`39108040");
        Assert.AreEqual("", run.Complaints);
        Assert.AreEqual(Found, run.ExitCode);
    }

    [TestMethod]
    public void TheReadmeShowsWhatTheSampleAnswers()
    {
        string readme = File.ReadAllText(Repository.Path("README.md")).ReplaceLineEndings("\n");
        string shown = Regex.Match(readme, @"```\n3: kd> !lockleak\n(.*?)```", RegexOptions.Singleline).Groups[1].Value;
        Assert.AreEqual(Seconds().Replace(shown, "?"), Seconds().Replace(Lockleak.On(Walkthrough).Output.TrimEnd('\n') + "\n", "?"));
    }

    [TestMethod]
    public void ExitCodeSaysThatNothingWasFound()
    {
        Lockleak run = Lockleak.On(Dumps.Of("clean"));
        StringAssert.Contains(run.Output, "\nNothing leaked");
        Assert.AreEqual(NothingFound, run.ExitCode);
    }

    [TestMethod]
    public void JsonIsOneLineAndNothingElse()
    {
        Lockleak run = Lockleak.On(Walkthrough, "-json");
        Assert.AreEqual(1, run.Output.Count(letter => letter == '\n'), run.Output);
        Assert.AreEqual("lockleak/1", JsonNode.Parse(run.Output)!["schema"]!.GetValue<string>());
        Assert.AreEqual(Found, run.ExitCode);
    }

    [TestMethod]
    public void JsonSaysWhichDumpItIsAbout()
    {
        JsonNode dump = JsonNode.Parse(Lockleak.On(Walkthrough, "-json", "--sha256").Output)!["dump"]!;
        Assert.AreEqual(Walkthrough.Path, dump["file"]!.GetValue<string>());
        Assert.AreEqual(new FileInfo(Walkthrough.Path).Length, dump["bytes"]!.GetValue<long>());
        Assert.AreEqual(Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Walkthrough.Path))), dump["sha256"]!.GetValue<string>());
        Assert.IsNull(JsonNode.Parse(Lockleak.On(Walkthrough, "-json").Output)!["dump"]!["sha256"], "nobody asked for it");
    }

    /// <summary>
    /// The engine says "Invalid thread @ ..." when it is shown an owner that is no thread, on the line that the answer begins on.
    /// </summary>
    [TestMethod]
    public void WhatTheEngineSaysOfItselfDoesNotComeBeforeTheJson()
    {
        Lockleak run = Lockleak.On(Walkthrough, "-json", "-c", "!threadlocks 7; .thread 7; !lockleak");
        string[] lines = run.Output.TrimEnd('\n').Split('\n');
        TestContext.WriteLine(run.Errors);
        Assert.IsTrue(lines.All(line => JsonNode.Parse(line)!["schema"]!.GetValue<string>() == "lockleak/1"), run.Output);
        Assert.Contains("\"findings\"", run.Output);
    }

    [TestMethod]
    public void CommandsRunInOrderAndTheWorstEndingCounts()
    {
        Lockleak run = Lockleak.On(Walkthrough, "-c", "!lockleak", "-c", ".echo and then", "-c", "!pushlock ffffc788`3a0f6f70");
        int[] places = [run.Output.IndexOf("LEAKED", StringComparison.Ordinal), run.Output.IndexOf("and then", StringComparison.Ordinal),
            run.Output.IndexOf("Push lock", StringComparison.Ordinal)];
        CollectionAssert.AreEqual(places.Order().ToArray(), places, run.Output);
        Assert.IsGreaterThanOrEqualTo(0, places[0], run.Output);
        Assert.AreEqual(Found, run.ExitCode);
    }

    [TestMethod]
    [DataRow("!lockleak -nonsense", "lockleak: Unknown option -nonsense.")]
    [DataRow("!pushlock nosuch!symbol", "pushlock: Cannot evaluate 'nosuch!symbol'.")]
    [DataRow("nosuchcommand", "Syntax error in 'nosuchcommand'")]
    public void FailedCommandSaysWhyOnStandardError(string command, string why)
    {
        Lockleak run = Lockleak.On(Walkthrough, "-c", command);
        StringAssert.Contains(run.Errors, why);
        Assert.AreEqual("", run.Output);
        Assert.AreEqual(CouldNotRun, run.ExitCode);
    }

    [TestMethod]
    [DataRow("!pushlock nosuch!symbol; !lockleak", CouldNotRun)]
    [DataRow("!lockleak; !pushlock nosuch!symbol; !lockhelp", CouldNotRun)]
    [DataRow("nosuchcommand; !lockleak", CouldNotRun)]
    [DataRow("!lockleak; !lockhelp", Found)]
    [DataRow("!lockhelp; !lockleak", Found)]
    public void WorstEndingOfACommandLineCounts(string commands, int exitCode)
    {
        Lockleak run = Lockleak.On(Walkthrough, "-c", commands);
        Assert.AreEqual(exitCode, run.ExitCode, run.Errors);
        Assert.AreEqual(exitCode == CouldNotRun, run.Errors.Contains("nosuch", StringComparison.Ordinal), run.Errors);
    }

    [TestMethod]
    public void MissingSymbolsAreNoReasonToGiveUp()
    {
        Lockleak run = Lockleak.Run("-z", Walkthrough.Path, "-y", Path.GetDirectoryName(Dumps.Elsewhere("x"))!);
        StringAssert.Contains(run.Output, "LEAKED  Thread ffffc788`39108040", $"exit code {run.ExitCode}: {run.Errors}");
        StringAssert.Contains(run.Output, "Types: built-in (22621).");
        StringAssert.Matches(run.Output,
            new Regex(
                @"^No symbols for nt \(ntkrnlmp\.pdb [0-9A-F]{33}\), " +
                @"TestDriver \(TestDriver\.pdb [0-9A-F]{33}\): no symbol server in the path ",
                RegexOptions.Multiline));
        Assert.AreEqual("", run.Complaints);
        Assert.AreEqual(Found, run.ExitCode);
    }

    [TestMethod]
    public void VerboseShowsWhichEngineItIs()
    {
        Lockleak run = Lockleak.On(Walkthrough, "-v");
        StringAssert.Contains(run.Errors, "Microsoft (R) Windows Debugger Version 10.0.");
        StringAssert.Contains(run.Output, "\nBug check");
    }

    [TestMethod]
    public void HelpListsTheOptions()
    {
        Lockleak run = Lockleak.Run("-h");
        foreach (string option in (string[])["<dump>", "-z", "-k", "-y", "-i", "-c", "-json", "-v"])
        {
            StringAssert.Contains(run.Output, $"  {option} ");
        }

        Assert.AreEqual(0, run.ExitCode);
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
            Assert.AreEqual(CouldNotRun, run.ExitCode, line);
        }
    }

    [TestMethod]
    public void ErrorsAreJsonWhereJsonWasAskedFor()
    {
        string noDump = Dumps.Elsewhere("no.dmp"), process = Dumps.Elsewhere("process.dmp"), missing = Dumps.Elsewhere("missing.dmp");
        File.WriteAllText(noDump, "This is no dump.");
        MiniDump.Write(process);
        foreach ((string[] arguments, string code, string command) in ((string[], string, string)[])
        [
            ([], "usage", "lockleak"),
            ([missing], "no-such-file", "lockleak"),
            ([noDump], "not-a-dump", "lockleak"),
            ([process], "not-a-kernel-dump", "lockleak"),
            ([Walkthrough.Path, "-c", "!pushlock nosuch!symbol"], "command-failed", "pushlock"),
        ])
        {
            Lockleak run = Lockleak.Run(["-json", .. arguments]);
            Assert.AreEqual(1, run.Output.Count(letter => letter == '\n'), run.Output);
            JsonNode answer = JsonNode.Parse(run.Output)!, error = answer["error"]!;
            Assert.AreEqual(("lockleak/1", command), (answer["schema"]!.GetValue<string>(), answer["command"]!.GetValue<string>()));
            Assert.AreEqual(code, error["code"]!.GetValue<string>());
            Assert.IsTrue(error["permanent"]!.GetValue<bool>(), "another try ends the same way");
            StringAssert.Contains(run.Errors, error["message"]!.GetValue<string>());
            Assert.AreEqual(arguments.FirstOrDefault(), answer["dump"]?["file"]!.GetValue<string>());
            Assert.AreEqual(CouldNotRun, run.ExitCode);
        }
    }

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
        Assert.AreEqual(CouldNotRun, json.ExitCode);

        Lockleak text = Lockleak.Run([Dumps.Of("clean").Path, Walkthrough.Path, .. options]);
        StringAssert.StartsWith(text.Output, $"{Dumps.Of("clean").Path}:\nWindows ");
        StringAssert.Contains(text.Output, $"\n\n{Walkthrough.Path}:\nWindows ");
        Assert.AreEqual(Found, text.ExitCode);
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
    public void DumpThatTakesTooLongIsGivenUp()
    {
        Lockleak run = Lockleak.On(Walkthrough, "--timeout", "1500ms", "-json", "-c", ".sleep 0n60000; !lockleak");
        JsonNode error = JsonNode.Parse(run.Output)!["error"]!;
        Assert.AreEqual("time-limit", error["code"]!.GetValue<string>());
        Assert.IsFalse(error["permanent"]!.GetValue<bool>());
        Assert.AreEqual($"lockleak: not done with {Walkthrough.Path} after 1.5 s (--timeout)", run.Complaints.TrimEnd());
        Assert.AreEqual(CouldNotRun, run.ExitCode);
    }

    [TestMethod]
    public void ScriptGivesReportsAsObjects()
    {
        using var debugger = new Debugger(Walkthrough);
        Answer answer = debugger.Run("!lockleak -json; .echo and then");
        Assert.AreEqual("lockleak", answer.Reports.Single().GetProperty("command").GetString());
        StringAssert.StartsWith(answer.Output, "and then\n");
    }

    [TestMethod]
    public void ScriptIsReadAsUtf8()
    {
        using var debugger = new Debugger(Walkthrough);
        Assert.AreEqual(".echo größer als 日本", debugger.Run(".echo größer als 日本").Command);
        Assert.AreEqual("größer als 日本\n", debugger.Run(".echo größer als 日本").Output);
    }

    /// <summary>A stranger's files may lie beside the stranger's dump.</summary>
    [TestMethod]
    [DataRow(null, "built-in")]
    [DataRow(".", "pdb")]
    public void CurrentDirectoryIsSearchedOnlyWhenThePathNamesIt(string? path, string layout)
    {
        ProcessStartInfo start =
            Lockleak.Start([Path.GetFileName(Walkthrough.Path), "-json", "-c", "!lockleak", "-c", "!lockleak -dot graph.dot",
            .. path is null ? [] : (string[])["-y", path]]);
        start.WorkingDirectory = Path.GetDirectoryName(Walkthrough.Path)!;
        Lockleak run = Lockleak.Run(start);
        Assert.AreEqual(layout, JsonNode.Parse(run.Output.Split('\n')[0])!["target"]!["layout"]!.GetValue<string>(), run.Errors);
        string graph = Path.Combine(start.WorkingDirectory, "graph.dot");
        Assert.StartsWith("digraph", File.ReadAllText(graph), "the user's own files are where the user is");
        File.Delete(graph);
    }

    [TestMethod]
    public void ReportAsAPageIsWhereTheUserIs()
    {
        ProcessStartInfo start = Lockleak.Start([Walkthrough.Path, "-html", "its report.html"]);
        start.WorkingDirectory = Directory.CreateDirectory(Dumps.Elsewhere("of the user")).FullName;

        Lockleak run = Lockleak.Run(start);

        string page = Path.Combine(start.WorkingDirectory, "its report.html");
        Assert.Contains("LEAKED  Thread", run.Output);
        Assert.Contains("The report is in ", run.Output);
        Assert.AreEqual(1, run.ExitCode, run.Errors);
        string content = File.ReadAllText(page);
        Assert.StartsWith("<!DOCTYPE html>", content);
        Assert.Contains("\"kind\":\"leaked-entry\"", content);

        Lockleak wrong = Lockleak.Run(Walkthrough.Path, "-html", "x.html", "-c", "!threadlocks");
        Assert.StartsWith("lockleak: -html takes one dump or machine, and goes with none of -c and --watch", wrong.Errors);
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
        Assert.AreEqual(CouldNotRun, run.ExitCode);

        JsonNode error = JsonNode.Parse(Lockleak.On(Walkthrough with { Path = cut }, "-json").Output)!["error"]!;
        Assert.AreEqual("damaged-dump", error["code"]!.GetValue<string>());
        string message = error["message"]!.GetValue<string>();
        StringAssert.StartsWith(message, "the dump file is cut off: lockleak: The kernel's types are not known");
    }

    [TestMethod]
    [OSCondition(ConditionMode.Exclude, OperatingSystems.Windows)]
    public void WinesStandInIsNotTakenForTheEngine()
    {
        ProcessStartInfo start = Lockleak.Start(["-z", Walkthrough.Path]);
        start.Environment["WINEDLLOVERRIDES"] = "dbgeng=b";
        Lockleak run = Lockleak.Run(start);
        StringAssert.StartsWith(run.Errors, "lockleak: the dbgeng.dll that was loaded is not Microsoft's debugger engine 10.0");
        Assert.AreEqual(CouldNotRun, run.ExitCode);
    }

    [GeneratedRegex(@"\d+\.\d\d s\.")]
    private static partial Regex Seconds();
}
