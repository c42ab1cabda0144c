using System.Globalization;

namespace KernelImages.Scenarios;

/// <summary>Machines of any size where nothing is wrong.</summary>
public static class Crowds
{
    private const int Group = 5, Processors = 8;

    /// <summary>Threads of a process where their number does not matter.</summary>
    private const int Each = 20;

    /// <summary>The wait reason of a thread whose I/O is under way.</summary>
    private const string Device = "Executive";

    /// <summary>
    /// Each group of five threads of a process has a push lock: one owner that runs or waits for a device, or two that
    /// share it, and two waiters.
    /// </summary>
    public static Scenario Contention(int processes, int threadsEach)
    {
        List<LockSpec> locks = [];
        for (int p = 0; p < processes; p++)
            for (int t = 0; t + Group <= threadsEach; t += Group)
                locks.Add(GroupLock(p, t, shared: t % (2 * Group) == Group));
        string title = string.Create(CultureInfo.InvariantCulture,
            $"{processes * threadsEach:n0} threads in {processes} processes contend for locks as usual: no finding");
        return new Scenario("busy", title)
        {
            Processors = Processors,
            Processes = MakeProcesses(processes, threadsEach, (p, t) => new ThreadSpec(Name(p, t), 0)
            {
                Processor = t == 0 && p < Processors ? p : null,
                WaitReason = t % Group < 2 && (t > 0 || p >= Processors) ? Device : null,
            }),
            Locks = locks,
        };
    }

    /// <summary>In every tenth process one thread owns a push lock and waits for a device, and another one waits for the lock.</summary>
    public static Scenario Idle(int processes, int threadsEach)
    {
        const int Every = 10;
        IEnumerable<int> busy = Enumerable.Range(0, processes).Where(p => p % Every == 0);
        return new Scenario("idle", "2,000 threads in 100 processes, one in a hundred with a lock: no finding")
        {
            Processes = MakeProcesses(processes, threadsEach,
                (p, t) => new ThreadSpec(Name(p, t), 0) { WaitReason = p % Every == 0 && t == 0 ? Device : null }),
            Locks = [.. busy.Select(p => new PushLock($"lock {p}") { Owners = [Name(p, 0)], Waiters = [Name(p, 1)] })],
        };
    }

    /// <summary>Threads that wait for one lock, whose owner waits for a device.</summary>
    /// <param name="waiters">How many.</param>
    /// <param name="lockOf">The lock of an owner and waiters.</param>
    public static Scenario OnOneLock(int waiters, Func<Claim, IReadOnlyList<Claim>, LockSpec> lockOf) =>
        new("one lock", string.Create(CultureInfo.InvariantCulture,
            $"{waiters:n0} threads wait for one lock, as others in their processes do for a device: no finding"))
        {
            Processes = MakeProcesses((waiters + Each) / Each, Each,
                (p, t) => new ThreadSpec(Name(p, t), 0) { WaitReason = p == 0 && t == 0 ? Device : null }),
            Locks = [lockOf(Name(0, 0), [.. Enumerable.Range(1, waiters).Select(i => (Claim)Name(i / Each, i % Each))])],
        };

    /// <summary>Each thread waits for a push lock of the next, and the last one waits for a device.</summary>
    public static Scenario InARow(int threads) =>
        new("row", string.Create(CultureInfo.InvariantCulture, $"{threads:n0} threads wait in a row: no finding"))
        {
            Processes = MakeProcesses(threads / Each, Each,
            (p, t) => new ThreadSpec(Name(p, t), 0) { WaitReason = p * Each + t == threads - 1 ? Device : null }),
            Locks =
        [
            .. Enumerable.Range(1, threads - 1)
                .Select(i => new PushLock(
                $"lock {i}") { Owners = [Name(i / Each, i % Each)], Waiters = [Name((i - 1) / Each, (i - 1) % Each)] }),
        ],
        };

    private static PushLock GroupLock(int p, int t, bool shared) => new($"lock {p}.{t}")
    {
        Owners = shared ? [new(Name(p, t)) { Shared = true }, new(Name(p, t + 1)) { Shared = true }] : [Name(p, t)],
        Waiters = [Name(p, t + 2), new(Name(p, t + 3)) { Shared = !shared }],
    };

    private static List<ProcessSpec> MakeProcesses(int processes, int threadsEach, Func<int, int, ThreadSpec> thread) =>
    [
        .. Enumerable.Range(0, processes).Select(p => new ProcessSpec($"svc{p:d3}.exe", 0x400 + 4 * (ulong)p)
        {
            Threads = [.. Enumerable.Range(0, threadsEach)
                .Select(t => thread(p, t) with { Tid = 0x4000 + 4 * (ulong)(p * threadsEach + t) })],
        }),
    ];

    private static string Name(int p, int t) => $"{p}.{t}";
}
