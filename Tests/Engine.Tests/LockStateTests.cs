using KernelImages.Dump;
using KernelImages.Kernel;
using KernelImages.LockStates;
using KernelImages.LockStates.Check;
using KernelImages.Symbols;
using LockLeak.Layouts;

namespace LockLeak.Engine.Tests;

/// <summary>
/// Every state of Tests/KernelImages/LockStates once in the real engine, on a build of each generation: all those that a
/// build takes lie in one dump. What the commands say there is as true as what they say in memory.
/// </summary>
[TestClass]
public sealed class LockStateTests
{
    /// <summary>The part of the steady locks that has to be right.</summary>
    private const double Enough = 0.99;

    public static IEnumerable<object[]> Builds => [["6.1.7601"], ["10.0.14393"], ["10.0.19041"], ["10.0.22621"], ["10.0.26100"]];

    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    public void EveryStateHasItsBuild() =>
        CollectionAssert.AreEquivalent(LockStateLibrary.All.ToArray(), Builds.SelectMany(build => StatesOf((string)build[0])).ToArray());

    [TestMethod]
    [DynamicData(nameof(Builds))]
    public void EngineTellsTheTruth(string build)
    {
        LockState[] states = StatesOf(build);
        KernelTypes types = KernelTypes.Load(build);
        var scenario = LockStateMachine.Of("states", states);
        string folder = Path.GetDirectoryName(Dumps.Elsewhere("states.dmp"))!;
        File.WriteAllBytes(Path.Combine(folder, PrebuiltImages.Driver.ImageName), PrebuiltImages.Driver.Image);
        using var debugger = new Debugger(new Dump(DumpFolder.Write(folder, scenario, types), folder));

        IReadOnlyList<Fault> faults = new StateCheck(SyntheticKernel.Build(scenario, types), line => Ask(debugger, line)).Run(states);

        StateTable table = new([
            .. states.Select(state => new StateResult(state, build, [.. faults.Where(fault => fault.State == state)]))]);
        TestContext.WriteLine(table.Table());
        string[] worst = [FaultKind.Error, FaultKind.Hang, .. FaultKind.False];
        Assert.IsFalse(faults.Any(fault => worst.Contains(fault.Kind)), table.Faults(fault => worst.Contains(fault.Kind)));
        (int right, int all) = table.Right(StateTable.IsSteadyAndContended);
        Assert.IsGreaterThanOrEqualTo(Enough * all, (double)right,
            table.Faults(fault => fault.Truth is { IsSteady: true } && FaultKind.OfLocks.Contains(fault.Kind)));
    }

    private static string Ask(Debugger debugger, string line)
    {
        Answer answer = debugger.Run("!" + line);
        return answer.Errors.Length == 0 ? answer.Output : throw new InvalidOperationException(answer.Errors);
    }

    /// <summary>The states that go to a build; those of every build to the newest.</summary>
    private static LockState[] StatesOf(string build) =>
        [.. LockStateLibrary.All.Where(state => build.EndsWith("." + BuildOf(state), StringComparison.Ordinal))];

    private static string BuildOf(LockState state) => state.Set switch
    {
        "resource" => "7601",
        "push old" => "14393",
        "push middle" => "19041",
        "push new" or "hang" => "22621",
        _ => state.Builds[^1],
    };
}
