using System.Diagnostics;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using LockLeak.Build;

namespace LockLeak.Engine.Tests;

/// <summary>lockleak.exe as a program: what it writes where, and its exit code.</summary>
[TestClass]
public sealed partial class HostTests
{
    private static readonly Dump Walkthrough = Dumps.Of("pushlock153");

    [TestMethod]
    public void AnswersTheQuestionWithoutBeingToldTo()
    {
        Lockleak run = Lockleak.On(Walkthrough);
        StringAssert.Contains(run.Output, "\nBug check 0x153 KERNEL_LOCK_ENTRY_LEAKED_ON_THREAD_TERMINATION");
        StringAssert.Contains(run.Output, "LEAKED  Thread ffffc788`39108040");
        Assert.AreEqual("", run.Complaints);
        Assert.AreEqual(Lockleak.Found, run.ExitCode);
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
        Assert.AreEqual(Lockleak.NothingFound, run.ExitCode);
    }

    [TestMethod]
    public void CommandsRunInOrderAndTheWorstEndingCounts()
    {
        Lockleak run = Lockleak.On(Walkthrough, "-c", "!lockleak", "-c", ".echo and then", "-c", "!pushlock ffffc788`3a0f6f70");
        int[] places = [run.Output.IndexOf("LEAKED", StringComparison.Ordinal), run.Output.IndexOf("and then", StringComparison.Ordinal),
            run.Output.IndexOf("Push lock", StringComparison.Ordinal)];
        CollectionAssert.AreEqual(places.Order().ToArray(), places, run.Output);
        Assert.IsGreaterThanOrEqualTo(0, places[0], run.Output);
        Assert.AreEqual(Lockleak.Found, run.ExitCode);
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
        Assert.AreEqual(Lockleak.CouldNotRun, run.ExitCode);
    }

    [TestMethod]
    [DataRow("!pushlock nosuch!symbol; !lockleak", Lockleak.CouldNotRun)]
    [DataRow("!lockleak; !pushlock nosuch!symbol; !lockhelp", Lockleak.CouldNotRun)]
    [DataRow("nosuchcommand; !lockleak", Lockleak.CouldNotRun)]
    [DataRow("!lockleak; !lockhelp", Lockleak.Found)]
    [DataRow("!lockhelp; !lockleak", Lockleak.Found)]
    public void WorstEndingOfACommandLineCounts(string commands, int exitCode)
    {
        Lockleak run = Lockleak.On(Walkthrough, "-c", commands);
        Assert.AreEqual(exitCode, run.ExitCode, run.Errors);
        Assert.AreEqual(exitCode == Lockleak.CouldNotRun, run.Errors.Contains("nosuch", StringComparison.Ordinal), run.Errors);
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
        Assert.AreEqual(Lockleak.Found, run.ExitCode);
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
    [OSCondition(ConditionMode.Exclude, OperatingSystems.Windows)]
    public void WinesStandInIsNotTakenForTheEngine()
    {
        ProcessStartInfo start = Lockleak.Start(["-z", Walkthrough.Path]);
        start.Environment["WINEDLLOVERRIDES"] = "dbgeng=b";
        Lockleak run = Lockleak.Run(start);
        StringAssert.StartsWith(run.Errors, "lockleak: the dbgeng.dll that was loaded is not Microsoft's debugger engine 10.0");
        Assert.AreEqual(Lockleak.CouldNotRun, run.ExitCode);
    }

    [GeneratedRegex(@"\d+\.\d\d s\.")]
    private static partial Regex Seconds();
}
