using System.Text.Json.Nodes;

namespace LockLeak.Engine.Tests.DataModel;

/// <summary>dx functions that give a command's JSON as one string, and addresses that are given as strings.</summary>
[TestClass]
public sealed class JsonFunctionTests
{
    [TestMethod]
    [DataRow("@$lockreport()", "!lockleak -json")]
    [DataRow("@$threadreport()", "!threadlocks -json")]
    [DataRow("@$threadreport(\"0xffffc78839108040\")", "!threadlocks ffffc788`39108040 -json")]
    [DataRow("@$threadreport(@$curprocess.Threads[0x780].KernelObject)", "!threadlocks ffffc788`38a32040 -json")]
    [DataRow("@$pushlockreport(\"ffffc788`3a0f6f70\")", "!pushlock ffffc788`3a0f6f70 -json")]
    [DataRow("@$pushlockreport(0xffffc7883a0f6f70)", "!pushlock ffffc788`3a0f6f70 -json")]
    public void TheStringIsTheJsonOfTheCommand(string expression, string command)
    {
        using var debugger = new Debugger(Dumps.Of("pushlock153"));
        string expected = debugger.Run(command).Output;

        string shown = debugger.Run($"dx {expression}").Output;

        string json = shown[(shown.IndexOf(" : ", StringComparison.Ordinal) + 3)..shown.IndexOf("\n    Length", StringComparison.Ordinal)];
        Assert.AreEqual(WithoutCost(expected), WithoutCost(json));
    }

    [TestMethod]
    [DataRow("@$threadreport(\"nonsense\")", "That is no address")]
    [DataRow("@$threadreport(\"0\")", "threadlocks: ")]
    [DataRow("@$pushlockreport()", "pushlockreport takes the address of a lock.")]
    [DataRow("@$pushlockreport(\"0; !lockhelp\")", "That is no address")]
    [DataRow("@$lockreport(1)", "lockreport takes no argument.")]
    public void WhatIsWrongIsSaid(string expression, string why)
    {
        using var debugger = new Debugger(Dumps.Of("pushlock153"));
        Answer answer = debugger.Run($"dx {expression}");
        Assert.Contains(why, answer.Output + answer.Errors);
    }

    [TestMethod]
    public void LockAtTakesAString()
    {
        using var debugger = new Debugger(Dumps.Of("pushlock153"));
        Assert.Contains("Kind             : push lock", debugger.Run("dx @$lockat(\"ffffc788`3a0f6f70\")").Output);
    }

    [TestMethod]
    public void TheSessionHasAllLocks()
    {
        using var debugger = new Debugger(Dumps.Of("deadlock3"));
        Assert.AreEqual(
            DxOutput.Ask(debugger, "@$lockgraph().Locks").Count,
            DxOutput.Ask(debugger, "@$cursession.Locks").Count);
    }

    private static string WithoutCost(string json)
    {
        JsonObject report = JsonNode.Parse(json)!.AsObject();
        report.Remove("cost");
        return report.ToJsonString();
    }
}
