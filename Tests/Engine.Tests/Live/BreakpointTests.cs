namespace LockLeak.Engine.Tests;

/// <summary>Commands that a debugger runs by itself when the machine stops: of a breakpoint, of an event.</summary>
[TestClass]
public sealed class BreakpointTests
{
    private const int Limit = 120_000;

    /// <summary>How the answer to <c>g</c> begins, which comes when the machine has stopped again.</summary>
    private const string Stopped = "{\"command\":\"g\"";

    [TestMethod, Timeout(Limit, CooperativeCancellation = true)]
    [DataRow("bp @$ip \"!lockleak -text; .echo that was it\"")]
    [DataRow("sxe -c \"!lockleak -text; .echo that was it\" bpe")]
    public async Task CommandOfABreakpointAnswers(string set)
    {
        await using var machine = new LiveMachine("terminated");
        using LiveSession session = await machine.AttachScriptAsync();
        session.Send(set);
        session.Send("g");
        // No code runs in the stand-in: a breakpoint where it stands is met again at once.
        await LiveMachine.UntilAsync(() => machine.Server.IsRunning || session.Output.Contains(Stopped, StringComparison.Ordinal));
        if (machine.Server.IsRunning)
        {
            machine.Server.StopByItself();
        }

        await session.PrintsAsync(Stopped);
        session.Send("!lockhelp pushlock");
        session.CloseInput();

        Assert.AreEqual(0, await session.EndAsync(), session.Errors);

        string answer = session.Output.Split('\n').Single(line => line.StartsWith(Stopped, StringComparison.Ordinal));
        Assert.Contains("LEAKED  Thread", answer);
        Assert.Contains("that was it", answer);
        Assert.Contains("\"command\":\"!lockhelp pushlock\"", session.Output, "the session goes on");
        Assert.IsTrue(machine.Server.IsRunning);
    }
}
