namespace LockLeak.Engine.Tests.Scripts;

/// <summary>Scripts/lockleak.js on real answers of the engine.</summary>
[TestClass]
public class ScriptTests
{
    /// <summary>Put before an expression it lets the script ask the command, as it does where the extension is not loaded yet.</summary>
    private const string FromJson = "lockGraph = () => fromJson(run('!lockleak -a -json')); ";

    /// <summary>Put before an expression it holds the script to the data model.</summary>
    private const string FromModel = "run = () => { throw new Error('It ran a command.'); }; ";

    /// <summary>What it prints for the dump of the walk-through.</summary>
    internal const string Leak = """
        1. Thread ffffc788`39108040 (System 4.1928) ended without releasing push lock ffffc788`3a0f6f70; 1 thread waits for it and cannot go on. (leaked-entry, certain)
             waiting: ffffc78838a32040

        """;

    [TestMethod]
    [DataRow(FromModel)]
    [DataRow(FromJson)]
    public void PrintsTheFindings(string source)
    {
        using var debugger = new Debugger(Dumps.Of("pushlock153"));

        // The data model writes commas for semicolons.
        Assert.AreEqual(Leak.Replace(';', ','), ScriptProvider.Run(debugger, $"{source}invokeScript()").Printed.Replace(';', ','));
    }

    [TestMethod]
    public void PrintsThatNothingWasFoundAndWhereItLooked()
    {
        using var debugger = new Debugger(Dumps.Of("clean"));

        Assert.MatchesRegex(@"^Nothing found in \d+ threads\.\n$", ScriptProvider.Run(debugger, "invokeScript()").Printed);
    }

    [TestMethod]
    [DataRow(FromModel)]
    [DataRow(FromJson)]
    public void FollowsThreadsRoundADeadlockOnce(string source)
    {
        using var debugger = new Debugger(Dumps.Of("deadlock3"));

        ScriptProvider.Outcome circle =
            ScriptProvider.Run(debugger, source + "lockchain(Array.from(lockfindings('deadlock')[0].Threads)[0]).map(link => link.Kind)");
        CollectionAssert.AreEquivalent((string[])["push lock", "resource", "fast mutex"], circle.Texts);
    }

    [TestMethod]
    public void FollowsThreadsToTheOneThatRuns()
    {
        using var debugger = new Debugger(Dumps.Of("chain"));

        ScriptProvider.Outcome lengths =
            ScriptProvider.Run(debugger, "Array.from(lockGraph().Threads, thread => lockchain(thread.Thread).length).sort()");
        Assert.AreEqual("[0,1,2,3,4]", lengths.Result.GetRawText());
    }

    [TestMethod]
    public void GivesFindingsOfOneKindOnly()
    {
        using var debugger = new Debugger(Dumps.Of("deadlock2"));

        Assert.AreEqual("[1,0]",
            ScriptProvider.Run(debugger, "[lockfindings('deadlock').length, lockfindings('leaked-entry').length]").Result.GetRawText());
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
