using System.Text.Json;
using KernelImages;
using KernelImages.Kernel;
using KernelImages.Layouts;
using KernelImages.Scenarios;
using LockLeak.Target;

namespace LockLeak.Tests.Scenarios;

/// <summary>!lockleak finds in every scenario what is wrong there, and nothing else, on every Windows build.</summary>
[TestClass]
public sealed class FindingsTests
{
    /// <summary>The kinds whose certainty the kind decides, and which of them are certain.</summary>
    private static readonly HashSet<string> Certain = ["leaked-entry", "invalid-release", "corrupt-entry", "deadlock"],
    Suspect = ["ownerless-lock", "stale-waiter", "user-mode-owner"];

    public static IEnumerable<(string Scenario, string Build)> Machines => Tests.Machines.All;

    [TestMethod]
    [DynamicData(nameof(Machines))]
    public void LockLeakFindsWhatIsWrong(string scenario, string build) =>
        AssertFindings(Tests.Machines.Target(scenario, build), "!lockleak -json");

    [TestMethod]
    [DynamicData(nameof(Machines))]
    public void LockLeakFindsTheSameWithoutSymbols(string scenario, string build) =>
        AssertFindings(new InMemoryTarget(Tests.Machines.Kernel(scenario, build)) { HasNoSymbols = true }, "!lockleak -json");

    private static void AssertFindings(InMemoryTarget target, string line)
    {
        SyntheticKernel kernel = target.Kernel;

        Answer answer = Session.Run(target, line);

        string[] expected = [.. Expected(kernel).Order()];
        string[] found = [.. answer.Json.GetProperty("findings").EnumerateArray().Select(finding => Describe(kernel, finding)).Order()];
        CollectionAssert.AreEqual(expected, found, $"expected:\n{string.Join('\n', expected)}\nfound:\n{string.Join('\n', found)}");
        Assert.AreEqual(new CommandResult(CommandResult.Ok, expected.Length), answer.Result);
    }

    /// <summary>What the scenario calls for on this build, one line each: kind, certainty, thread, lock, waiters, circle.</summary>
    private static IEnumerable<string> Expected(SyntheticKernel kernel) =>
        kernel.Scenario.Expected.Where(finding => CanBeTold(kernel.Types, finding)).Select(finding => Line(
            finding.Kind, finding.IsSuspect ? "suspect" : Certain.Contains(finding.Kind) ? "certain" : Suspect.Contains(finding.Kind)
                ? "suspect" : "", finding.Thread, finding.Lock, finding.Waiters, Rotated([.. finding.Threads])));

    /// <summary>Without lock entries owners leave no trace, but for those of locks with an owner field.</summary>
    private static bool CanBeTold(KernelTypes types, ExpectedFinding finding) =>
        types.SizeOf("_KLOCK_ENTRY") is not null
            ? !finding.OnlyWithoutLockEntries : finding.WithoutLockEntries || finding.OnlyWithoutLockEntries;

    private static string Describe(SyntheticKernel kernel, JsonElement finding)
    {
        var threads = kernel.Threads.ToDictionary(thread => thread.Address, thread => thread.Spec.Name);
        var locks = kernel.Scenario.Locks.ToDictionary(item => kernel.Lock(item.Name), item => item.Name);
        string? One(string property, Dictionary<ulong, string> names) =>
            Addresses(finding.GetProperty(property)) is [var address] ? names.GetValueOrDefault(address, $"{address:x}") : null;
        string[] Many(string property) =>
            [.. Addresses(finding.GetProperty(property)).Select(address => threads.GetValueOrDefault(address, $"{address:x}"))];
        string kind = finding.GetProperty("kind").GetString()!, certainty = finding.GetProperty("certainty").GetString()!;
        return Line(
            kind, Certain.Contains(kind) || Suspect.Contains(kind) ? certainty : "", One("thread", threads), One("lock", locks),
            Many("waiters"), Rotated(Many("threads")));
    }

    private static ulong[] Addresses(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Array => [.. value.EnumerateArray().SelectMany(Addresses)],
        JsonValueKind.String => [Convert.ToUInt64(value.GetString(), 16)],
        _ => [],
    };

    /// <summary>A circle has no first thread: the one with the smallest name stands for it.</summary>
    private static string[] Rotated(string[] circle)
    {
        int first = Array.IndexOf(circle, circle.Min(StringComparer.Ordinal));
        return circle.Length == 0 ? circle : [.. circle[first..], .. circle[..first]];
    }

    private static string Line(string kind, string certainty, string? thread, string? lockName, IEnumerable<string> waiters,
        IEnumerable<string> circle) =>
        $"{kind} ({certainty}) thread={thread} lock={lockName} waiters={string.Join(',', waiters)} circle={string.Join(',', circle)}";
}
