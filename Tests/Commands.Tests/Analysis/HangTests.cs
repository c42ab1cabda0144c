using System.Text.Json;
using KernelImages;
using KernelImages.Kernel;
using KernelImages.Scenarios;
using LockLeak.Kernel;

namespace LockLeak.Tests.Analysis;

/// <summary>!lockleak names the thread that most threads wait for where a machine hangs, and nobody where it is only busy.</summary>
[TestClass]
public sealed class HangTests
{
    public static IEnumerable<(string Scenario, string Build)> Machines => Tests.Machines.All;

    [TestMethod]
    [DynamicData(nameof(Machines))]
    public void TheBlockerIsNamed(string scenario, string build)
    {
        InMemoryTarget target = Tests.Machines.Target(scenario, build);
        JsonElement blocker = Session.Run(target, "!lockleak -json").Json.GetProperty("blocker");
        ExpectedBlocker? expected = Expected(target.Kernel);
        if (expected is null)
        {
            AssertMayBlock(target.Kernel, blocker);
            return;
        }

        Assert.AreEqual(Address.Json(target.Kernel.Thread(expected.Thread)), blocker.GetProperty("thread").GetString());
        Assert.AreEqual(expected.Module, blocker.GetProperty("module").GetString());
        string reason = blocker.GetProperty("reason").GetString()!;
        Assert.AreEqual(expected.InDpc, reason.Contains("DPC", StringComparison.Ordinal));
        Assert.AreEqual(expected.SpinsFor is not null, reason.Contains("spins", StringComparison.Ordinal), reason);
        StringAssert.Contains(reason, expected.SpinsFor ?? "");
        if (expected.Blocked is { } blocked)
        {
            Assert.AreEqual(blocked, blocker.GetProperty("blocked").GetInt32());
        }
    }

    [TestMethod]
    public void TheFirstLineNamesTheBlocker()
    {
        InMemoryTarget target = Tests.Machines.Target("hang");
        string thread = Address.Text(target.Kernel.Thread("blocker"));
        StringAssert.StartsWith(Session.Run(target, "!lockleak").Output.Split('\n')[1],
            $"HANG  4 threads wait, directly or not, for thread {thread} (System 4.300), the longest for 11m00s.");
    }

    [TestMethod]
    public void ContentionIsCalledContention()
    {
        string output = Session.Run(Tests.Machines.Target("hang-not-yet"), "!lockleak").Output;
        StringAssert.Contains(output, "No thread has waited 5s for a lock: this is contention and no hang.\n");
        Assert.DoesNotContain("HANG", output);
    }

    /// <summary>
    /// Scenarios that are about something else may hang as well: somebody has waited long, and for a lock of whoever is named.
    /// </summary>
    private static void AssertMayBlock(SyntheticKernel kernel, JsonElement blocker)
    {
        if (blocker.ValueKind == JsonValueKind.Null)
        {
            return;
        }

        Assert.IsTrue(kernel.Threads.Any(thread => thread is { WaitsFor: not null, Spec.Waited.TotalSeconds: >= 2 }),
            "nobody has waited long");
        Assert.IsTrue(
            kernel.Scenario.Locks.Any(item =>
            item.Waiters.Count > 0 &&
                item.Owners.Any(owner => Address.Json(kernel.Thread(owner.Thread)) == blocker.GetProperty("thread").GetString())),
            $"{blocker}");
    }

    /// <summary>Without lock entries the owner of a push lock leaves no trace.</summary>
    private static ExpectedBlocker? Expected(SyntheticKernel kernel) =>
        kernel.Types.SizeOf("_KLOCK_ENTRY") is not null || kernel.Scenario.Blocker is { WithoutLockEntries: true }
            ? kernel.Scenario.Blocker : null;
}
