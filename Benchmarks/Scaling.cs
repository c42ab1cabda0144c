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
/// round asks each of them once, and the heap is given back in between, outside the time that is taken.
/// </remarks>
internal static class Scaling
{
    /// <summary>The first round compiles everything; the best of the others is the one that was least disturbed.</summary>
    private const int Rounds = 6;

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
            double smallest = 0;
            foreach (int size in sizes)
            {
                (double microseconds, double bytes) = Measure(
                    [.. Enumerable.Range(0, sizes[^1] / size).Select(_ => SyntheticKernel.Build(machine(size), Types))]);
                smallest = smallest == 0 ? microseconds : smallest;
                Console.WriteLine(FormattableString.Invariant(
                    $"{what,-24}{size,8:N0}{microseconds,12:F2}{microseconds / smallest,8:F2}{bytes,15:N0}"));
            }
        }
    }

    private static (double Microseconds, double Bytes) Measure(IReadOnlyList<SyntheticKernel> kernels)
    {
        InMemoryTarget[] targets = [.. kernels.Select(kernel => new InMemoryTarget(kernel))];
        int threads = kernels.Sum(kernel => kernel.Threads.Count);
        double best = double.MaxValue;
        long bytes = 0;
        for (int round = 0; round < Rounds; round++)
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

            bytes = GC.GetAllocatedBytesForCurrentThread() - allocated;
            best = round == 0 ? best : Math.Min(best, elapsed.TotalMicroseconds);
        }

        return (best / threads, (double)bytes / threads);
    }
}
