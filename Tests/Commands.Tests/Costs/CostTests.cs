using KernelImages;
using KernelImages.Kernel;
using KernelImages.Scenarios;
using LockLeak.Layouts;

namespace LockLeak.Tests.Costs;

/// <summary>What commands read. A live machine is asked over a slow link: each read counts, and so does each byte.</summary>
[TestClass]
public sealed class CostTests
{
    /// <summary>A look at a part of a thread begins before this offset, and not with its first byte.</summary>
    private const ulong FirstField = 0x300;

    /// <summary>Bytes that a thread without lock entries costs: the smallest part that tells whether it deserves a second look.</summary>
    private static readonly Dictionary<string, int> IdleThreadBytes = new()
    {
        ["6.1.7601"] = 656,
        ["6.2.9200"] = 588,
        ["6.3.9600"] = 1236,
        ["10.0.10240"] = 1244,
        ["10.0.14393"] = 1248,
        ["10.0.17763"] = 1264,
        ["10.0.18362"] = 1280,
        ["10.0.19041"] = 816,
        ["10.0.19045"] = 816,
        ["10.0.20348"] = 896,
        ["10.0.22000"] = 896,
        ["10.0.22621"] = 896,
        ["10.0.22631"] = 896,
        ["10.0.26100"] = 1708,
        ["10.0.26100.1742"] = 1692,
        ["10.0.28000"] = 1756,
    };

    public static IEnumerable<string> Builds => KernelTypes.Builds;

    public static IEnumerable<(string Scenario, string Build)> SmallMachines =>
        Machines.All.Where(machine => machine.Scenario is not ("busy" or "idle") && Machines.Generations.Contains(machine.Build));

    public required TestContext TestContext { get; set; }

    [TestMethod]
    [DynamicData(nameof(Builds))]
    public void AnIdleThreadCostsOneReadOfOnePage(string build)
    {
        ReadLog few = Log(build, processes: 1, threads: 10), many = Log(build, processes: 1, threads: 50);

        Assert.AreEqual(40, many.Reads.Count - few.Reads.Count);
        Assert.AreEqual(40, many.Packets - few.Packets);
        long bytes = (many.Bytes - few.Bytes) / 40;
        TestContext.WriteLine($"{build}: {bytes} bytes a thread");
        Assert.AreEqual(IdleThreadBytes[build], bytes);
    }

    [TestMethod]
    [DynamicData(nameof(Builds))]
    public void AProcessCostsOneRead(string build) =>
        Assert.AreEqual(30, Log(build, processes: 40, threads: 0).Reads.Count - Log(build, processes: 10, threads: 0).Reads.Count);

