using System.Collections;
using System.Management.Automation;

namespace LockLeak.Engine.Tests.Scripts;

/// <summary>Scripts/Watch-VMLocks.ps1 on a machine behind a named pipe; only Hyper-V's own cmdlet is made up.</summary>
[TestClass]
public sealed class WatchTests
{
    private static readonly string Script = Build.Repository.Path("Scripts", "Watch-VMLocks.ps1");

    [TestMethod]
    public async Task WhatComesUpIsAnObjectEach()
    {
        await using var machine = new LiveMachine("pushlock153");
        string pipe = $"lockleak-{Guid.NewGuid():n}";
        using var end = new CancellationTokenSource();
        using IDisposable relay = await LivePipe.ServeAsync(pipe, machine.Port, end.Token);

        // The watch ends by itself: the machine has stopped in a bug check.
        PowerShellScript run = Watch(machine,
            $$"""function Get-VMComPort($VMName, $Number) { if ($VMName -eq 'vm1' -and $Number -eq 2) { [pscustomobject]@{ Path = '\\.\pipe\{{pipe}}' } } }""");

        Assert.AreEqual(("", 1), (run.Error, run.ExitCode));
        PSObject news = run.Output.Single();
        Assert.AreEqual("leaked-entry", news.Properties["kind"].Value);
        Assert.AreEqual("certain", news.Properties["certainty"].Value);
        Assert.AreEqual("0xffffc78839108040", news.Properties["thread"].Value);
        Assert.IsTrue(machine.Server.IsRunning);
        await end.CancelAsync();
    }

    [TestMethod]
    public async Task MachineWithoutAPipeIsToldHowToGetOne()
    {
        await using var machine = new LiveMachine("clean");

        Assert.AreEqual(
            @"COM2 of vm1 has no named pipe. Turn the machine off and run: Set-VMComPort -VMName vm1 -Number 2 -Path \\.\pipe\vm1",
            Watch(machine, "function Get-VMComPort($VMName, $Number) { [pscustomobject]@{ Path = '' } }").Error);
    }

    private static PowerShellScript Watch(LiveMachine machine, string cmdlets) => PowerShellScript.Run(
        Script,
        new Hashtable
        {
            ["VMName"] = "vm1",
            ["ComPort"] = 2,
            ["Every"] = "500ms",
            ["SymbolPath"] = machine.Symbols,
            ["Lockleak"] = Lockleak.AsProgram()
        },
        cmdlets);
}
