using System.Text.Json.Nodes;
using KernelImages.Kernel;

namespace LockLeak.Engine.Tests;

/// <summary>lockleak -k --watch: what comes up is told once, and the machine runs in between.</summary>
[TestClass]
[OSCondition(ConditionMode.Exclude, OperatingSystems.Windows)] // each ends by Ctrl+C
public sealed class LiveWatchTests
{
    [TestMethod]
    public async Task ThreadThatEndsWithALockIsToldOnce()
    {
        await using var machine = new LiveMachine("clean");
        using LiveSession session = machine.Attach("--watch", "500ms");
        await session.SaysAsync("every 0.5 s");
        await LooksAsync(machine, 1);
        Assert.AreEqual("", session.Output);

        End(machine.Kernel, "writer");
        await LooksAsync(machine, 3);
        session.PressCtrlC();

        Assert.AreEqual(1, await session.EndAsync(), session.Errors);
        string[] lines = session.Output.Split('\n');
        Assert.HasCount(1, lines);
        Assert.Contains("leaked-entry  Thread ", lines[0]);
        Assert.Contains("ended without releasing push lock", lines[0]);
        Assert.IsTrue(machine.Server.IsRunning);
    }

    [TestMethod]
    public async Task ThreadThatWaitsTooLongIsToldOnce()
    {
        await using var machine = new LiveMachine("chain");
        using LiveSession session = machine.Attach("--watch", "500ms", "--stuck", "30m", "-json");
        await LooksAsync(machine, 1);
        Assert.AreEqual("", session.Output);

        Age(machine.Kernel, TimeSpan.FromMinutes(31));
        await LooksAsync(machine, 3);
        session.PressCtrlC();

        Assert.AreEqual(1, await session.EndAsync(), session.Errors);
        JsonNode[] news = [.. session.Output.Split('\n').Select(line => JsonNode.Parse(line)!)];
        CollectionAssert.AreEquivalent(
            Enumerable.Range(1, 4).Select(number => $"0x{machine.Kernel.Thread($"link {number}"):x16}").ToArray(),
            news.Select(item => item["thread"]!.GetValue<string>()).ToArray());
        Assert.IsTrue(news.All(item => item["kind"]!.GetValue<string>() == "stuck-waiter"));
        Assert.Contains("owned by", news[0]["message"]!.GetValue<string>());
    }

    [TestMethod]
    public async Task CtrlCWhileTheMachineRunsEndsTheWatch()
    {
        await using var machine = new LiveMachine("clean");
        using LiveSession session = machine.Attach("--watch", "10m");
        await LooksAsync(machine, 1);
        session.PressCtrlC();

        Assert.AreEqual(0, await session.EndAsync(), session.Errors);
        Assert.IsTrue(machine.Server.IsRunning);
    }

    [TestMethod]
    public async Task MachineThatStopsByItselfIsAskedAtOnce()
    {
        await using var machine = new LiveMachine("clean");
        using LiveSession session = machine.Attach("--watch", "10m");
        await LooksAsync(machine, 1);
        End(machine.Kernel, "writer");
        machine.Server.StopByItself();
        await session.PrintsAsync("leaked-entry");
        await machine.RunningAsync();
        session.PressCtrlC();

        Assert.AreEqual(1, await session.EndAsync(), session.Errors);
        Assert.Contains("lockleak: the machine stopped by itself", session.Errors);
        Assert.Contains("leaked-entry", session.Output);
    }

    /// <summary>The engine begins a new session then, without extensions, and finds the kernel at other addresses.</summary>
    [TestMethod]
    public async Task MachineThatIsRestartedIsWatchedOn()
    {
        await using var machine = new LiveMachine("clean");
        using LiveSession session = machine.Attach("--watch", "2s");
        await LooksAsync(machine, 1);
        machine.Restart("terminated", down: TimeSpan.FromSeconds(4));
        await session.PrintsAsync("leaked-entry");
        await machine.RunningAsync();
        session.PressCtrlC();

        Assert.AreEqual(1, await session.EndAsync(), session.Errors);
        Assert.HasCount(1, session.Output.Split('\n'));
        Assert.Contains("lockleak: waiting for the machine on com:ipport=", session.Errors);
        Assert.EndsWith("lockleak: the machine was restarted", session.Errors);
        Assert.IsTrue(machine.Server.IsRunning);
    }

