using System.Diagnostics;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using KdTarget;

namespace LockLeak.Engine.Tests;

/// <summary>A machine that falls silent, and a user who presses Ctrl+C: lockleak ends, and says what has become of the machine.</summary>
[TestClass]
public sealed class LiveFailureTests
{
    private const string MayBeStopped = "It may be stopped now: a debugger that attaches to it can let it run on (g).";

    [TestMethod]
    public async Task MachineThatNeverAnswersIsGivenUp()
    {
        await using var machine = new LiveMachine("terminated");
        machine.Server.Faults.Freeze();
        using LiveSession session = machine.Attach("--timeout", "3");
        var clock = Stopwatch.StartNew();

        Assert.AreEqual(2, await session.EndAsync());

        Assert.IsLessThan(30_000, clock.ElapsedMilliseconds);
        Assert.Contains("lockleak: waiting for the machine on com:ipport=", session.Errors);
        Assert.Contains("lockleak: no answer from the machine for 3 s while waiting for it on com:ipport=", session.Errors);
        Assert.AreEqual("", session.Output);
    }

    [TestMethod]
    public async Task SilenceIsAnErrorInJson()
    {
        await using var machine = new LiveMachine("terminated");
        machine.Server.Faults.Freeze();
        using LiveSession session = machine.Attach("--timeout", "3", "-json");

        Assert.AreEqual(2, await session.EndAsync());

        JsonNode error = JsonNode.Parse(session.Output)!["error"]!;
        Assert.AreEqual(("no-answer", false), (error["code"]!.GetValue<string>(), error["permanent"]!.GetValue<bool>()));
        Assert.EndsWith(MayBeStopped, error["message"]!.GetValue<string>(), "it may have heard the request to stop");
    }

    /// <summary>The first requests are GetVersion and the first ReadVirtual: the engine does not call the machine connected yet.</summary>
    [TestMethod]
    [DataRow(Fault.Freeze, 0)]
    [DataRow(Fault.Freeze, 1)]
    [DataRow(Fault.Freeze, 10)]
    [DataRow(Fault.Close, 0)]
    [DataRow(Fault.Close, 10)]
    [DataRow(Fault.CloseAfterReply, 10)]
    public async Task MachineThatFallsSilentWhileItIsAttachedToIsGivenUp(Fault fault, int after)
    {
        await using var machine = new LiveMachine("terminated");
        machine.Server.Faults.Next(fault, after: after);
        var clock = Stopwatch.StartNew();
        using LiveSession session = machine.Attach("--timeout", "5");

        Assert.AreEqual(2, await session.EndAsync());

        Assert.AreEqual($"lockleak: no answer from the machine for 5 s while attaching to it. {MayBeStopped}",
            session.Errors.Split('\n')[^1]);
        // It once took five times as long: looks at the engine had taken all threads that could have ended it.
        Assert.IsLessThan(20_000, clock.ElapsedMilliseconds);
    }

    [TestMethod]
    [DataRow(Fault.Freeze)]
    [DataRow(Fault.Close)]
    [DataRow(Fault.CloseAfterReply)]
    public async Task MachineThatFallsSilentInACommandIsGivenUp(Fault fault)
    {
        await using var machine = new LiveMachine("terminated");
        using LiveSession session = await machine.AttachScriptAsync("--timeout", "5");
        machine.Server.Faults.Next(fault, after: 3);
        session.Send("!lockleak");

        Assert.AreEqual(2, await session.EndAsync());

        Assert.AreEqual($"lockleak: no answer from the machine for 5 s while running !lockleak. {MayBeStopped}",
            session.Errors.Split('\n')[^1]);
    }

    /// <summary>After 64 tries, here 13 s, the engine says that it tries again, and again after 64 more.</summary>
    [TestMethod]
    public async Task TheEnginesOwnWordsAreNoSignOfLife()
    {
        await using var machine = new LiveMachine("terminated");
        using LiveSession session = await machine.AttachScriptAsync("--timeout", "16");
        machine.Server.Faults.Next(Fault.Freeze, after: 3);
        var clock = Stopwatch.StartNew();
        session.Send("!lockleak");

        Assert.AreEqual(2, await session.EndAsync());

        Assert.IsLessThan(40_000, clock.ElapsedMilliseconds);
        Assert.EndsWith($"lockleak: no answer from the machine for 16 s while running !lockleak. {MayBeStopped}", session.Errors);
    }

    [TestMethod]
    public async Task MachineThatFallsSilentWhenItIsLetGoIsGivenUp()
    {
        await using var machine = new LiveMachine("terminated");
        using LiveSession session = await machine.AttachScriptAsync("--timeout", "5");
        machine.Server.Faults.Freeze();
        session.CloseInput();

        Assert.AreEqual(2, await session.EndAsync());

        Assert.EndsWith($"lockleak: no answer from the machine for 5 s while letting it run on. {MayBeStopped}", session.Errors);
    }

