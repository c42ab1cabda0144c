using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using KernelImages.Damaged;
using KernelImages.Scenarios;
using LockLeak.Tests.Reports;

namespace LockLeak.Engine.Tests.Damaged;

/// <summary>
/// Damaged dumps in the real engine: it opens them or says that it cannot, and every question ends soon, with an answer or with one line.
/// </summary>
/// <remarks>A fixed share in each run of the tests; <c>./build.sh fuzz dumps</c> takes fresh ones, 200 if no number is given.</remarks>
[TestClass]
public sealed class DamagedDumpTests
{
    private const int Share = 20, ShareOfProgram = 6;

    /// <summary>Of a busy machine; a whole dump of this size takes some milliseconds.</summary>
    private const int LongestMilliseconds = 10_000;

    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    public void EveryQuestionOfASessionIsAnsweredOrRefused()
    {
        var clock = Stopwatch.StartNew();
        IReadOnlyList<int> seeds = FuzzSeeds.Of(Fuzz.Dumps, Share);
        var dumps = new DamagedDumps();
        List<string> wrong = [];
        int asked = 0, opened = 0;
        var debugger = Start();
        // The engine itself, without any extension, dies of a small dump that is opened after another was closed.
        foreach (DamagedDump dump in seeds.Select(dumps.Of).Where(dump => !dump.IsSmall))
        {
            asked++;
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
        string figures = string.Create(
            CultureInfo.InvariantCulture,
            $"{asked} of {seeds.Count} dumps from seed {seeds[0]} on in {clock.Elapsed.TotalSeconds:F0} s, {opened} open, {wrong.Count} " +
                $"failures");
        TestContext.WriteLine(figures);
        Fuzz.Keep(Fuzz.Dumps, figures);
        Assert.IsEmpty(wrong, string.Join("\n\n", wrong));
        StringAssert.Contains(last, "leaked-entry", "the session is as it was before them");
    }

    [TestMethod]
    public void TheProgramGivesEachAnAnswerOrAReason()
    {
        IReadOnlyList<int> seeds = FuzzSeeds.Of(Fuzz.Dumps, ShareOfProgram);
        var dumps = new DamagedDumps();
        List<string> wrong = [];
        foreach (DamagedDump dump in seeds.Select(dumps.Of))
        {
            string[] questions = [.. new Questions(dump.Kernel).OfEachCommand(dump.Seed)];
            string[] options = [.. questions.SelectMany(line => new[] { "-c", line })];
            Lockleak run = Lockleak.Run([dump.Path, "-json", "-y", DamagedDumps.Symbols, .. options]);
            wrong.AddRange(Wrong(dump, run, questions.Length).Select(what => $"{dump.Name}, {string.Join("; ", questions)}: {what}"));
            File.Delete(dump.Path);
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
            string? what = answer.Milliseconds > LongestMilliseconds
                ? $"it took {answer.Milliseconds} ms"
                : Oracles.Wrong(dump.Kernel, Fuzz.Said(line, answer), ReportSchema.Errors);
            if (what is not null)
            {
                wrong.Add($"{dump.Name}, {line}: {what}");
            }
        }

        return true;
    }

    /// <summary>
    /// What is wrong with the program's answers about a dump: a line of JSON for each question, or one that says why not.
    /// </summary>
    private static IEnumerable<string> Wrong(DamagedDump dump, Lockleak run, int questions)
    {
        string[] answers = run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        if (run.ExitCode is not (0 or 1 or 2) || (answers.Length != questions && !(answers.Length == 1 && run.ExitCode == 2)))
        {
            yield return $"exit code {run.ExitCode}: {run.Output}{run.Errors}";
        }

        foreach (string answer in answers)
        {
            JsonNode? error = JsonNode.Parse(answer)!["error"];
            if ((error is null ? Oracles.WrongReport(dump.Kernel, answer, ReportSchema.Errors) : WrongReason(error)) is { } what)
            {
                yield return what;
            }
        }

        foreach (string line in run.Complaints.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => !Fuzz.IsOurs(line)))
        {
            yield return $"no line of ours: {line}";
        }
    }

    private static string? WrongReason(JsonNode error)
    {
        string code = error["code"]!.GetValue<string>(), message = error["message"]!.GetValue<string>();
        bool isDefect = code is "internal" or "engine-died" or "engine-failed";
        return isDefect || message is "" || message.Contains("internal error", StringComparison.Ordinal) ? error.ToJsonString() : null;
    }
}
