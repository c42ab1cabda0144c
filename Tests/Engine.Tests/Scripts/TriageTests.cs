using System.Collections;
using System.Diagnostics;
using System.Management.Automation;
using LockLeak.Build;

namespace LockLeak.Engine.Tests.Scripts;

/// <summary>Scripts/triage.sh and triage.ps1 on a folder with three dumps: a leak, nothing wrong, and no dump at all.</summary>
[TestClass]
public class TriageTests
{
    [TestMethod]
    [OSCondition(ConditionMode.Exclude, OperatingSystems.Windows)]
    public void TheShellScriptPrintsATable()
    {
        Lockleak run = TriageInShell(MakeDumps(), Lockleak.AsProgram());

        Assert.AreEqual("", run.Complaints);
        Assert.AreEqual(2, run.ExitCode);
        string[] lines = run.Output.TrimEnd().Split('\n');
        Assert.HasCount(5, lines);
        Assert.AreEqual("| dump | bug check | finding | certainty | thread | lock | waiters | message |", lines[0]);
        Assert.StartsWith("| broken.dmp |  | could not be read |  |  |  |  | the debugger cannot open ", lines[2]);
        Assert.AreEqual("| clean.dmp | 0xe2 | none |  |  |  |  |  |", lines[3]);
        Assert.StartsWith(
            "| leak.dmp | 0x153 | leaked-entry | certain | 0xffffc78839108040 | 0xffffc7883a0f6f70 | 1 | " +
            @"Thread ffffc788\`39108040 (System 4.1928) ended",
            lines[4]);
    }

    [TestMethod]
    public void ThePowerShellScriptGivesObjects()
    {
        PowerShellScript run = Triage(Repository.Path("Scripts", "triage.ps1"), MakeDumps(), Lockleak.AsProgram());

        Assert.AreEqual("", run.Error);
        Assert.AreEqual(2, run.ExitCode);
        PSObject[] rows = [.. run.Output.OrderBy(row => Text(row, "Dump"), StringComparer.Ordinal)];
        CollectionAssert.AreEqual((string[])["broken.dmp", "clean.dmp", "leak.dmp"], rows.Select(row => Text(row, "Dump")).ToArray());
        CollectionAssert.AreEqual((string[])["could not be read", "none", "leaked-entry"],
            rows.Select(row => Text(row, "Finding")).ToArray());
        Assert.StartsWith("the debugger cannot open ", Text(rows[0], "Message"));
        CollectionAssert.AreEqual(
            (string[])["0x153", "certain", "0xffffc78839108040", "0xffffc7883a0f6f70", "1"],
            ((string[])["BugCheck", "Certainty", "Thread", "Lock", "Waiters"]).Select(name => Text(rows[2], name)).ToArray());
    }

    [TestMethod]
    public void ThePowerShellScriptFindsTheProgramBesideIt()
    {
        string tools = Directory.CreateDirectory(Dumps.Elsewhere("Tools[1]")).FullName;
        string script = Path.Combine(tools, "triage.ps1");
        File.Copy(Repository.Path("Scripts", "triage.ps1"), script);
        Assert.Contains("there is no program lockleak; say where lockleak.exe is", Triage(script, MakeDumps()).Error);

        if (OperatingSystem.IsWindows())
        {
            Assert.Inconclusive("On Windows it needs the engine beside it as well.");
        }

        File.Copy(Lockleak.AsProgram(), Path.Combine(tools, "lockleak.exe"));
        Assert.HasCount(3, Triage(script, MakeDumps()).Output);
    }

