using System.Diagnostics;
using LockLeak.Fleet.Engine;

namespace LockLeak.Fleet.Tests;

/// <summary>What one dump may cost its worker.</summary>
[TestClass]
[OSCondition(ConditionMode.Exclude, OperatingSystems.Windows)]
public sealed class LimitTests
{
    private const long Megabyte = 1024 * 1024;
    private static readonly Limits Wide = new(TimeSpan.FromSeconds(60), 1000 * Megabyte, 1000 * Megabyte);

    [TestMethod]
    public async Task ProgramThatEndsIsNotHeldUp()
    {
        ProgramRun run = await RunAsync("printf answer; echo one >&2; echo two >&2; exit 3", Wide);
        Assert.AreEqual(new ProgramRun(3, "answer", "two", null, false), run);
    }

    // As Wine's desktop does, which the first program starts and which outlives it.
    [TestMethod]
    public async Task WhoKeepsThePipesIsNotWaitedFor()
    {
        var clock = Stopwatch.StartNew();
        ProgramRun run = await RunAsync("sleep 20 & echo answer", Wide);
        Assert.AreEqual("answer\n", run.Output);
        Assert.IsLessThan(15, clock.Elapsed.TotalSeconds);
    }

    [TestMethod]
    public async Task TimeLimitEndsAllThatWasStarted()
    {
        // The second is no child of ours any more when the first is ended.
        string sign = $"{Random.Shared.Next(100_000, 999_999)}";
        ProgramRun run = await RunAsync($"(sleep 9{sign} &) ; sleep 8{sign}",
            Wide with { Time = TimeSpan.FromSeconds(0.1) - Limits.Grace });
        Assert.IsTrue(run.TimedOut);
        using Process search = Process.Start(
            new ProcessStartInfo("sh",
                ["-c", $"cat /proc/[0-9]*/cmdline 2> /dev/null | tr '\\0' ' ' | grep -c 'sleep [89]{sign}'"])
            { RedirectStandardOutput = true })!;
        Assert.AreEqual("0", (await search.StandardOutput.ReadToEndAsync()).Trim());
    }

    [TestMethod]
    public async Task MemoryLimitCountsAllThatWasStarted()
    {
        ProgramRun run = await RunAsync("head -c 200M /dev/zero | tail", Wide with { Memory = 100 * Megabyte });
        Assert.AreEqual("took more than 100 MB of memory", run.Exceeded);
    }

    [TestMethod]
    public async Task TemporaryFilesAreLimitedAndDeleted()
    {
        ProgramRun run = await RunAsync("echo $TMP; head -c 20M /dev/zero > $TMP/file; sleep 60", Wide with { Disk = 10 * Megabyte });
        Assert.AreEqual("wrote more than 10 MB of temporary files", run.Exceeded);
        Assert.IsFalse(Directory.Exists(run.Output.Trim()));
    }

    [TestMethod]
    public async Task EndlessAnswerIsEnded()
    {
        ProgramRun run = await RunAsync("yes", Wide);
        StringAssert.StartsWith(run.Exceeded, "answered with more than");
    }

    [TestMethod]
    public async Task StoppedWorkerEndsItsProgram()
    {
        using var stop = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));
        var clock = Stopwatch.StartNew();
        await Assert.ThrowsAsync<OperationCanceledException>(() => ProgramRun.RunAsync("sh", ["-c", "sleep 60"], Wide, stop.Token));
        Assert.IsLessThan(30, clock.Elapsed.TotalSeconds);
    }

    private static Task<ProgramRun> RunAsync(string script, Limits limits) =>
        ProgramRun.RunAsync("sh", ["-c", script], limits, CancellationToken.None);
}
