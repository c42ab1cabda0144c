using KernelImages;
using KernelImages.Kernel;
using KernelImages.Scenarios;
using LockLeak.Layouts;
using LockLeak.Tests.Commands;

namespace LockLeak.Tests.Costs;

/// <summary>What -fast reads: the table, and the threads whose entries are in it; nothing for any other thread.</summary>
[TestClass]
public sealed class FastCostTests
{
    private const int Table = 0x10000, MostReadsOfTable = 17;

    public required TestContext TestContext { get; set; }

    [TestMethod]
    public void AFifteenthOfTheWalk()
    {
        InMemoryTarget target = Machines.Target(Ordinary.Idle.Name);
        ReadLog walk = ReadLog.Of(target, "!lockleak"), fast = ReadLog.Of(target, "!lockleak -fast");

        TestContext.WriteLine($"{walk.Reads.Count} reads, {walk.Bytes} bytes; -fast {fast.Reads.Count}, {fast.Bytes}");
        Assert.IsLessThan(walk.Reads.Count / 15, fast.Reads.Count);
    }

    [TestMethod]
    public void AThreadWithoutEntriesCostsNothing()
    {
        ReadLog few = Of(threads: 10), many = Of(threads: 500);
        Assert.AreEqual(few.Reads.Count, many.Reads.Count);
        Assert.AreEqual(few.Bytes, many.Bytes);
    }

    [TestMethod]
    public void TheTableIsReadOnce()
    {
        foreach (string build in FastTests.Generations)
        {
            SyntheticKernel kernel = Machines.Kernel("deadlock3", build);
            ulong table = kernel.Modules.Kernel("KiAbTreeArray");
            ReadLog log = ReadLog.Of(Machines.Target("deadlock3", build), "!lockleak -fast");

            var reads = log.Reads.Where(read => read.Address - table < Table).ToList();
            Assert.AreEqual(Table, reads.Sum(read => read.Size));
            Assert.IsLessThanOrEqualTo(MostReadsOfTable, reads.Count);
            Assert.HasCount(log.Reads.Distinct().Count(), log.Reads, "nothing is read twice");
        }
    }

    [TestMethod]
    public void APushLockCostsItsBucket()
    {
        InMemoryTarget target = Machines.Target("busy");
        LockSpec contended = target.Kernel.Scenario.Locks.First(item => item is PushLock && item.Waiters.Count > 0);
        string line = $"!pushlock {target.Kernel.Lock(contended.Name):x}";
        ReadLog walk = ReadLog.Of(target, line), fast = ReadLog.Of(target, $"{line} -fast");

        TestContext.WriteLine($"{walk.Reads.Count} reads, {walk.Bytes} bytes; -fast {fast.Reads.Count}, {fast.Bytes}");
        Assert.IsLessThan(walk.Reads.Count / 20, fast.Reads.Count);
    }

    private static ReadLog Of(int threads)
    {
        var scenario = new Scenario("idle threads", "Threads that hold nothing and wait for nothing")
        {
            Processes = [new("many.exe", 0x1000)
            {
                Threads = [.. Enumerable.Range(0, threads).Select(t => new ThreadSpec($"{t}", 0x2000 + 4 * (ulong)t))],
            }],
        };
        return ReadLog.Of(new InMemoryTarget(SyntheticKernel.Build(scenario, KernelTypes.Load("10.0.22621"))), "!lockleak -fast");
    }
}