    [TestMethod]
    public void WhereNothingWasLookedAtNoScriptSaysThatAllIsWell()
    {
        string empty = Path.GetDirectoryName(Dumps.Elsewhere("any"))!, missing = Path.Combine(empty, "missing"),
            file = Path.Combine(MakeDumps(), "leak.dmp");
        string script = Repository.Path("Scripts", "triage.ps1");
        foreach ((string folder, string why) in ((string, string)[])
        [
            (empty, $"triage: there are no *.dmp files in {empty}"),
            (missing, $"triage: there is no folder {missing}"),
            (file, $"triage: there is no folder {file}"),
        ])
        {
            PowerShellScript run = Triage(script, folder, Lockleak.AsProgram());
            Assert.AreEqual((why, 2), (run.Error, run.ExitCode));
            Assert.IsEmpty(run.Output);

            if (!OperatingSystem.IsWindows())
            {
                Assert.AreEqual(2, TriageInShell(folder, Lockleak.AsProgram()).ExitCode);
            }
        }

        PowerShellScript without = Triage(script, MakeDumps(), "no-such-program");
        Assert.AreEqual(("triage: there is no program no-such-program; say where lockleak.exe is with -LockLeak", 2),
            (without.Error, without.ExitCode));
        Assert.IsEmpty(without.Output);
    }

    [TestMethod]
    [OSCondition(ConditionMode.Exclude, OperatingSystems.Windows)]
    public void AProgramThatSaysNothingIsNoAllClear()
    {
        string silent = Shell.Find("true")!;

        PowerShellScript run = Triage(Repository.Path("Scripts", "triage.ps1"), MakeDumps(), silent);
        Assert.AreEqual(2, run.ExitCode);
        CollectionAssert.AreEqual((string[])["could not be read", "could not be read", "could not be read"],
            run.Output.Select(row => Text(row, "Finding")).ToArray());

        Lockleak shell = TriageInShell(MakeDumps(), silent);
        Assert.AreEqual(2, shell.ExitCode);
        Assert.DoesNotContain("none", shell.Output);
        Assert.AreEqual(2, TriageInShell(MakeDumps(), "no-such-program").ExitCode);
    }

    /// <summary>A machine that could not be looked at whole is no healthy one.</summary>
    [TestMethod]
    [OSCondition(ConditionMode.Exclude, OperatingSystems.Windows)]
    public void WhatWasNotSeenWholeIsNotCalledHealthy()
    {
        string program = Dumps.Elsewhere("lockleak");
        File.WriteAllText(program, """
            #!/bin/sh
            echo '{"schema":"lockleak/1","command":"lockleak","target":{"bugCheck":null},"findings":[],"complete":false,"notes":["The process list breaks."]}'
            """);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        PSObject row = Triage(Repository.Path("Scripts", "triage.ps1"), MakeDumps(), program).Output[0];
        Assert.AreEqual(("none seen", "The process list breaks."), (Text(row, "Finding"), Text(row, "Message")));
        Assert.Contains("| broken.dmp |  | none seen |  |  |  |  | The process list breaks. |", TriageInShell(MakeDumps(), program).Output);
    }

    private static PowerShellScript Triage(string script, string folder, string? program = null)
    {
        var parameters = new Hashtable { ["Folder"] = folder, ["Options"] = (string[])["-y", Symbols] };
        if (program is not null)
        {
            parameters["LockLeak"] = program;
        }

        return PowerShellScript.Run(script, parameters);
    }

    private static Lockleak TriageInShell(string folder, string program)
    {
        if (Shell.Find("jq") is null)
        {
            Assert.Inconclusive("jq is not on the PATH.");
        }

        var start = new ProcessStartInfo("bash",
            [Repository.Path("Scripts", "triage.sh"), folder, "-y",
                Symbols])
        { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["LOCKLEAK"] = program;
        return Lockleak.Run(start);
    }

    private static string Symbols => $"{Dumps.Of("pushlock153").Symbols};{Dumps.Of("clean").Symbols}";

    private static string Text(PSObject row, string property) => row.Properties[property].Value?.ToString() ?? "";

    private static string MakeDumps()
    {
        // PowerShell takes the brackets for a pattern where it is not told otherwise.
        string folder = Directory.CreateDirectory(Dumps.Elsewhere("dumps[1]")).FullName;
        File.Copy(Dumps.Of("pushlock153").Path, Path.Combine(folder, "leak.dmp"));
        File.Copy(Dumps.Of("clean").Path, Path.Combine(folder, "clean.dmp"));
        File.WriteAllText(Path.Combine(folder, "broken.dmp"), "no dump");
        return folder;
    }
}