    /// <summary>
    /// Each answer comes in time, the acknowledgement of the request two seconds before it. Together they take longer than the limit.
    /// </summary>
    [TestMethod]
    public async Task MachineThatAnswersLateIsNotGivenUp()
    {
        await using var machine = new LiveMachine("terminated");
        using LiveSession session =
            machine.AttachThrough($"com:ipport={machine.Port},port=127.0.0.1,timeout=5000", "--script", "--timeout", "6");
        session.Send("!lockhelp");
        await session.PrintsAsync("!lockhelp");
        machine.Server.Faults.Latency = TimeSpan.FromSeconds(2);
        var clock = Stopwatch.StartNew();
        session.Send("db nt l4; db nt+0x5000 l4; db nt+0x9000 l4");
        await session.PrintsAsync("db nt l4");
        TimeSpan took = clock.Elapsed;
        machine.Server.Faults.Latency = TimeSpan.Zero;
        session.CloseInput();

        Assert.AreEqual(0, await session.EndAsync(), session.Errors);
        Assert.IsGreaterThan(6, took.TotalSeconds, "or this tests nothing");
        Assert.IsTrue(machine.Server.IsRunning);
    }

    [TestMethod]
    public async Task MachineThatComesBackInTimeIsAsked()
    {
        await using var machine = new LiveMachine("terminated");
        using LiveSession session = await machine.AttachScriptAsync("--timeout", "60");
        machine.Server.Faults.Next(Fault.Freeze, after: 3);
        session.Send("!lockleak");
        session.CloseInput();
        await LiveMachine.UntilAsync(() => machine.Server.Faults.IsFrozen);
        await Task.Delay(3000, CancellationToken.None);
        machine.Server.Faults.Thaw();

        Assert.AreEqual(0, await session.EndAsync(), session.Errors);

        Assert.Contains("LEAKED", session.Output);
        Assert.IsTrue(machine.Server.IsRunning);
    }

    /// <summary>
    /// A serial line takes minutes for what a quick one does in seconds. As long as answers come in, the machine is not lost.
    /// </summary>
    [TestMethod]
    public async Task SlowMachineIsNotGivenUpAndTheUserSeesHowFarItIs()
    {
        await using var machine = new LiveMachine("busy");
        using LiveSession session = machine.Attach("--timeout", "4", "-c", "!lockleak -p svc001 -json");
        await machine.StoppedAsync();
        machine.Server.Faults.Latency = TimeSpan.FromMilliseconds(20);

        Assert.AreEqual(0, await session.EndAsync(), session.Errors);

        JsonNode report = JsonNode.Parse(session.Output)!;
        Assert.IsTrue(report["complete"]!.GetValue<bool>());
        Assert.IsGreaterThan(4000, report["cost"]!["milliseconds"]!.GetValue<long>(), "or this tests nothing");
        StringAssert.Matches(session.Errors,
            new Regex(@"^lockleak: \d+ processes, \d+ threads, svc\d+\.exe \(Ctrl\+C ends it\)$", RegexOptions.Multiline));
    }

    [TestMethod, OSCondition(ConditionMode.Exclude, OperatingSystems.Windows)]
    public async Task CtrlCWhileItWaitsLeavesTheMachineAlone()
    {
        await using var machine = new LiveMachine("terminated");
        machine.Server.Faults.Freeze();
        using LiveSession session = machine.Attach();
        await session.SaysAsync("waiting for the machine");
        session.PressCtrlC();

        Assert.AreEqual(2, await session.EndAsync());

        Assert.Contains("lockleak: ended before the machine answered. It may be stopped now: ", session.Errors);
        Assert.AreEqual(0, machine.Server.Traffic.Current.Stops);
    }

    [TestMethod, OSCondition(ConditionMode.Exclude, OperatingSystems.Windows)]
    public async Task CtrlCWhileItAttachesLetsTheMachineRunOn()
    {
        await using var machine = new LiveMachine("terminated");
        machine.Server.Faults.Latency = TimeSpan.FromMilliseconds(20);
        using LiveSession session = machine.Attach();
        await machine.StoppedAsync();
        session.PressCtrlC();

        Assert.AreEqual(2, await session.EndAsync());

        Assert.EndsWith("lockleak: ended; the machine runs on", session.Errors);
        Assert.IsTrue(machine.Server.IsRunning);
    }

    [TestMethod, OSCondition(ConditionMode.Exclude, OperatingSystems.Windows)]
    public async Task CtrlCInACommandShowsWhatWasFoundAndLetsTheMachineRunOn()
    {
        await using var machine = new LiveMachine("busy");
        using LiveSession session = machine.Attach("-c", "!lockleak -json", "-c", "k");
        await LiveMachine.UntilAsync(() => machine.Server.Traffic.Current.PacketsIn > 200);
        session.PressCtrlC();
        long asked = machine.Server.Traffic.Current.PacketsIn;

        await session.EndAsync();

        Assert.IsLessThan(asked + 200, machine.Server.Traffic.Current.PacketsIn, "of the 2,500 that the whole answer takes");
        Assert.Contains("\"complete\":false", session.Output);
        Assert.DoesNotContain("Child-SP", session.Output, "the next command");
        Assert.IsTrue(machine.Server.IsRunning);
    }

    [TestMethod, OSCondition(ConditionMode.Exclude, OperatingSystems.Windows)]
    public async Task CtrlCInAScriptLetsTheMachineRunOn()
    {
        await using var machine = new LiveMachine("clean");
        using LiveSession session = await machine.AttachScriptAsync();
        session.PressCtrlC();

        Assert.AreEqual(0, await session.EndAsync(), session.Errors);
        Assert.IsTrue(machine.Server.IsRunning);
    }
}
