using System.Text.Json.Nodes;
using KdTarget;
using KernelImages;
using KernelImages.Kernel;
using KernelImages.Scenarios;
using LockLeak.Layouts;

namespace LockLeak.Engine.Tests;

/// <summary>lockleak -k on a machine that runs: the answer, and the machine runs on.</summary>
[TestClass]
public sealed class LiveTests
{
    [TestMethod]
    public async Task MachineIsStoppedAskedAndRunsOn()
    {
        await using var machine = new LiveMachine("terminated");
        using LiveSession session = machine.Attach();

        Assert.AreEqual(1, await session.EndAsync(), session.Errors);

        Assert.Contains("\nLEAKED  Thread ", session.Output);
        Assert.Contains($"{Text(machine.Kernel.Placed("mover").Entries[0].Address)}  LockEntries[0] owns", session.Output);
        Assert.AreEqual("", Lockleak.ComplaintsIn(session.Errors));
        Assert.IsTrue(machine.Server.IsRunning);
        Assert.AreEqual(1, machine.Server.Traffic.Current.Stops);
    }

    [TestMethod]
    [DataRow("pushlock153", "6.1.7601", 1)]
    [DataRow("pushlock153", "10.0.17763", 1)]
    [DataRow("pushlock153", "10.0.20348", 1)]
    [DataRow("pushlock153", "10.0.22621", 1)]
    [DataRow("pushlock153", "10.0.26100", 1)]
    [DataRow("deadlock3", "10.0.22621", 1)]
    [DataRow("deadlock3", "10.0.26100", 1)]
    [DataRow("all-kinds", "10.0.22621", 1)]
    [DataRow("clean", "10.0.22621", 0)]
    public async Task LiveMachineAnswersWhatMemoryAnswers(string scenario, string build, int exitCode)
    {
        await using var machine = new LiveMachine(scenario, build);
        var memory = new InMemoryTarget(
            SyntheticKernel.WithImages(ScenarioLibrary.Find(scenario), KernelTypes.Load(build)))
        { IsLive = true };
        var console = new TextConsole();
        CommandHost.Run("lockleak", "-json", memory, console);

        using LiveSession session = machine.Attach("-json");

        Assert.AreEqual(exitCode, await session.EndAsync(), session.Errors);
        Assert.AreEqual(WithoutCost(console.Output), WithoutCost(session.Output));
        Assert.IsTrue(machine.Server.IsRunning);
    }

    [TestMethod]
    public async Task SeveralCommandsAreOneStop()
    {
        await using var machine = new LiveMachine("clean");
        using LiveSession session = machine.Attach("-c", "!threadlocks", "-c", "k 1", "-c", "!pushlock nosuchsymbol");

        Assert.AreEqual(2, await session.EndAsync());

        Assert.Contains("HOLDS", session.Output);
        Assert.Contains("Child-SP", session.Output);
        Assert.Contains("nosuchsymbol", session.Errors);
        Assert.AreEqual(1, machine.Server.Traffic.Current.Stops);
        Assert.IsTrue(machine.Server.IsRunning);
    }

    [TestMethod]
    [DataRow(Fault.CorruptReply, 4)]
    [DataRow(Fault.TruncateReply, 15)]
    [DataRow(Fault.LoseReply, 15)]
    [DataRow(Fault.LoseRequest, 15)]
    [DataRow(Fault.LoseAcknowledge, 3)]
    public async Task BadLinkChangesNoAnswer(Fault fault, int every)
    {
        await using var machine = new LiveMachine("terminated");
        machine.Server.Faults.Every(fault, every);
        using LiveSession session = machine.Attach("-json");

        Assert.AreEqual(1, await session.EndAsync(), session.Errors);

        JsonNode report = JsonNode.Parse(session.Output)!;
        Assert.IsTrue(report["complete"]!.GetValue<bool>());
        Assert.AreEqual("leaked-entry", report["findings"]![0]!["kind"]!.GetValue<string>());
        Assert.IsTrue(machine.Server.IsRunning);
    }

    [TestMethod]
    public async Task MachineThatChangesWhileItIsReadIsNoHang()
    {
        await using var machine = new LiveMachine("clean");
        SyntheticKernel kernel = machine.Kernel;
        ulong link = kernel.Thread("csrss 1") + kernel.Types.OffsetOf("_ETHREAD", "ThreadListEntry");
        using LiveSession session = await machine.AttachScriptAsync();
        // The list of threads is cut and leads into itself while it is walked.
        machine.Memory.AfterReads(2, _ => kernel.Typed.SetQuads(link, link, link));

        session.Send("!lockleak");
        await session.PrintsAsync("\"command\":\"!lockleak\"");
        session.CloseInput();

        Assert.AreEqual(0, await session.EndAsync(), session.Errors);
        JsonNode answer = JsonNode.Parse(session.Output.Split('\n')
            .Single(line => line.Contains("\"command\":\"!lockleak\"", StringComparison.Ordinal)))!;
        Assert.Contains("csrss.exe", answer["output"]!.GetValue<string>(), "a note that says whose list broke");
        Assert.IsTrue(machine.Server.IsRunning);
    }

    [TestMethod]
    public async Task StoppedMachineIsToldFromTheStart()
    {
        await using var machine = new LiveMachine("terminated");
        machine.Server.StopByItself();
        using LiveSession session = machine.Attach();

        Assert.AreEqual(1, await session.EndAsync(), session.Errors);
        Assert.IsTrue(machine.Server.IsRunning);
    }

    [TestMethod]
    public async Task ConnectionThatNobodyListensOnIsOneLine()
    {
        using var session = new LiveSession(["-k", "com:ipport=1,port=127.0.0.1"]);

        Assert.AreEqual(2, await session.EndAsync());

        Assert.AreEqual("lockleak: the connection cannot be opened (-v shows the engine's reason): com:ipport=1,port=127.0.0.1 " +
            "(0x80004005)", session.Errors);
    }

    private static string Text(ulong address) => $"{address >> 32:x8}`{address & uint.MaxValue:x8}";

    private static string WithoutCost(string report)
    {
        JsonObject json = JsonNode.Parse(report)!.AsObject();
        json.Remove("cost");
        // What lockleak adds of its own.
        json.Remove("dump");
        json.Remove("missingSymbols");
        Sources.LeaveOut(json);
        return json.ToJsonString();
    }
}
