using System.Text.Json;
using CsCheck;
using KernelImages;
using KernelImages.Kernel;
using KernelImages.Scenarios;
using LockLeak.Layouts;

namespace LockLeak.Tests.Analysis;

/// <summary>Whoever waits for whom: a circle is found if there is one, and whatever is called a circle or a chain is one.</summary>
[TestClass]
public sealed class WaitGraphTests
{
    private const int Samples = 150;
    private const int Nothing = -1;

    private static readonly Gen<string> Builds = Gen.OneOf("10.0.14393", "10.0.19041", "10.0.22621", "10.0.26100", "10.0.28000");

    /// <summary>Which lock each thread waits for, and which threads own each lock (none, one, or some that share it).</summary>
    private static readonly Gen<(int[] WaitsFor, int[][] Owners)> Graphs =
        Gen.Select(Gen.Int[1, 9], Gen.Int[1, 5]).SelectMany((threads, locks) => Gen.Select(
        Gen.Int[Nothing, locks - 1].Array[threads],
        Gen.Int[0, threads - 1].Array[0, 3].Select(owners => owners.Distinct().ToArray()).Array[locks]));

    [TestMethod]
    public void CirclesAndChainsAreWhatTheMachineHolds() =>
        Gen.Select(Graphs, Builds).Sample(
            (graph, build) =>
            {
                SyntheticKernel kernel = SyntheticKernel.Build(Machine(graph.WaitsFor, graph.Owners), KernelTypes.Load(build));

                JsonElement report = Session.Run(new InMemoryTarget(kernel), "!lockleak -json").Json;

                Dictionary<ulong, int> threads = Enumerable.Range(0, graph.WaitsFor.Length).ToDictionary(t => kernel.Thread($"thread {t}"));
                Dictionary<ulong, int> locks = Enumerable.Range(0, graph.Owners.Length).ToDictionary(l => kernel.Lock($"lock {l}"));
                int[] Numbers(JsonElement item, string property, Dictionary<ulong, int> names) =>
                    [.. item.GetProperty(property).EnumerateArray().Select(address => names[Convert.ToUInt64(address.GetString(), 16)])];

                HashSet<int> caught = [];
                foreach (JsonElement finding in report.GetProperty("findings").EnumerateArray())
                {
                    Assert.AreEqual("deadlock", finding.GetProperty("kind").GetString());
                    int[] circle = Numbers(finding, "threads", threads);
                    AssertLine([.. circle, circle[0]], Numbers(finding, "locks", locks), graph);
                    CollectionAssert.AllItemsAreUnique(circle);
                    caught.UnionWith([.. circle, .. Numbers(finding, "waiters", threads)]);
                }

                CollectionAssert.AreEquivalent(
                    Enumerable.Range(0, graph.WaitsFor.Length).Where(t => Reaches(t, t, graph)).Except(caught).ToArray(),
                    Array.Empty<int>(), "every thread on a circle is caught in one");
                Assert.IsTrue(caught.All(thread => graph.WaitsFor[thread] != Nothing));
                foreach (JsonElement chain in report.GetProperty("chains").EnumerateArray())
                {
                    int[] line = Numbers(chain, "threads", threads);
                    AssertLine(line, Numbers(chain, "locks", locks), graph);
                    Assert.IsTrue(graph.WaitsFor[line[^1]] is var last && (last == Nothing || graph.Owners[last].Length == 0),
                        "the last thread of a chain waits for nobody");
                    Assert.AreEqual(Enumerable.Range(0, graph.WaitsFor.Length).Count(t => t != line[^1] && Reaches(t, line[^1], graph)),
                        chain.GetProperty("blocked").GetInt32());
                }
            }, iter: Samples);

    /// <summary>Each thread waits for the lock at its index, and the next thread owns that lock.</summary>
    private static void AssertLine(int[] threads, int[] locks, (int[] WaitsFor, int[][] Owners) graph)
    {
        Assert.HasCount(threads.Length - 1, locks);
        for (int i = 0; i < locks.Length; i++)
        {
            Assert.AreEqual(locks[i], graph.WaitsFor[threads[i]]);
            CollectionAssert.Contains(graph.Owners[locks[i]], threads[i + 1]);
        }
    }

    /// <summary>True when a thread waits for another one, directly or not.</summary>
    private static bool Reaches(int from, int to, (int[] WaitsFor, int[][] Owners) graph)
    {
        HashSet<int> seen = [];
        Queue<int> open = new([from]);
        while (open.TryDequeue(out int thread))
        {
            foreach (int owner in graph.WaitsFor[thread] == Nothing ? [] : graph.Owners[graph.WaitsFor[thread]])
            {
                if (owner == to)
                {
                    return true;
                }

                if (seen.Add(owner))
                {
                    open.Enqueue(owner);
                }
            }
        }

        return false;
    }

    private static Scenario Machine(int[] waitsFor, int[][] owners) => new("random", "Threads wait for each other")
    {
        Processes = [new("System",
            4) { ParentPid = 0, Threads = [.. waitsFor.Select((waits, t) => new ThreadSpec($"thread {t}", 0x100 + 4 * (ulong)t))] }],
        Locks =
        [
            .. owners.Select((threads, l) => new PushLock($"lock {l}")
            {
                Owners = [.. threads.Select(t => new Claim($"thread {t}") { Shared = threads.Length > 1 })],
                Waiters = [.. Enumerable.Range(0, waitsFor.Length).Where(t => waitsFor[t] == l)
                    .Select(t => new Claim($"thread {t}") { Shared = t % 2 == 1 })],
            }),
        ],
    };
}
