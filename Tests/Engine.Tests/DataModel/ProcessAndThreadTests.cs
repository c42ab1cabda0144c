using System.Text.Json.Nodes;

namespace LockLeak.Engine.Tests.DataModel;

/// <summary>
/// Locks, the key of the debugger's own process and thread objects; <see cref="ScenarioTests"/> asks for it on every scenario, too.
/// </summary>
[TestClass]
public sealed class ProcessAndThreadTests
{
    [TestMethod]
    public void AThreadHasTheLocksThatItOwnsAndWaitsFor()
    {
        using var debugger = new Debugger(Dumps.Of("pushlock153"));

        IReadOnlyDictionary<string, string> use = DxOutput.Ask(debugger, "@$curprocess.Threads[0x780].Locks").Single();

        Assert.AreEqual("0xffffc78838a32040", use["Thread"]);
        Assert.AreEqual("waits", use["Relation"]);
        Assert.AreEqual("push lock", use["Kind"]);
        Assert.AreEqual("0xffffc7883a0f6f70 : Locked Waiting", use["Lock"]);
        Assert.AreEqual("0xffffc78838a326e0 : waits push lock ffffc788`3a0f6f70", use["Entry"]);
    }

    [TestMethod]
    public void AWaitWithoutALockEntryIsThereToo()
    {
        using var debugger = new Debugger(Dumps.Of("mutexes"));

        IReadOnlyList<IReadOnlyDictionary<string, string>> uses =
            DxOutput.Ask(debugger, "@$cursession.Processes.SelectMany(p => p.Threads).SelectMany(t => t.Locks)");

        Assert.Contains(use => use["Kind"] == "mutant" && use["Relation"] == "waits", uses);
    }

    [TestMethod]
    public void ASessionHasAllLocks()
    {
        using var debugger = new Debugger(Dumps.Of("deadlock3"));
        JsonObject report = JsonNode.Parse(debugger.Run("!lockleak -a -json").Output)!.AsObject();

        IReadOnlyList<IReadOnlyDictionary<string, string>> locks = DxOutput.Ask(debugger, "@$cursession.Locks");

        CollectionAssert.AreEqual(report["locks"]!.AsArray().Select(node => ProcessLocks.Short(node!["lock"])).ToList(),
            locks.Select(node => ProcessLocks.First(node["Lock"])).ToList());
        StringAssert.Contains(debugger.Run("dx @$cursession.Locks.Where(l => l.Waiters.Any()).Count()").Output, ": 0x3");
    }

    [TestMethod]
    public void AllLocksFitIntoAGrid()
    {
        using var debugger = new Debugger(Dumps.Of("pushlock153"));

        string grid = debugger.Run("dx -g @$cursession.Processes.SelectMany(p => p.Locks)").Output;

        StringAssert.Contains(grid, "= Relation = Kind         = Lock");
        StringAssert.Contains(grid,
            "- owns     - push lock    - 0xffffc7883a0f6f70 : Locked Waiting    - 0xffffc788391086e0 : owns push lock");
    }
}
