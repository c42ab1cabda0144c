using System.Text.Json;
using System.Text.RegularExpressions;
using KernelImages;
using KernelImages.Kernel;
using KernelImages.Scenarios;
using LockLeak.Build;
using LockLeak.Layouts;
using LockLeak.Target;

namespace LockLeak.Tests.Scenarios;

/// <summary>!lockleak finds in every scenario what is wrong there, and nothing else, on every Windows build.</summary>
[TestClass]
public sealed partial class FindingsTests
{
    /// <summary>How sure a finding of each kind is as a rule, by docs/json.md; empty where there is none.</summary>
    private static readonly Dictionary<string, string> Certainties = File.ReadLines(Repository.Path("docs", "json.md"))
        .Select(line => KindRow().Match(line)).Where(row => row.Success)
        .ToDictionary(row => row.Groups["kind"].Value, row => row.Groups["rule"].Success ? row.Groups["certainty"].Value : "");

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
            finding.Kind, finding.IsSuspect ? "suspect" : Certainties[finding.Kind], finding.Thread, finding.Lock, finding.Waiters,
            Rotated([.. finding.Threads])));

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
            kind, Certainties[kind].Length > 0 ? certainty : "", One("thread", threads), One("lock", locks),
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

    // "`certain` |" and "`certain`; `suspect` when ..." are rules, "`certain` for ..., `suspect` when ..." is none.
    [GeneratedRegex(@"^\| `(?<kind>[a-z-]+)` \| `(?<certainty>certain|suspect)`(?<rule>;| \|)?")]
    private static partial Regex KindRow();
}
