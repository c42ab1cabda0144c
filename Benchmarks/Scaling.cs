using KernelImages;
using KernelImages.Kernel;
using KernelImages.Layouts;
using KernelImages.Scenarios;

namespace LockLeak.Benchmarks;

/// <summary>
/// Processor time of <c>!lockleak</c> for each thread as machines grow, in memory. What counts is the ratio to the smallest machine
/// of a row: a step that looks at everything for each thing shows as a ratio that grows with the size.
/// </summary>
internal static class Scaling
{
    /// <summary>Threads of all runs of one size together, so that small machines are timed as long as large ones.</summary>
    private const int TimedThreads = 60_000;

    private const string Build = "22621";

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
                (double microseconds, double bytes) = Measure(machine(size));
                smallest = smallest == 0 ? microseconds : smallest;
                Console.WriteLine(FormattableString.Invariant(
                    $"{what,-24}{size,8:N0}{microseconds,12:F2}{microseconds / smallest,8:F2}{bytes,15:N0}"));
            }
        }
    }

    private static (double Microseconds, double Bytes) Measure(Scenario scenario)
    {
        SyntheticKernel kernel = SyntheticKernel.Build(scenario, KernelTypes.Load(Build));
        var target = new InMemoryTarget(kernel);
        int threads = kernel.Threads.Count, runs = Math.Max(TimedThreads / threads, 3);
        double best = double.MaxValue;
        long bytes = 0;
        // The first run compiles; the best one is the one that nothing else on this machine disturbed.
        for (int run = 0; run <= runs; run++)
        {
            long allocated = GC.GetAllocatedBytesForCurrentThread();
            TimeSpan before = Environment.CpuUsage.TotalTime;
            CommandHost.Run("lockleak", "", target, new SilentConsole());
            double elapsed = (Environment.CpuUsage.TotalTime - before).TotalMicroseconds;
            bytes = GC.GetAllocatedBytesForCurrentThread() - allocated;
            best = run == 0 ? best : Math.Min(best, elapsed);
        }

        return (best / threads, (double)bytes / threads);
    }
}
