using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using KernelImages.Damaged;
using KernelImages.Scenarios;
using LockLeak.Build;
using LockLeak.Tests.Reports;

namespace LockLeak.Engine.Tests.Damaged;

/// <summary>Damaged dumps in the real engine: it opens them or says that it cannot, and every question ends soon, with an answer or with one line.</summary>
/// <remarks>A fixed share in each run of the tests; <c>./build.sh fuzz dumps</c> takes fresh ones, 200 if no number is given.</remarks>
[TestClass]
public sealed class DamagedDumpTests
{
    private const int Share = 24, ShareOfProgram = 6;

    /// <summary>Of a busy machine; a whole dump of this size takes some milliseconds.</summary>
    private const int LongestMilliseconds = 10_000;

    /// <summary>As many as one process is given, which has its own limit of time.</summary>
    private const int Together = 20;

    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    public void EveryQuestionOfASessionIsAnsweredOrRefused()
    {
        var clock = Stopwatch.StartNew();
        IReadOnlyList<int> seeds = FuzzSeeds.Of(Fuzz.Dumps, Share);
        var dumps = new DamagedDumps();
        List<string> wrong = [];
        int opened = 0;
        var debugger = Start();
        foreach (DamagedDump dump in seeds.Select(dumps.Of))
        {
            try
            {
                opened += Ask(debugger, dump, wrong) ? 1 : 0;
            }
            catch (AssertFailedException e)
            {
                wrong.Add($"{dump.Name}: {e.Message}");
                debugger.Dispose();
                debugger = Start();
            }

            File.Delete(dump.Path);
        }

        string last = AskWhole(debugger);
        debugger.Dispose();
        string line = string.Create(CultureInfo.InvariantCulture, $"{seeds.Count} dumps from seed {seeds[0]} in {clock.Elapsed.TotalSeconds:F0} s, {opened} opened, {wrong.Count} failures");
        TestContext.WriteLine(line);
        Fuzz.Keep(Fuzz.Dumps, line);
        Assert.IsEmpty(wrong, string.Join("\n\n", wrong));
        StringAssert.Contains(last, "leaked-entry", "the session is as it was before them");
    }

    [TestMethod]
    public void TheProgramGivesEachAnAnswerOrAReason()
    {
        IReadOnlyList<int> seeds = FuzzSeeds.Of(Fuzz.Dumps, ShareOfProgram);
        var dumps = new DamagedDumps();
        List<string> wrong = [];
        foreach (DamagedDump[] some in seeds.Select(dumps.Of).Chunk(Together))
        {
            Lockleak run = Lockleak.Run(["-json", "-y", DamagedDumps.Symbols, .. some.Select(dump => dump.Path)]);
            string[] answers = run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
            Assert.HasCount(some.Length, answers, $"one for each of {some[0].Name} and the next: {run.Output}{run.Errors}");
            wrong.AddRange(some.Zip(answers, (dump, answer) => Wrong(dump, answer) is { } what ? $"{dump.Name}: {what}" : null).OfType<string>());
            wrong.AddRange(run.Complaints.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => !IsOurs(line)).Select(line => $"{some[0].Name} and the next: {line}"));
        }

        Assert.IsEmpty(wrong, string.Join("\n\n", wrong));
    }

    private static Debugger Start()
    {
        Dump whole = Dumps.Of(Walkthrough.PushLock153.Name);
        return new Debugger(Lockleak.Start(["-z", whole.Path, "-y", DamagedDumps.Symbols, "-i", whole.Symbols, "--script"]));
    }

    private static string AskWhole(Debugger debugger)
    {
        debugger.Run(".detach");
        debugger.Run($".opendump {Lockleak.PathForWindows(Dumps.Of(Walkthrough.PushLock153.Name).Path)}");
        return debugger.Run("!lockleak -json").Output;
    }

    /// <summary>Asks one dump in a session; false when the engine does not open it.</summary>
    private static bool Ask(Debugger debugger, DamagedDump dump, List<string> wrong)
    {
        debugger.Run(".detach");
        Answer open = debugger.Run($".opendump {Lockleak.PathForWindows(dump.Path)}");
        if (open.Prompt == "NoTarget>")
        {
            Assert.AreNotEqual("", open.Errors, "the engine says why");
            return false;
        }

        foreach (string line in new Questions(dump.Kernel).OfEachCommand(dump.Seed))
        {
            Answer answer = debugger.Run(line);
            string? what = answer.Milliseconds > LongestMilliseconds ? $"it took {answer.Milliseconds} ms" : Oracles.Wrong(dump.Kernel, Fuzz.Said(line, answer), ReportSchema.Errors);
            if (what is not null)
            {
                wrong.Add($"{dump.Name}, {line}: {what}");
            }
        }

        return true;
    }

    private static string? Wrong(DamagedDump dump, string answer) =>
        JsonNode.Parse(answer)!["error"] is { } error
            ? error["code"]!.GetValue<string>() is "internal" or "engine-died" ? answer : null
            : Oracles.WrongReport(dump.Kernel, answer, ReportSchema.Errors);

    private static bool IsOurs(string line) => line.StartsWith("lockleak: ", StringComparison.Ordinal) && !line.Contains("Exception", StringComparison.Ordinal);
}
