using System.Collections.Concurrent;
using KernelImages;
using KernelImages.Kernel;
using KernelImages.Scenarios;
using LockLeak.Layouts;

namespace LockLeak.Tests;

/// <summary>
/// Machines of the scenario library. A machine takes longer to build than most commands take to run, so tests share it: none may change its
/// memory.
/// </summary>
internal static class Machines
{
    private static readonly ConcurrentDictionary<(string Scenario, string Build), Lazy<SyntheticKernel>> Built = new();

    /// <summary>Every scenario on every build. The busy machine differs in nothing but size, so one build is enough.</summary>
    public static IEnumerable<(string Scenario, string Build)> All =>
        from scenario in ScenarioLibrary.All
        from build in KernelTypes.Builds
        where scenario != Ordinary.Busy || build == "10.0.22621"
        where scenario.IsPossibleOn(KernelTypes.Load(build).Build)
        select (scenario.Name, build);

    /// <summary>One build of each generation of lock entries, oldest first.</summary>
    public static IReadOnlyList<string> Generations { get; } =
        ["6.1.7601", "6.3.9600", "10.0.14393", "10.0.19041", "10.0.22621", "10.0.26100", "10.0.28000"];

    /// <summary>The machine of a scenario.</summary>
    public static SyntheticKernel Kernel(string scenario, string build = "10.0.22621") =>
        Built.GetOrAdd((scenario, build), key => new(() => Fresh(key.Scenario, key.Build))).Value;

    /// <summary>A machine of one's own, to damage.</summary>
    public static SyntheticKernel Fresh(string scenario, string build = "10.0.22621") =>
        SyntheticKernel.WithImages(ScenarioLibrary.Find(scenario), KernelTypes.Load(build));

    /// <summary>A debugger's view of the shared machine, with counters of its own.</summary>
    public static InMemoryTarget Target(string scenario, string build = "10.0.22621") => new(Kernel(scenario, build));
}
