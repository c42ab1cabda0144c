using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace LockLeak.Engine.Tests;

/// <summary>lockleak.exe with -json, and what scripts get: objects and nothing else.</summary>
[TestClass]
public sealed class HostJsonTests
{
    private static readonly Dump Walkthrough = Dumps.Of("pushlock153");

    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    public void JsonIsOneLineAndNothingElse()
    {
        Lockleak run = Lockleak.On(Walkthrough, "-json");
        Assert.AreEqual(1, run.Output.Count(letter => letter == '\n'), run.Output);
        Assert.AreEqual("lockleak/1", JsonNode.Parse(run.Output)!["schema"]!.GetValue<string>());
        Assert.AreEqual(Lockleak.Found, run.ExitCode);
    }

    [TestMethod]
    public void JsonSaysWhichDumpItIsAbout()
    {
        JsonNode dump = JsonNode.Parse(Lockleak.On(Walkthrough, "-json", "--sha256").Output)!["dump"]!;
        Assert.AreEqual(Walkthrough.Path, dump["file"]!.GetValue<string>());
        Assert.AreEqual(new FileInfo(Walkthrough.Path).Length, dump["bytes"]!.GetValue<long>());
        Assert.AreEqual(Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Walkthrough.Path))), dump["sha256"]!.GetValue<string>());
        Assert.IsNull(JsonNode.Parse(Lockleak.On(Walkthrough, "-json").Output)!["dump"]!["sha256"], "nobody asked for it");
    }

    /// <summary>
    /// The engine says "Invalid thread @ ..." when it is shown an owner that is no thread, on the line that the answer begins on.
    /// </summary>
    [TestMethod]
    public void WhatTheEngineSaysOfItselfDoesNotComeBeforeTheJson()
    {
        Lockleak run = Lockleak.On(Walkthrough, "-json", "-c", "!threadlocks 7; .thread 7; !lockleak");
        string[] lines = run.Output.TrimEnd('\n').Split('\n');
        TestContext.WriteLine(run.Errors);
        Assert.IsTrue(lines.All(line => JsonNode.Parse(line)!["schema"]!.GetValue<string>() == "lockleak/1"), run.Output);
        Assert.Contains("\"findings\"", run.Output);
    }

    [TestMethod]
    public void ErrorsAreJsonWhereJsonWasAskedFor()
    {
        string noDump = Dumps.Elsewhere("no.dmp"), process = Dumps.Elsewhere("process.dmp"), missing = Dumps.Elsewhere("missing.dmp");
        File.WriteAllText(noDump, "This is no dump.");
        MiniDump.Write(process);
        foreach ((string[] arguments, string code, string command) in ((string[], string, string)[])
        [
            ([], "usage", "lockleak"),
            ([missing], "no-such-file", "lockleak"),
            ([noDump], "not-a-dump", "lockleak"),
            ([process], "not-a-kernel-dump", "lockleak"),
            ([Walkthrough.Path, "-c", "!pushlock nosuch!symbol"], "command-failed", "pushlock"),
        ])
        {
            Lockleak run = Lockleak.Run(["-json", .. arguments]);
            Assert.AreEqual(1, run.Output.Count(letter => letter == '\n'), run.Output);
            JsonNode answer = JsonNode.Parse(run.Output)!, error = answer["error"]!;
            Assert.AreEqual(("lockleak/1", command), (answer["schema"]!.GetValue<string>(), answer["command"]!.GetValue<string>()));
            Assert.AreEqual(code, error["code"]!.GetValue<string>());
            Assert.IsTrue(error["permanent"]!.GetValue<bool>(), "another try ends the same way");
            StringAssert.Contains(run.Errors, error["message"]!.GetValue<string>());
            Assert.AreEqual(arguments.FirstOrDefault(), answer["dump"]?["file"]!.GetValue<string>());
            Assert.AreEqual(Lockleak.CouldNotRun, run.ExitCode);
        }
    }

    [TestMethod]
    public void ScriptGivesReportsAsObjects()
    {
        using var debugger = new Debugger(Walkthrough);
        Answer answer = debugger.Run("!lockleak -json; .echo and then");
        Assert.AreEqual("lockleak", answer.Reports.Single().GetProperty("command").GetString());
        StringAssert.StartsWith(answer.Output, "and then\n");
    }

    [TestMethod]
    public void ScriptIsReadAsUtf8()
    {
        using var debugger = new Debugger(Walkthrough);
        Assert.AreEqual(".echo größer als 日本", debugger.Run(".echo größer als 日本").Command);
        Assert.AreEqual("größer als 日本\n", debugger.Run(".echo größer als 日本").Output);
    }
}
