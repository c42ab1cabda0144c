using System.Text.Json;
using KernelImages;
using KernelImages.Kernel;
using KernelImages.Scenarios;

namespace LockLeak.Tests.Scenarios;

/// <summary>
/// What is said of a lock is true, and all that has to be said of it is said: owners, waiters, their modes and their order, on
/// every Windows build. The truth is in the scenario's claims; ExpectedLocks says what must not be left out.
/// </summary>
[TestClass]
public sealed class LockFactsTests
{
    public static IEnumerable<(string Scenario, string Build)> Undamaged =>
        Machines.All.Where(machine => ScenarioLibrary.Find(machine.Scenario).Damage is null);

    public static IEnumerable<(string Scenario, string Build)> WithThreads =>
        Machines.All.Where(machine => ScenarioLibrary.Find(machine.Scenario).ExpectedThreads.Count > 0);

    [TestMethod]
    [DynamicData(nameof(Undamaged))]
    public void LockLeakTellsTheTruthOfLocks(string scenario, string build)
    {
        InMemoryTarget target = Machines.Target(scenario, build);
        var told = Session.Run(target, "!lockleak -a -json").Json.GetProperty("locks").EnumerateArray()
            .ToDictionary(item => JsonFacts.Address(item, "lock"));
        AssertTrue(target.Kernel, item => told.TryGetValue(target.Kernel.Lock(item.Name), out JsonElement found) ? found : null);
    }

    [TestMethod]
    [DynamicData(nameof(Undamaged))]
    public void PushLockTellsTheTruthOfEachLock(string scenario, string build)
    {
        InMemoryTarget target = Machines.Target(scenario, build);
        if (target.Kernel.Scenario.Locks.Count > 100) return;
        AssertTrue(target.Kernel, item => Session.Run(target, $"!pushlock {target.Kernel.Lock(item.Name):x} -json").Json);
    }

    [TestMethod]
    [DynamicData(nameof(WithThreads))]
    public void ThreadLocksTellsTheTruthOfThreads(string scenario, string build)
    {
        InMemoryTarget target = Machines.Target(scenario, build);
        SyntheticKernel kernel = target.Kernel;
        var told = Session.Run(target, "!threadlocks -a -json").Json.GetProperty("threads").EnumerateArray()
            .ToDictionary(item => JsonFacts.Address(item, "thread"));
        var names = kernel.Scenario.Locks.ToDictionary(item => kernel.Lock(item.Name), item => item.Name);
        foreach (ExpectedThread expected in kernel.Scenario.ExpectedThreads)
        {
            Assert.IsTrue(told.TryGetValue(kernel.Thread(expected.Thread), out JsonElement thread), $"{expected.Thread} is not listed");
            if (expected.WaitsFor is not null)
            {
                Assert.AreEqual(expected.WaitsFor,
                    JsonFacts.AddressOrNull(thread, "waitsFor") is { } address ? names.GetValueOrDefault(address) : null, expected.Thread);
            }
            if (expected.WaitIsLowerBound is { } bound)
            {
                Assert.AreEqual(bound, JsonFacts.Flag(thread, "waitIsLowerBound"), $"waitIsLowerBound of {expected.Thread}");
            }
            if (expected.Owns is null || !JsonFacts.HasLockEntries(kernel)) continue;
            string?[] owned = [.. thread.GetProperty("entries").EnumerateArray()
                .Where(entry => entry.GetProperty("relation").GetString() == "owns")
                .Select(entry => names.GetValueOrDefault(JsonFacts.AddressOrNull(entry, "lock") ?? 0))];
            CollectionAssert.AreEquivalent(expected.Owns.ToArray(), owned, expected.Thread);
        }
    }

    private static void AssertTrue(SyntheticKernel kernel, Func<LockSpec, JsonElement?> answer)
    {
        List<string> wrong = [];
        foreach (LockSpec item in kernel.Scenario.Locks.Where(item => item is not (UserLock or RundownReference)))
        {
            ExpectedLock expected = kernel.Scenario.ExpectedLocks.FirstOrDefault(expected => expected.Lock == item.Name) ?? new(item.Name);
            // A lock that threads only wait to be unblocked, and nobody owns, is told of by !pushlock alone.
            if (answer(item) is { } told) wrong.AddRange(new LockFacts(kernel, item, told).Wrong(expected));
            else if (item is not BlockedPushLock && expected is not { Waiters: null or [], Kind: null } &&
                item.Queue.Any(claim => claim.Stage == WaitStage.Sleeps)) wrong.Add($"{item.Name} is not told of");
        }
        Assert.IsEmpty(wrong, string.Join('\n', wrong));
    }
}
