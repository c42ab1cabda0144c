using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using KernelImages;
using KernelImages.Dump;
using KernelImages.Kernel;
using KernelImages.Scenarios;
using LockLeak.Engine.Tests.DataModel;
using LockLeak.Layouts;
using LockLeak.Target;

namespace LockLeak.Engine.Tests;

/// <summary>
/// In the real engine the commands answer what they answer on the same machine in memory, and the data model has the same facts.
/// </summary>
[TestClass]
public sealed partial class ScenarioTests
{
    /// <summary>
    /// Names differ there: the engine has no symbols of srv.sys, and those of TestDriver's data, of which memory knows its functions alone.
    /// </summary>
    private static readonly string[] NamedOtherwise = ["machine-name", "hang-named-lock"];

    /// <summary>A name that was made to look like dx's output would be taken for it here.</summary>
    private const string HostileNames = "garbage-names";

    public static IEnumerable<object[]> Scenarios => ScenarioLibrary.All.Select(scenario => new object[] { scenario.Name });

    public static IEnumerable<object[]> Builds => KernelTypes.Builds.Select(build => new object[] { build });

    public TestContext TestContext { get; set; } = null!;

    /// <summary>All of it in one session: to start one takes longer than to answer.</summary>
    [TestMethod]
    [DynamicData(nameof(Scenarios))]
    public void EngineAnswersWhatMemoryAnswersAndTheDataModelAgrees(string scenario)
    {
        string build = SyntheticKernel.UsualBuild(ScenarioLibrary.Find(scenario));
        using var debugger = new Debugger(Dumps.Of(scenario, build));

        if (!NamedOtherwise.Contains(scenario))
        {
            Compare(debugger, scenario, build, DumpFormat.Full, "lockleak -json", "threadlocks -a -json", "lockleak -v -text",
                "lockleak -check -json");
        }

        if (scenario != HostileNames)
        {
            SameFacts.Compare(debugger);
        }

        // Of damaged machines the engine lists other processes and threads than we do.
        if (!scenario.StartsWith("garbage", StringComparison.Ordinal))
        {
            ProcessLocks.Compare(debugger);
        }
    }

    [TestMethod]
    [DynamicData(nameof(Builds))]
    public void AndOnEveryBuild(string build)
    {
        using var debugger = new Debugger(Dumps.Of(Walkthrough.PushLock153.Name, build));

        Compare(
            debugger,
            Walkthrough.PushLock153.Name,
            build,
            DumpFormat.Full,
            "lockleak -json", "lockleak -nosym -json", "lockleak -check -text", "pushlock ffffc788`3a0f6f70 -json");
        SameFacts.Compare(debugger);
    }

    [TestMethod]
    [DataRow(DumpFormat.Bitmap)]
    [DataRow(DumpFormat.Triage)]
    public void AndOnOtherKindsOfDump(DumpFormat format)
    {
        using var debugger = new Debugger(Dumps.Of(Walkthrough.PushLock153.Name, format: format));

        Compare(
            debugger,
            Walkthrough.PushLock153.Name,
            Dumps.Usual,
            format,
            "lockleak -json", "threadlocks -a -json", "pushlock ffffc788`3a0f6f70 -json");
    }

    private void Compare(Debugger debugger, string scenario, string build, DumpFormat format, params IEnumerable<string> commands)
    {
        SyntheticKernel kernel = SyntheticKernel.WithImages(ScenarioLibrary.Find(scenario), KernelTypes.Load(build));
        var memory = new InMemoryTarget(kernel) { IsTriageDump = format == DumpFormat.Triage };
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

    // Without the clock, without lines of sources, which memory has not, and without the bug check that every dump has and not every
    // machine.
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
