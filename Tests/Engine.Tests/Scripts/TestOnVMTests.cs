using System.Collections;
using System.Management.Automation;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace LockLeak.Engine.Tests.Scripts;

/// <summary>
/// Scripts/Test-OnVM.ps1 on a machine behind a named pipe; Hyper-V's cmdlets and the sessions into the machine are made up.
/// </summary>
[TestClass]
public sealed partial class TestOnVMTests
{
    private static readonly string Script = Build.Repository.Path("Scripts", "Test-OnVM.ps1");

    /// <summary>Stand-ins that write down what they are asked to do.</summary>
    private const string StandIns = """
        $global:Log = [System.Collections.ArrayList]@()
        function Checkpoint-VM($Name, $SnapshotName) { [void]$Log.Add("checkpoint $Name") }
        function Restore-VMSnapshot($VMName, $Name, [switch]$Confirm) { [void]$Log.Add("restore $VMName") }
        function Start-VM($Name) { [void]$Log.Add("start $Name") }
        function New-PSSession($VMName, $Credential) { [void]$Log.Add("session $VMName $Credential"); 'session' }
        function Remove-PSSession($Session) { [void]$Log.Add("end $Session") }
        function Copy-Item($LiteralPath, $Destination, $ToSession, [switch]$Force) { [void]$Log.Add("copy $Destination") }
        function Invoke-Command($Session, $ArgumentList, $ScriptBlock) { [void]$Log.Add("begin $ArgumentList") }
        """;

    [TestMethod]
    public async Task ASituationThatIsToldRightPasses()
    {
        (PowerShellScript run, JsonNode report, string log) = await Test("deadlock2", "deadlock-two");

        Assert.AreEqual("", run.Error);
        PSObject result = run.Output.Single();
        Assert.AreEqual(("deadlock-two", true, ""),
            (result.Properties["Situation"].Value, result.Properties["Passed"].Value, result.Properties["Wrong"].Value));
        Assert.AreEqual("lockleak-vm/1 1 1", $"{report["report"]} {report["passed"]} {report["tried"]}");
        Assert.AreEqual("deadlock", report["results"]![0]!["Answer"]!["findings"]![0]!["kind"]!.GetValue<string>());
        Assert.AreEqual("checkpoint vm1, restore vm1, start vm1, session vm1 me, copy C:\\LockDriver.sys, begin deadlock-two False " +
            "False, end session, restore vm1, remove vm1", log);
    }

    [TestMethod]
    public async Task ASituationThatIsToldWronglyFailsAndSaysWhy()
    {
        (PowerShellScript run, JsonNode report, _) = await Test("clean", "leak");

        Assert.AreEqual("", run.Error);
        Assert.AreEqual("found '', expected 'leaked-entry'", run.Output.Single().Properties["Wrong"].Value);
        Assert.AreEqual("0 1", $"{report["passed"]} {report["tried"]}");
    }

    [TestMethod]
    public void ASituationThatDoesNotExistIsAnError()
    {
        PowerShellScript run = PowerShellScript.Run(Script,
            new Hashtable { ["VMName"] = "vm1", ["Credential"] = "me", ["Situation"] = "nonsense" });

        StringAssert.StartsWith(run.Error, "There is no situation nonsense. There are: leak, deadlock-two, ");
    }

    /// <summary>What the script compares with is what the driver can do.</summary>
    [TestMethod]
    public void TheListOfSituationsIsThatOfTheDriver()
    {
        string folder = Build.Repository.Path("Tests", "LockDriver");
        List<string> inDriver = [.. Row().Matches(File.ReadAllText(Path.Combine(folder, "Situations.c")))
            .Select(row => row.Groups["name"].Value)];
        List<string> listed = [.. JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "situations.json")))!.AsArray()
            .Select(one => one!["name"]!.GetValue<string>())];

        Assert.IsGreaterThan(10, listed.Count);
        CollectionAssert.AreEquivalent(inDriver, listed);
    }

    private static async Task<(PowerShellScript Run, JsonNode Report, string Log)> Test(string scenario, string situation)
    {
        await using var machine = new LiveMachine(scenario);
        string pipe = $"lockleak-{Guid.NewGuid():n}", report = Dumps.Elsewhere("report.json"), log = Dumps.Elsewhere("log.txt"),
            driver = Dumps.Elsewhere("LockDriver.sys");
        File.WriteAllText(driver, "");
        using var end = new CancellationTokenSource();
        using IDisposable relay = await LivePipe.ServeAsync(pipe, machine.Port, end.Token);
        PowerShellScript run = PowerShellScript.Run(
            Script,
            new Hashtable
            {
                ["VMName"] = "vm1",
                ["Credential"] = "me",
                ["Driver"] = driver,
                ["Situation"] = situation,
                ["SymbolPath"] = machine.Symbols,
                ["Lockleak"] = Lockleak.AsProgram(),
                ["SettleSeconds"] = 0,
                ["Report"] = report,
            },
            $$"""
            {{StandIns}}
            function Get-VMComPort($VMName, $Number) { [pscustomobject]@{ Path = '\\.\pipe\{{pipe}}' } }
            function Remove-VMSnapshot($VMName, $Name) { [void]$Log.Add("remove $VMName"); [System.IO.File]::WriteAllText('{{log}}', ($Log -join ', ')) }
            """);
        await end.CancelAsync();
        return (run, File.Exists(report) ? JsonNode.Parse(File.ReadAllText(report))! : new JsonObject(),
            File.Exists(log) ? File.ReadAllText(log) : "");
    }

    [GeneratedRegex("""^    \{ L"(?<name>[a-z-]+)", Begin""", RegexOptions.Multiline)]
    private static partial Regex Row();
}
