namespace LockLeak.Engine.Tests;

/// <summary>Commands that a debugger runs by itself when the machine stops: of a breakpoint, of an event.</summary>
[TestClass]
public sealed class BreakpointTests
{
    private const int Limit = 120_000;

    [TestMethod, Timeout(Limit, CooperativeCancellation = true)]
    [DataRow("bp @$ip \"!lockleak -text; .echo that was it\"")]
    [DataRow("sxe -c \"!lockleak -text; .echo that was it\" bpe")]
    public async Task CommandOfABreakpointAnswers(string set)
    {
        await using var machine = new LiveMachine("terminated");
        using LiveSession session = await machine.AttachScriptAsync();
        session.Send(set);
        session.Send("g");
        await machine.RunningAsync();
        machine.Server.StopByItself();
        await session.PrintsAsync("that was it");
        session.Send("!lockhelp pushlock");
        session.CloseInput();

        Assert.AreEqual(0, await session.EndAsync(), session.Errors);

        string stopped = session.Output.Split('\n').Single(line => line.Contains("that was it", StringComparison.Ordinal) && line.StartsWith("{\"command\":\"g\"", StringComparison.Ordinal));
        Assert.Contains("LEAKED  Thread", stopped);
        Assert.Contains("\"command\":\"!lockhelp pushlock\"", session.Output, "the session goes on");
        Assert.IsTrue(machine.Server.IsRunning);
    }
}