    /// <summary>Its address is kept, in two lists that double when they are full.</summary>
    [TestMethod]
    [DynamicData(nameof(Builds))]
    public void AnIdleThreadAllocatesNothingElse(string build)
    {
        const int Few = 1_000, Many = 5_000;
        InMemoryTarget few = Idle(build, processes: 1, Few), many = Idle(build, processes: 1, Many);
        Allocated(few); // the types become known
        Allocated(many);

        long bytes = (Allocated(many) - Allocated(few)) / (Many - Few);

        TestContext.WriteLine($"{build}: {bytes} bytes a thread");
        Assert.IsLessThan(64, bytes);

        static long Allocated(InMemoryTarget target)
        {
            var console = new RecordingConsole { WantsProgress = false };
            long before = GC.GetAllocatedBytesForCurrentThread();
            CommandHost.Run("lockleak", "", target, console);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    /// <summary>What a thread has sent is read only where others wait for it.</summary>
    [TestMethod]
    [DynamicData(nameof(Builds))]
    public void TheRequestsOfAnIdleThreadCostNothing(string build) =>
        Assert.AreEqual(Log(build, processes: 1, threads: 10).Bytes,
            Log(build, processes: 1, threads: 10, [new IrpSpec(3, @"\FileSystem\Npfs", @"\pipe\log")]).Bytes);

    [TestMethod]
    [DynamicData(nameof(SmallMachines))]
    public void ASecondRunCostsNoMore(string scenario, string build)
    {
        InMemoryTarget target = Machines.Target(scenario, build);
        ReadLog first = ReadLog.Of(target, "!lockleak"), second = ReadLog.Of(target, "!lockleak");
        Assert.IsLessThanOrEqualTo(first.Reads.Count, second.Reads.Count);
        Assert.IsLessThanOrEqualTo(first.Bytes, second.Bytes);
    }

    /// <summary>A thread is looked at in part before it is read whole; that is the only thing that may be read again.</summary>
    [TestMethod]
    [DynamicData(nameof(SmallMachines))]
    public void NothingIsReadThatWasReadBefore(string scenario, string build)
    {
        SyntheticKernel kernel = Machines.Kernel(scenario, build);
        string thread = $"!threadlocks {kernel.Threads[^1].Address:x}";
        foreach (string line in (string[])["!lockleak", "!lockleak -v -a", "!threadlocks", thread])
        {
            var earlier = new List<(ulong Address, int Size)>();
            foreach ((ulong address, int size) in ReadLog.Of(Machines.Target(scenario, build), line).Reads)
            {
                if (kernel.Threads.Any(known => address > known.Address && address < known.Address + FirstField))
                {
                    continue;
                }

                bool again = earlier.Any(read =>
                    address >= read.Address && address + (ulong)size <= read.Address + (ulong)read.Size &&
                    (IsReadable(kernel, read) || read == (address, size)));
                Assert.IsFalse(again, $"{line} reads {size:x} bytes at {address:x} again");
                earlier.Add((address, size));
            }
        }
    }

    [TestMethod]
    [DynamicData(nameof(SmallMachines))]
    public void TheCostThatIsReportedIsTheCostThatWasPaid(string scenario, string build)
    {
        InMemoryTarget target = Machines.Target(scenario, build);
        Session.Run(target, "!lockleak");
        (int reads, long bytes) = (target.Reads, target.BytesAskedFor);

        var cost = Session.Run(target, "!lockleak -json").Json.GetProperty("cost");

        Assert.AreEqual(target.Reads - reads, cost.GetProperty("reads").GetInt32());
        Assert.AreEqual(target.BytesAskedFor - bytes, cost.GetProperty("bytes").GetInt64());
        Assert.AreEqual(target.Kernel.Processes.Count - 1, cost.GetProperty("processes").GetInt32(), "all but the Idle process");
    }

    /// <summary>A part of what cannot be read as a whole may be worth another question.</summary>
    private static bool IsReadable(SyntheticKernel kernel, (ulong Address, int Size) read) =>
        kernel.Memory.Read(read.Address, new byte[read.Size]) == read.Size;

    /// <summary>The reads of !lockleak on a machine of idle threads.</summary>
    private static ReadLog Log(string build, int processes, int threads, params IReadOnlyList<IrpSpec> requests) =>
        ReadLog.Of(Idle(build, processes, threads, requests), "!lockleak");

    private static InMemoryTarget Idle(string build, int processes, int threads, params IReadOnlyList<IrpSpec> requests)
    {
        var scenario = new Scenario("idle threads", "Threads that hold nothing and wait for nothing")
        {
            Processes =
            [
                .. Enumerable.Range(0, processes).Select(p => new ProcessSpec($"p{p}.exe", 0x1000 + 4 * (ulong)p)
                {
                    Threads = [.. Enumerable.Range(0, threads)
                        .Select(t => new ThreadSpec($"{p}.{t}", 0x2000 + 4 * (ulong)(p * threads + t)) { Irps = requests })],
                }),
            ],
        };
        return new InMemoryTarget(SyntheticKernel.Build(scenario, KernelTypes.Load(build)));
    }
}
