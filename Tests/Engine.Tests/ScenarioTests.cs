using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using KernelImages;
using KernelImages.Dump;
using KernelImages.Kernel;
using KernelImages.Layouts;
using KernelImages.Scenarios;
using LockLeak.Target;

namespace LockLeak.Engine.Tests;

/// <summary>In the real engine the commands answer what they answer on the same machine in memory.</summary>
[TestClass]
public sealed partial class ScenarioTests
{
    /// <summary>
    /// Names differ there: the engine has no symbols of srv.sys, and those of TestDriver's data, of which memory knows its functions alone.
    /// </summary>
    private static readonly string[] NamedOtherwise = ["machine-name", "hang-named-lock"];

    public static IEnumerable<object[]> Scenarios => ScenarioLibrary.All.Select(scenario => scenario.Name).Except(NamedOtherwise).Select(scenario => new object[] { scenario });

    public static IEnumerable<object[]> Builds => KernelTypes.Builds.Select(build => new object[] { build });

    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    [DynamicData(nameof(Scenarios))]
    public void EngineAnswersWhatMemoryAnswers(string scenario) => Compare(scenario, KernelTypes.UsualFor(ScenarioLibrary.Find(scenario)), "lockleak -json", "threadlocks -a -json", "lockleak -v -text", "lockleak -check -json");

    [TestMethod]
    [DynamicData(nameof(Builds))]
    public void AndOnEveryBuild(string build) => Compare(Walkthrough.PushLock153.Name, build, "lockleak -json", "lockleak -nosym -json", "lockleak -check -text", "pushlock ffffc788`3a0f6f70 -json");

    [TestMethod]
    [DataRow(DumpFormat.Bitmap)]
    [DataRow(DumpFormat.Triage)]
    public void AndOnOtherKindsOfDump(DumpFormat format) => Compare(Walkthrough.PushLock153.Name, Dumps.Usual, format, "lockleak -json", "threadlocks -a -json", "pushlock ffffc788`3a0f6f70 -json");

    private void Compare(string scenario, string build, params IEnumerable<string> commands) => Compare(scenario, build, DumpFormat.Full, commands);

    private void Compare(string scenario, string build, DumpFormat format, params IEnumerable<string> commands)
    {
        var memory = new InMemoryTarget(SyntheticKernel.WithImages(ScenarioLibrary.Find(scenario), KernelTypes.Load(build))) { IsTriageDump = format == DumpFormat.Triage };
        using var debugger = new Debugger(Dumps.Of(scenario, build, format));
        foreach (string command in commands)
        {
            string[] parts = command.Split(' ', 2);
            var console = new TextConsole();
            CommandResult expected = CommandHost.Run(parts[0], parts[1], memory, console);
            Answer answer = debugger.Run("!" + command);
            TestContext.WriteLine($"{command}: {answer.Milliseconds} ms, {answer.Output.Length} characters");
            Assert.AreEqual(Comparable(console.Output, format), Comparable(answer.Output, format), command);
            Assert.AreEqual(console.Errors, answer.Errors, command);
            Assert.AreEqual(expected.Status < 0 ? expected.Status : expected.Findings, answer.Return, command);
        }
    }

    // Without the clock, without lines of sources, which memory has not, and without the bug check that every dump has and not every machine.
    private static string Comparable(string answer, DumpFormat format)
    {
        if (!answer.StartsWith('{'))
        {
            return Sources.LeftOut(Clock().Replace(answer, ""));
        }

        JsonNode report = JsonNode.Parse(answer)!;
        report["cost"]!.AsObject().Remove("milliseconds");
        Sources.LeaveOut(report);
        if (format == DumpFormat.Triage)
        {
            // The engine does not know the threads of other processors, so nobody tries to read them.
            report.AsObject().Remove("cost");
        }

        if (report["target"]!["bugCheck"]?["code"]!.GetValue<string>() == "0xe2")
        {
            report["target"]!["bugCheck"] = null;
        }

        return report.ToJsonString();
    }

    // With -v the times of the phases, too.
    [GeneratedRegex(@"\d+\.\d\d s(: types [^\n]* ms)?\.$", RegexOptions.Multiline)]
    private static partial Regex Clock();
}