    [TestMethod]
    public async Task CtrlCWhileTheMachineIsDownEndsTheWatch()
    {
        await using var machine = new LiveMachine("clean");
        using LiveSession session = machine.Attach("--watch", "10m");
        await LooksAsync(machine, 1);
        int said = session.Errors.Length;
        machine.Restart("clean", down: TimeSpan.FromSeconds(30));
        await session.SaysAsync("waiting for the machine on", after: said);
        session.PressCtrlC();

        Assert.AreEqual(2, await session.EndAsync());
        Assert.Contains("lockleak: ended before the machine answered. It may be stopped now: ", session.Errors);
    }

    /// <summary>It was still there when it was asked to stop.</summary>
    [TestMethod]
    public async Task CtrlCJustBeforeTheMachineGoesDownEndsTheWatch()
    {
        await using var machine = new LiveMachine("clean");
        using LiveSession session = machine.Attach("--watch", "10m");
        await LooksAsync(machine, 1);
        machine.Restart("clean", down: TimeSpan.FromSeconds(60));
        session.PressCtrlC();

        Assert.AreEqual(2, await session.EndAsync());
        Assert.Contains("lockleak: ended before the machine answered. It may be stopped now: ", session.Errors);
        Assert.DoesNotContain("(11 s", session.Errors);
    }

    [TestMethod]
    public async Task MachineInABugCheckIsAskedAndTheWatchEnds()
    {
        await using var machine = new LiveMachine("pushlock153");
        using LiveSession session = machine.Attach("--watch", "500ms");

        Assert.AreEqual(1, await session.EndAsync());

        Assert.Contains("leaked-entry", session.Output);
        Assert.EndsWith("stopped in bug check 0x153 KERNEL_LOCK_ENTRY_LEAKED_ON_THREAD_TERMINATION; the watch ends", session.Errors);
        Assert.IsTrue(machine.Server.IsRunning);
    }

    [TestMethod]
    public async Task SilentMachineEndsTheWatch()
    {
        await using var machine = new LiveMachine("clean");
        using LiveSession session = machine.Attach("--watch", "500ms", "--timeout", "5");
        await LooksAsync(machine, 1);
        machine.Server.Faults.Freeze();

        Assert.AreEqual(2, await session.EndAsync());
        Assert.Contains("no answer from the machine for 5 s while ", session.Errors);
    }

    [TestMethod]
    public async Task CommandThatAnswersNoJsonIsRefused()
    {
        await using var machine = new LiveMachine("clean");
        using LiveSession session = machine.Attach("--watch", "500ms", "-c", "k");

        Assert.AreEqual(2, await session.EndAsync());
        Assert.Contains("lockleak: no answer in JSON, as --watch needs it and !lockleak gives it: k", session.Errors);
        Assert.IsTrue(machine.Server.IsRunning);
    }

    /// <summary>Waits until the machine has been looked at some more times and runs.</summary>
    private static Task LooksAsync(LiveMachine machine, int count)
    {
        long stops = machine.Server.Traffic.Current.Stops + count;
        return LiveMachine.UntilAsync(() => machine.Server.Traffic.Current.Stops >= stops && machine.Server.IsRunning);
    }

    private static void End(SyntheticKernel kernel, string thread)
    {
        const ulong terminated = 4; // _KTHREAD_STATE
        kernel.Typed.Set("_ETHREAD", kernel.Thread(thread), "Tcb.State", terminated);
        kernel.Typed.Set("_ETHREAD", kernel.Thread(thread), "Terminated", 1);
    }

    /// <summary>Moves the machine's clock, by which threads say when their wait began.</summary>
    private static void Age(SyntheticKernel kernel, TimeSpan time)
    {
        const ulong sharedUserData = 0xFFFFF780_00000000, ticksPerSecond = 64;
        ulong ticks = kernel.Typed.Get("_KUSER_SHARED_DATA", sharedUserData, "TickCountQuad");
        kernel.Typed.Set("_KUSER_SHARED_DATA", sharedUserData, "TickCountQuad", ticks + (ulong)time.TotalSeconds * ticksPerSecond);
    }
}
