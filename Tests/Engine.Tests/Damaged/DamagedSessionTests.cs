using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using KernelImages;
using KernelImages.Damaged;
using KernelImages.Kernel;
using KernelImages.Scenarios;
using LockLeak.Layouts;
using LockLeak.Tests.Reports;

namespace LockLeak.Engine.Tests.Damaged;

/// <summary>
/// Live machines over a link on which something goes wrong: lockleak ends soon, with the answer that memory gives, with one that says what
/// it could not read, or with one line; and it does not leave a machine stopped without a word.
/// </summary>
/// <remarks>A fixed share in each run of the tests; <c>./build.sh fuzz live</c> takes fresh ones, 50 if no number is given.</remarks>
[TestClass]
public sealed class DamagedSessionTests
{
    private const int Share = 6;
    private const string MayBeStopped = "It may be stopped now";

    /// <summary>Silence ends it after 3 s; the rest is what a bad link takes, on a busy machine.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    private static readonly string[] Scenarios = ["pushlock153", "terminated", "deadlock3", "all-kinds"];
    private static readonly string[] Builds = [Dumps.Usual, "10.0.26100", "10.0.19041"];

    private static readonly Stopwatch Clock = Stopwatch.StartNew();
    private static int sessions, answers, failures;

    public static IEnumerable<int> Seeds => FuzzSeeds.Of(Fuzz.Sessions, Share);

    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    [DynamicData(nameof(Seeds))]
    public async Task SessionEndsWithAnAnswerOrAReason(int seed)
    {
        string scenario = Scenarios[(uint)seed % (uint)Scenarios.Length], build = Builds[(uint)seed % (uint)Builds.Length];
        await using var machine = new LiveMachine(scenario, build);
        var link = new BadLink(machine, seed);
        string name = string.Create(CultureInfo.InvariantCulture, $"seed {seed}, {scenario} on {build}, {link}");
        TestContext.WriteLine(name);
        var clock = Stopwatch.StartNew();
        using LiveSession session = machine.Attach("--timeout", "3", "-json");

        int exitCode = await session.EndAsync();

        Interlocked.Increment(ref sessions);
        Interlocked.Add(ref answers, exitCode == Lockleak.CouldNotRun ? 0 : 1);
        // The last request, to let it run, may still be under way.
        machine.Server.Faults.Clear();
        await Task.Delay(200, CancellationToken.None);
        string? wrong = clock.Elapsed > Longest ? $"it took {clock.Elapsed}"
            : !machine.Server.IsRunning && !session.Errors.Contains(MayBeStopped, StringComparison.Ordinal)
                ? "the machine is left stopped without a word"
            : exitCode == Lockleak.CouldNotRun ? WrongReason(session)
            : WrongAnswer(session, machine.Kernel, WholeAnswer(scenario, build), link);
        Interlocked.Add(ref failures, wrong is null ? 0 : 1);
        Assert.IsNull(wrong, $"{name}, exit code {exitCode}: {session.Output}\n{session.Errors}");
    }

    [ClassCleanup]
    public static void Tell() => Fuzz.Keep(Fuzz.Sessions, string.Create(
        CultureInfo.InvariantCulture,
        $"{sessions} sessions in {Clock.Elapsed.TotalSeconds:F0} s, {answers} answered, {failures} failures"));

    private static string? WrongReason(LiveSession session) =>
        JsonNode.Parse(session.Output)!["error"] is not { } error || error["code"]!.GetValue<string>() == "internal" ? "no reason"
        : Fuzz.IsOurs(session.Errors.Split('\n')[^1]) ? null
        : "the last line is not ours";

    private static string? WrongAnswer(LiveSession session, SyntheticKernel kernel, JsonNode whole, BadLink link)
    {
        JsonNode report = JsonNode.Parse(session.Output)!;
        bool isDoubtful = !report["complete"]!.GetValue<bool>() || report["notes"]!.AsArray().Count > whole["notes"]!.AsArray().Count;
        return Oracles.WrongReport(kernel, session.Output, ReportSchema.Errors)
            ?? (link.ChangesTheMachine || Findings(report) == Findings(whole) ? null
            : !link.SpoilsWhatIsRead ? "other findings than the machine's, over a link that loses nothing"
            : isDoubtful ? null
            : "other findings than the machine's, and no word of what was not as it should be");
    }

    private static JsonNode WholeAnswer(string scenario, string build)
    {
        var kernel = SyntheticKernel.WithImages(ScenarioLibrary.Find(scenario), KernelTypes.Load(build));
        var console = new TextConsole();
        CommandHost.Run("lockleak", "-json", new InMemoryTarget(kernel) { IsLive = true }, console);
        return JsonNode.Parse(console.Output)!;
    }

    private static string Findings(JsonNode report) =>
        string.Join(", ", report["findings"]!.AsArray().Select(finding => $"{finding!["kind"]} {finding["thread"]} {finding["lock"]}"));
}
