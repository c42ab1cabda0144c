using System.Diagnostics;
using KernelImages;
using KernelImages.Kernel;
using KernelImages.Scenarios;
using LockLeak.Layouts;

namespace LockLeak.Benchmarks;

/// <summary>
/// Processor time of <c>!lockleak</c> for each thread as machines grow, in memory. What counts is the ratio to the smallest machine
/// of a row: a step that looks at everything for each thing shows as a ratio that grows with the size.
/// </summary>
/// <remarks>
/// Each command begins as the first one in a debugger does: with a heap that has nothing to give, and a machine that is not in the
/// processor's caches. Otherwise a small one would be measured in memory that the one before it had left warm, which a large one never
/// has; that alone made 10,000 waiters look twice as dear as 100. So there are as many machines of a size as make up the largest one, a
/// round asks each of them once, and the heap is given back in between, outside the time that is taken. In a round all sizes of a row take
/// their turn, and a ratio is the median of those of the rounds: whatever slows the processor down for a while slows both sides.
/// </remarks>
internal static class Scaling
{
    /// <summary>Rounds that count, at least; the one before them compiles everything.</summary>
    private const int Rounds = 5;

    /// <summary>So long a row goes on. Medians of five rounds of the busy machine differ by a tenth from one run to the next.</summary>
    private static readonly TimeSpan LongEnough = TimeSpan.FromSeconds(25);

    private static readonly KernelTypes Types = KernelTypes.Load("22621");

    private static readonly (string What, int[] Sizes, Func<int, Scenario> Machine)[] Rows =
    [
        ("idle threads", [2_000, 20_000, 100_000], threads => Crowds.Idle(threads / 20, 20)),
        ("processes", [500, 5_000], processes => Crowds.Idle(processes, 4)),
        ("busy machine", [2_000, 10_000], threads => Crowds.Contention(threads / 20, 20)),
        ("waiters of a push lock", [100, 1_000, 10_000],
            waiters => Crowds.OnOneLock(waiters, (owner, queue) => new PushLock("lock") { Owners = [owner], Waiters = queue })),
        ("waiters of a resource", [100, 1_000, 10_000],
            waiters => Crowds.OnOneLock(waiters, (owner, queue) => new Resource("lock") { Owners = [owner], Waiters = queue })),
        ("waiters of a mutant", [100, 1_000, 10_000],
            waiters => Crowds.OnOneLock(waiters, (owner, queue) => new Mutant("lock") { Owners = [owner], Waiters = queue })),
        ("threads in a row", [100, 1_000, 3_000], Crowds.InARow),
    ];

    /// <summary>Measures and prints.</summary>
    /// <param name="wanted">Rows whose names contain this.</param>
    public static void Print(string wanted)
    {
        Console.WriteLine($"{"",-24}{"size",8}{"us/thread",12}{"ratio",8}{"bytes/thread",15}");
        foreach ((string what, int[] sizes, Func<int, Scenario> machine) in Rows.Where(row =>
            row.What.Contains(wanted, StringComparison.Ordinal)))
        {
            Crowd[] crowds = [.. sizes.Select(size => new Crowd(
                [.. Enumerable.Range(0, sizes[^1] / size).Select(_ => SyntheticKernel.Build(machine(size), Types))]))];
            var clock = Stopwatch.StartNew();
            for (int round = 0; round <= Rounds || clock.Elapsed < LongEnough; round++)
            {
                foreach (Crowd crowd in crowds)
                {
                    crowd.Ask(counted: round > 0);
                }
            }

            foreach ((int size, Crowd crowd) in sizes.Zip(crowds))
            {
                double ratio = crowd.Times.Zip(crowds[0].Times, (time, smallest) => time / smallest).Median();
                Console.WriteLine(FormattableString.Invariant(
                    $"{what,-24}{size,8:N0}{crowd.Times.Median(),12:F2}{ratio,8:F2}{crowd.Bytes,15:N0}"));
            }
        }
    }

    /// <summary>As many machines of one size as make up the largest of the row.</summary>
    private sealed class Crowd(IReadOnlyList<SyntheticKernel> machines)
    {
        private readonly InMemoryTarget[] targets = [.. machines.Select(machine => new InMemoryTarget(machine))];
        private readonly int threads = machines.Sum(machine => machine.Threads.Count);

        /// <summary>Microseconds for each thread, one figure for each round.</summary>
        public List<double> Times { get; } = [];

        /// <summary>Bytes allocated for each thread in the last round.</summary>
        public double Bytes { get; private set; }

        public void Ask(bool counted)
        {
            long allocated = GC.GetAllocatedBytesForCurrentThread();
            TimeSpan elapsed = TimeSpan.Zero;
            foreach (InMemoryTarget target in targets)
            {
                GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
                TimeSpan before = Environment.CpuUsage.TotalTime;
                CommandHost.Run("lockleak", "", target, new SilentConsole());
                elapsed += Environment.CpuUsage.TotalTime - before;
            }

            Bytes = (double)(GC.GetAllocatedBytesForCurrentThread() - allocated) / threads;
            if (counted)
            {
                Times.Add(elapsed.TotalMicroseconds / threads);
            }
        }
    }
}
