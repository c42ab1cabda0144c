namespace LockLeak.Engine.Tests.Scripts;

/// <summary>Scripts/lockleak.js on real answers of the engine.</summary>
[TestClass]
public class ScriptTests
{
    private const string Leak = """
        1. Thread ffffc788`39108040 (System 4.1928) ended without releasing push lock ffffc788`3a0f6f70; 1 thread waits for it and cannot go on. (leaked-entry, certain)
             waiting: ffffc78838a32040

        """;

    [TestMethod]
    public void RunAloneItPrintsTheFindingsAndLoadsTheExtensionForThat()
    {
        using var debugger = new Debugger(Dumps.Of("pushlock153"));

        ScriptProvider.Outcome before = ScriptProvider.Run(debugger, "const known = host.namespace.Debugger.State.FunctionAliases.lockgraph; invokeScript(); known === undefined");
        Assert.IsTrue(before.Result.GetBoolean(), "The extension was there already: this did not test the way without it.");
        Assert.AreEqual(Leak, before.Printed);
    }

    [TestMethod]
    public void PrintsThatNothingWasFoundAndWhereItLooked()
    {
        using var debugger = new Debugger(Dumps.Of("clean"));

        Assert.MatchesRegex(@"^Nothing found in \d+ threads\.\n$", ScriptProvider.Run(debugger, "invokeScript()").Printed);
    }

    [TestMethod]
    public void FollowsThreadsRoundADeadlockOnce()
    {
        using var debugger = new Debugger(Dumps.Of("deadlock3"));

        ScriptProvider.Outcome circle = ScriptProvider.Run(debugger, "lockchain(Array.from(lockfindings('deadlock')[0].Threads)[0]).map(link => link.Kind)");
        CollectionAssert.AreEquivalent((string[])["push lock", "resource", "fast mutex"], circle.Texts);
    }

    [TestMethod]
    public void FollowsThreadsToTheOneThatRuns()
    {
        using var debugger = new Debugger(Dumps.Of("chain"));

        ScriptProvider.Outcome lengths = ScriptProvider.Run(debugger, "lockGraph().Threads.map(thread => lockchain(thread.Thread).length).sort()");
        Assert.AreEqual("[0,1,2,3,4]", lengths.Result.GetRawText());
    }

    [TestMethod]
    public void GivesFindingsOfOneKindOnly()
    {
        using var debugger = new Debugger(Dumps.Of("deadlock2"));

        Assert.AreEqual("[1,0]", ScriptProvider.Run(debugger, "[lockfindings('deadlock').length, lockfindings('leaked-entry').length]").Result.GetRawText());
    }

    [TestMethod]
    public void WritesTheWaitForGraph()
    {
        string file = Dumps.Elsewhere("locks of deadlock.dot");
        using var debugger = new Debugger(Dumps.Of("deadlock2"));

        ScriptProvider.Run(debugger, $"lockdot({System.Text.Json.JsonSerializer.Serialize(file)})");
        Assert.StartsWith("digraph", File.ReadAllText(file));
    }
}
