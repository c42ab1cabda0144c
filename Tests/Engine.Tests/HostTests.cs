using System.Diagnostics;
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
        StringAssert.StartsWith(run.Output, "Bug check 0x153 KERNEL_LOCK_ENTRY_LEAKED_ON_THREAD_TERMINATION");
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
        StringAssert.StartsWith(run.Output, "Nothing leaked");
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
    public void CommandsRunInOrderAndTheWorstEndingCounts()
    {
        Lockleak run = Lockleak.On(Walkthrough, "-c", "!lockleak", "-c", ".echo and then", "-c", "!pushlock ffffc788`3a0f6f70");
        int[] places = [run.Output.IndexOf("LEAKED", StringComparison.Ordinal), run.Output.IndexOf("and then", StringComparison.Ordinal), run.Output.IndexOf("Push lock", StringComparison.Ordinal)];
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
    public void MissingSymbolsAreNoReasonToGiveUp()
    {
        Lockleak run = Lockleak.Run("-z", Walkthrough.Path, "-y", Path.GetDirectoryName(Dumps.Elsewhere("x"))!);
        StringAssert.Contains(run.Output, "LEAKED  Thread ffffc788`39108040");
        StringAssert.Contains(run.Output, "Types: built-in (22621).");
        Assert.AreEqual("", run.Complaints);
        Assert.AreEqual(Found, run.ExitCode);
    }

    [TestMethod]
    public void VerboseShowsWhichEngineItIs()
    {
        Lockleak run = Lockleak.On(Walkthrough, "-v");
        StringAssert.Contains(run.Errors, "Microsoft (R) Windows Debugger Version 10.0.");
        StringAssert.StartsWith(run.Output, "Bug check");
    }

    [TestMethod]
    public void HelpListsTheOptions()
    {
        Lockleak run = Lockleak.Run("-h");
        foreach (string option in (string[])["-z", "-k", "-y", "-i", "-c", "-json", "-v"])
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
            ([], "lockleak: give either a dump or a live machine"),
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
    public void DumpThatBreaksOffIsSaidToLackItsKernel()
    {
        string cut = Dumps.Elsewhere("cut.dmp");
        File.WriteAllBytes(cut, File.ReadAllBytes(Walkthrough.Path)[..0x3000]);
        Lockleak run = Lockleak.On(Walkthrough with { Path = cut });
        StringAssert.StartsWith(run.Errors.TrimEnd('\n').Split('\n')[^1], "lockleak: The kernel's types are not known");
        Assert.AreEqual("", run.Output);
        Assert.AreEqual(CouldNotRun, run.ExitCode);
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
