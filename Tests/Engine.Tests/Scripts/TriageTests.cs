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
    public void TheShellScriptPrintsATable()
    {
        if (Shell.Find("bash") is not { } bash || Shell.Find("jq") is null)
        {
            Assert.Inconclusive("bash and jq are not on the PATH.");
            return;
        }

        var start = new ProcessStartInfo(bash, [Repository.Path("Scripts", "triage.sh"), MakeDumps(), "-y", Symbols]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["LOCKLEAK"] = Lockleak.AsProgram();
        Lockleak run = Lockleak.Run(start);

        Assert.AreEqual("", run.Complaints);
        Assert.AreEqual(2, run.ExitCode);
        string[] lines = run.Output.TrimEnd().Split('\n');
        Assert.HasCount(5, lines);
        Assert.AreEqual("| dump | bug check | finding | certainty | thread | lock | waiters | message |", lines[0]);
        Assert.StartsWith("| broken.dmp |  | could not be read |  |  |  |  | lockleak: the debugger cannot open ", lines[2]);
        Assert.AreEqual("| clean.dmp | 0xe2 | none |  |  |  |  |  |", lines[3]);
        Assert.StartsWith(@"| leak.dmp | 0x153 | leaked-entry | certain | 0xffffc78839108040 | 0xffffc7883a0f6f70 | 1 | Thread ffffc788\`39108040 (System 4.1928) ended", lines[4]);
    }

    [TestMethod]
    public void ThePowerShellScriptGivesObjects()
    {
        PowerShellScript run = PowerShellScript.Run(Repository.Path("Scripts", "triage.ps1"), new Hashtable { ["Folder"] = MakeDumps(), ["LockLeak"] = Lockleak.AsProgram(), ["Options"] = (string[])["-y", Symbols] });

        Assert.AreEqual("", run.Error);
        Assert.AreEqual(2, run.ExitCode);
        PSObject[] rows = [.. run.Output.OrderBy(row => Text(row, "Dump"), StringComparer.Ordinal)];
        CollectionAssert.AreEqual((string[])["broken.dmp", "clean.dmp", "leak.dmp"], rows.Select(row => Text(row, "Dump")).ToArray());
        CollectionAssert.AreEqual((string[])["could not be read", "none", "leaked-entry"], rows.Select(row => Text(row, "Finding")).ToArray());
        Assert.StartsWith("lockleak: the debugger cannot open ", Text(rows[0], "Message"));
        CollectionAssert.AreEqual(
            (string[])["0x153", "certain", "0xffffc78839108040", "0xffffc7883a0f6f70", "1"],
            ((string[])["BugCheck", "Certainty", "Thread", "Lock", "Waiters"]).Select(name => Text(rows[2], name)).ToArray());
    }

    private static string Symbols => $"{Dumps.Of("pushlock153").Symbols};{Dumps.Of("clean").Symbols}";

    private static string Text(PSObject row, string property) => row.Properties[property].Value?.ToString() ?? "";

    private static string MakeDumps()
    {
        string folder = Path.GetDirectoryName(Dumps.Elsewhere("any"))!;
        File.Copy(Dumps.Of("pushlock153").Path, Path.Combine(folder, "leak.dmp"));
        File.Copy(Dumps.Of("clean").Path, Path.Combine(folder, "clean.dmp"));
        File.WriteAllText(Path.Combine(folder, "broken.dmp"), "no dump");
        return folder;
    }
}
