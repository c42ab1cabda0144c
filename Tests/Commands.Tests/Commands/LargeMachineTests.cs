using System.Diagnostics;
using System.Text.Json;
using KernelImages;
using KernelImages.Kernel;
using KernelImages.Scenarios;
using LockLeak.Layouts;
using LockLeak.Target;

namespace LockLeak.Tests.Commands;

/// <summary>Many threads at one lock, and one thread behind the other: the cost grows with their number, not with its square.</summary>
[TestClass]
public sealed class LargeMachineTests
{
    [TestMethod]
    [DataRow("6.1.7601")]
    [DataRow("10.0.22621")]
    [DataRow("10.0.26100")]
    public void ReadsGrowWithTheNumberOfWaiters(string build)
    {
        int few = Run(Crowd(20), build, "!lockleak", out _), many = Run(Crowd(200), build, "!lockleak", out _);
        Assert.IsLessThan(few * 11, many);
    }

    [TestMethod]
    public void AThousandThreadsInARowAreAChainAndNoDeadlock()
    {
        const int Length = 1000;
        var clock = Stopwatch.StartNew();

        Run(Row(Length), "10.0.22621", "!lockleak -json", out Answer answer);

        Assert.IsLessThan(TimeSpan.FromSeconds(20), clock.Elapsed);
        Assert.AreEqual(0, answer.Result.Findings);
        JsonElement chain = answer.Json.GetProperty("chains")[0];
        Assert.AreEqual(Length, chain.GetProperty("threads").GetArrayLength());
        Assert.AreEqual(Length - 1, chain.GetProperty("blocked").GetInt32());
    }

    [TestMethod]
    public void ACrowdOfWaitersIsCutShort()
    {
        Run(Crowd(200) with { Locks = [new PushLock("lock") { LostOwner = true, Waiters = [.. Names(200)] }] }, "10.0.22621", "!lockleak",
            out Answer brief);
        Run(Crowd(200) with { Locks = [new PushLock("lock") { LostOwner = true, Waiters = [.. Names(200)] }] }, "10.0.22621",
            "!lockleak -v", out Answer verbose);

        StringAssert.Contains(brief.Output, "    waiters   200\n");
        StringAssert.Contains(brief.Output, "      and 184 more (-v shows all)\n");
        Assert.DoesNotContain("more (-v shows all)", verbose.Output);
    }

    private static IEnumerable<Claim> Names(int count) => Enumerable.Range(0, count).Select(i => new Claim($"waiter {i}"));

    /// <summary>One owner that runs, and many that wait for it.</summary>
    private static Scenario Crowd(int waiters) => new("crowd", "Many threads wait for one lock")
    {
        Processes =
        [
            new("System", 4)
            {
                ParentPid = 0,
                Threads = [new("owner", 0x100) { Processor = 0 },
                    .. Enumerable.Range(0, waiters).Select(i => new ThreadSpec($"waiter {i}", 0x104 + 4 * (ulong)i))],
            },
        ],
        Locks = [new PushLock("lock") { Owners = ["owner"], Waiters = [.. Names(waiters)] }],
    };

    /// <summary>Each thread waits for a lock of the next, the last one runs.</summary>
    private static Scenario Row(int length) => new("row", "Threads wait in a row")
    {
        Processes =
        [
            new("System", 4)
            {
                ParentPid = 0,
                Threads = [.. Enumerable.Range(0, length)
                    .Select(i => new ThreadSpec($"{i}", 0x100 + 4 * (ulong)i) { Processor = i == length - 1 ? 0 : null })],
            },
        ],
        Locks = [.. Enumerable.Range(0, length - 1).Select(i => new PushLock($"lock {i}") { Owners = [$"{i + 1}"], Waiters = [$"{i}"] })],
    };

    public static IEnumerable<object[]> Builds => KernelTypes.Builds.Select(build => new object[] { build });

    /// <summary>2,000 threads in 100 processes, twenty of which use locks: nothing is wrong, whatever the layout.</summary>
    [TestMethod]
    [DynamicData(nameof(Builds))]
    public void ABusyMachineGivesNoFinding(string build)
    {
        Run(Ordinary.Busy, build, "!lockleak", out Answer answer);
        Assert.AreEqual(0, answer.Result.Findings, answer.Output);
    }

    private static int Run(Scenario scenario, string build, string line, out Answer answer)
    {
        var target = new InMemoryTarget(SyntheticKernel.Build(scenario, KernelTypes.Load(build)));
        answer = Session.Run(target, line);
        Assert.AreEqual(CommandResult.Ok, answer.Result.Status, answer.Errors);
        return target.Reads;
    }
}
