using System.Text.Json;
using KernelImages;
using KernelImages.Scenarios;
using LockLeak.Kernel;
using LockLeak.Tests.Scenarios;

namespace LockLeak.Tests.Analysis;

/// <summary>!lockleak says what the last thread of a chain waits for, or why it does not run.</summary>
[TestClass]
public sealed class WaitEndTests
{
    public static IEnumerable<(string Scenario, string Build)> Machines => Tests.Machines.All.Where(machine =>
        ScenarioLibrary.Find(machine.Scenario).ExpectedThreads.Any(thread => thread.WaitsOn is not null));

    [TestMethod]
    [DynamicData(nameof(Machines))]
    public void TheEndOfAChainIsExplained(string scenario, string build) => AssertEnds(Tests.Machines.Target(scenario, build));

    [TestMethod]
    [DynamicData(nameof(Machines))]
    public void TheSameWithoutSymbols(string scenario, string build) =>
        AssertEnds(new InMemoryTarget(Tests.Machines.Kernel(scenario, build)) { HasNoSymbols = true });

    [TestMethod]
    public void ABrokenListIsANote()
    {
        InMemoryTarget target = Tests.Machines.Target("end-irp-broken");
        string output = Session.Run(target, "!lockleak").Output;
        StringAssert.Contains(output, $"Note: An I/O request of thread {Address.Text(target.Kernel.Thread("owner"))} cannot be read at ");
    }

    private static void AssertEnds(InMemoryTarget target)
    {
        if (target.Kernel.Types.SizeOf("_KLOCK_ENTRY") is null)
        {
            // Owners of push locks are not known there.
            return;
        }

        JsonElement report = Session.Run(target, "!lockleak -json").Json;
        foreach (ExpectedThread expected in target.Kernel.Scenario.ExpectedThreads)
        {
            string address = Address.Json(target.Kernel.Thread(expected.Thread));
            JsonElement thread = report.GetProperty("threads").EnumerateArray()
                .Single(thread => thread.GetProperty("thread").GetString() == address);
            JsonElement waitsOn = thread.GetProperty("waitsOn");
            Assert.AreEqual(expected.WaitsOn, waitsOn.GetProperty("kind").GetString());
            if (expected.Driver is not null)
            {
                Assert.AreEqual(expected.Driver, waitsOn.GetProperty("driver").GetString());
            }

            if (expected.Server is not null)
            {
                Assert.AreEqual(expected.Server, waitsOn.GetProperty("serverImage").GetString());
                Assert.AreEqual(expected.Receiver is { } receiver ? target.Kernel.Thread(receiver) : null,
                    JsonFacts.AddressOrNull(waitsOn, "receiver"));
            }

            if (expected.FileName is not null)
            {
                Assert.AreEqual(expected.FileName, waitsOn.GetProperty("file").GetString());
            }
        }
    }
}
