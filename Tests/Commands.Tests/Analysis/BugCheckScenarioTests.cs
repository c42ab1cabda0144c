using System.Globalization;
using KernelImages;
using KernelImages.Kernel;
using KernelImages.Scenarios;
using LockLeak.Kernel;
using LockLeak.Layouts;

namespace LockLeak.Tests.Analysis;

/// <summary>Whatever stopped the machine is named as in Microsoft's reference, and the threads and locks that it names are shown.</summary>
[TestClass]
public sealed class BugCheckScenarioTests
{
    private static readonly string[] Builds = ["6.1.7601", "10.0.19041", "10.0.22631", "10.0.26100", "10.0.28000"];

    public static IEnumerable<(string Scenario, string Build)> Machines =>
        from scenario in ScenarioLibrary.All
        where scenario.BugCheck is { Threads.Count: > 0 } or { Locks.Count: > 0 } or { Numbers.Count: > 0 } or { Name: not null }
        from build in Builds
        where scenario.IsPossibleOn(KernelTypes.Load(build).Build)
        select (scenario.Name, build);

    [TestMethod]
    [DynamicData(nameof(Machines))]
    public void TheBugCheckIsNamed(string scenario, string build)
    {
        SyntheticKernel kernel = Tests.Machines.Kernel(scenario, build);
        BugCheckSpec spec = kernel.Scenario.BugCheck!;

        var bugCheck = Session.Run(new InMemoryTarget(kernel), "!lockleak -json").Json.GetProperty("target").GetProperty("bugCheck");

        Assert.AreEqual(string.Create(CultureInfo.InvariantCulture, $"0x{spec.Code:x}"), bugCheck.GetProperty("code").GetString());
        Assert.AreEqual(spec.Name, bugCheck.GetProperty("name").GetString());
        CollectionAssert.AreEqual(
            spec.Parameters(kernel),
            bugCheck.GetProperty("parameters").EnumerateArray().Select(value => Convert.ToUInt64(value.GetString(), 16)).ToArray());
    }

    [TestMethod]
    [DynamicData(nameof(Machines))]
    public void WhatItsParametersNameIsShown(string scenario, string build)
    {
        SyntheticKernel kernel = Tests.Machines.Kernel(scenario, build);
        BugCheckSpec spec = kernel.Scenario.BugCheck!;

        string output = Session.Run(new InMemoryTarget(kernel), "!lockleak").Output;

        string[] names = [.. spec.Threads.Select(kernel.Thread).Concat(spec.Locks.Select(kernel.Lock)).Select(Address.Text),
            .. spec.Numbers, .. spec.Name is { } name ? [name] : Array.Empty<string>()];
        foreach (string shown in names) StringAssert.Contains(output, shown);
    }
}
