using BenchmarkDotNet.Attributes;
using KernelImages;
using KernelImages.Kernel;
using KernelImages.Scenarios;
using LockLeak.Layouts;

namespace LockLeak.Benchmarks;

/// <summary>Times of the commands side by side; the ratio to <c>!lockleak</c> on an idle machine is what counts.</summary>
[MemoryDiagnoser]
public class CommandTimes
{
    private readonly SilentConsole console = new();
    private readonly InMemoryTarget idle = Machine(Ordinary.Idle), busy = Machine(Ordinary.Busy);

    [Benchmark(Baseline = true)]
    public int LockLeakOnIdleMachine() => Run("lockleak", "", idle);

    [Benchmark]
    public int LockLeakOnBusyMachine() => Run("lockleak", "", busy);

    [Benchmark]
    public int LockLeakAsJson() => Run("lockleak", "-json -a", busy);

    [Benchmark]
    public int EveryThreadReadWhole() => Run("threadlocks", "-s", idle);

    [Benchmark]
    public int BuiltInTypes() => Run("lockleak", "-nosym", idle);

    private static InMemoryTarget Machine(Scenario scenario) => new(SyntheticKernel.Build(scenario, KernelTypes.Load("22621")));

    private int Run(string command, string arguments, InMemoryTarget target) => CommandHost.Run(command, arguments, target, console).Status;
}
