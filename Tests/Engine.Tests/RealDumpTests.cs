using System.Text.Json.Nodes;

namespace LockLeak.Engine.Tests;

/// <summary>
/// Dumps of real machines, which cannot be part of the project: those in the folder that the environment variable LOCKLEAK_DUMPS names,
/// opened without symbols. Each gets an answer or a clear message.
/// </summary>
[TestClass]
public sealed class RealDumpTests
{
    private const string Variable = "LOCKLEAK_DUMPS", NoFolder = "";
    private static readonly string[] Commands = ["!lockleak", "!lockleak -v", "!threadlocks", "!threadlocks -a", "!pushlock 0"];

    public static IEnumerable<object[]> Files =>
        Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } folder
            ? Directory.EnumerateFiles(folder, "*.dmp",
                new EnumerationOptions { MatchCasing = MatchCasing.CaseInsensitive, RecurseSubdirectories = true }).Order()
                    .Select(file => new object[] { file })
            : [[NoFolder]];

    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    [DynamicData(nameof(Files))]
    public void RealDumpGetsAnAnswerOrAClearMessage(string file)
    {
        if (file == NoFolder)
        {
            Assert.Inconclusive($"{Variable} names no folder of real dumps.");
        }

        string noSymbols = Path.GetDirectoryName(Dumps.Elsewhere("x"))!;
        foreach (string command in Commands)
        {
            Lockleak text = Lockleak.Run("-z", Lockleak.PathForWindows(file), "-y", noSymbols, "-c", command);
            Lockleak json = Lockleak.Run("-z", Lockleak.PathForWindows(file), "-y", noSymbols, "-c", command + " -json");
            TestContext.WriteLine($"> {command}: exit code {text.ExitCode}\n{text.Output}{text.Complaints}\n{json.Output}");

            AssertIsClear(text, command);
            AssertIsClear(json, command);
            Assert.AreEqual(text.ExitCode, json.ExitCode, command);
            if (json.ExitCode != Lockleak.CouldNotRun)
            {
                AssertIsOneReport(json.Output);
            }
        }
    }

    private static void AssertIsClear(Lockleak run, string command)
    {
        Assert.DoesNotContain("internal error", run.Errors + run.Output, command);
        Assert.DoesNotContain("Exception", run.Errors + run.Output, command);
        Assert.IsTrue(run.ExitCode is Lockleak.NothingFound or Lockleak.Found or Lockleak.CouldNotRun,
            $"{command}: exit code {run.ExitCode}");
        if (run.ExitCode == Lockleak.CouldNotRun)
        {
            Assert.HasCount(1, run.Complaints.Split('\n', StringSplitOptions.RemoveEmptyEntries),
                $"{command}: one line says why: {run.Complaints}");
        }
        else
        {
            Assert.AreNotEqual("", run.Output, command);
        }
    }

    /// <summary>One object of ASCII on one line, and nothing before or after it.</summary>
    private static void AssertIsOneReport(string output)
    {
        Assert.AreEqual(1, output.Count(letter => letter == '\n'), output);
        Assert.IsTrue(output.All(char.IsAscii), "the JSON is ASCII");
        Assert.AreEqual("lockleak/1", JsonNode.Parse(output)!["schema"]!.GetValue<string>());
    }
}
