using System.Text.Json;
using KernelImages.Kernel;
using KernelImages.Scenarios;

namespace LockLeak.Tests.Scenarios;

/// <summary>Compares what an answer tells of a lock with what is true of it.</summary>
internal sealed class LockFacts
{
    private readonly SyntheticKernel kernel;
    private readonly LockSpec item;
    private readonly JsonElement told;
    private readonly string[] owners;
    private readonly (string? Thread, string? Mode)[] waiters;

    /// <summary>Reads the answer.</summary>
    /// <param name="kernel">The machine.</param>
    /// <param name="item">The lock.</param>
    /// <param name="told">The JSON of the lock.</param>
    public LockFacts(SyntheticKernel kernel, LockSpec item, JsonElement told)
    {
        (this.kernel, this.item, this.told) = (kernel, item, told);
        owners = [.. told.GetProperty("owners").EnumerateArray().Select(owner => Name(owner) ?? "?").Distinct()];
        waiters = [.. told.GetProperty("waiters").EnumerateArray()
            .Select(waiter => (Name(waiter), waiter.GetProperty("mode").GetString()))];
    }

    /// <summary>What is not true, and what should have been told.</summary>
    public IEnumerable<string> Wrong(ExpectedLock expected) =>
        WrongOwners().Concat(WrongWaiters()).Concat(WrongNumbers()).Concat(Missing(expected)).Select(text => $"{item.Name}: {text}");

    /// <summary>Who was handed the lock and has not run yet may be shown as its owner already, or as a waiter still.</summary>
    private IEnumerable<string> WrongOwners()
    {
        HashSet<string> possible =
            [.. item.Owners.Concat(item.Waiters.Where(claim => claim.Stage == WaitStage.Woken)).Select(claim => claim.Thread)];
        return owners.Where(owner => !possible.Contains(owner)).Select(owner => $"{owner} is no owner");
    }

    private IEnumerable<string> WrongWaiters()
    {
        List<string> order = [.. item.Waiters.Select(claim => claim.Thread)];
        bool someAreOnTheirWay = item.Waiters.Any(claim => claim.Stage != WaitStage.Sleeps);
        foreach ((string? thread, string? mode) in waiters)
        {
            if (thread is null && someAreOnTheirWay) continue;
            Claim? claim = item.Waiters.Concat(item.Acquiring).FirstOrDefault(claim => claim.Thread == thread);
            if (claim is null) yield return $"{thread ?? "a thread without a name"} is no waiter";
            else if (mode is not null && mode != Mode(claim)) yield return $"{thread} waits {Mode(claim)}, not {mode}";
        }
        if (item is not PushLock) yield break;
        int[] places = [.. waiters.Where(waiter => waiter.Thread is not null).Select(waiter => order.IndexOf(waiter.Thread!))
            .Where(place => place >= 0)];
        if (!places.SequenceEqual(places.Order()))
        {
            yield return $"its waiters are not in order: {string.Join(", ", waiters.Select(waiter => waiter.Thread))}";
        }
    }

    private IEnumerable<string> WrongNumbers()
    {
        bool isFree = item.Owners.Count == 0 || item is PushLock { Value: not null };
        // A resource counts those that were woken and do not run yet among its owners.
        int shared = item.Owners.Count(owner => owner.Shared),
            toBe = item.Waiters.Count(waiter => waiter is { Shared: true, Stage: WaitStage.Woken });
        if (isFree) yield break;
        if (JsonFacts.Flag(told, "exclusive") is { } exclusive && exclusive != (shared == 0))
        {
            yield return exclusive ? "it is shared, not exclusive" : "it is exclusive, not shared";
        }
        if (SharedOwners is > 0 and var number && number != shared && !(item is Resource && number == shared + toBe))
        {
            yield return $"{shared} threads share it, not {number}";
        }
    }

    private IEnumerable<string> Missing(ExpectedLock expected)
    {
        if (expected.Kind is { } kind && kind != told.GetProperty("kind").GetString())
        {
            yield return $"it is a {kind}, not a {told.GetProperty("kind").GetString()}";
        }
        if (expected.Locked is { } locked && JsonFacts.Flag(told, "locked") != locked) yield return locked ? "it is owned" : "it is free";
        if (expected.Exclusive is { } exclusive && JsonFacts.Flag(told, "exclusive") != exclusive)
        {
            yield return exclusive ? "it is owned exclusively" : "it is shared";
        }
        if (expected.SharedOwners is { } shared && SharedOwners != shared)
        {
            yield return $"it has {shared} shared owners, not {SharedOwners}";
        }
        if (expected.Owners is { } all && (expected.WithoutLockEntries || JsonFacts.HasLockEntries(kernel)))
        {
            string[] missing = [.. all.Except(owners)];
            if (missing.Length > 0) yield return $"its owners {string.Join(", ", missing)} are missing";
        }
        if (expected.Waiters is null) yield break;
        foreach (string waiter in expected.Waiters)
            if (!waiters.Any(found => Matches(found, waiter))) yield return $"its waiter {waiter} is missing";
        if (expected.InOrder && !expected.Waiters.SequenceEqual(
            expected.Waiters.Where(waiter => waiters.Any(found => Matches(found, waiter)))
                .OrderBy(waiter => Array.FindIndex(waiters, found => Matches(found, waiter)))))
            yield return $"its waiters are not in order: {string.Join(", ", waiters.Select(waiter => waiter.Thread))}";
    }

    private long? SharedOwners =>
        told.TryGetProperty("sharedOwners", out JsonElement value) && value.ValueKind == JsonValueKind.Number ? value.GetInt64() : null;

    private static bool Matches((string? Thread, string? Mode) found, string waiter) =>
        found.Thread == waiter || $"{found.Thread} {found.Mode}" == waiter;

    private static string Mode(Claim claim) => claim.Shared ? "shared" : "exclusive";

    /// <summary>
    /// The scenario's name of a thread, its address when it has none there, null when the answer does not know the thread.
    /// </summary>
    private string? Name(JsonElement part) =>
        JsonFacts.AddressOrNull(part, "thread") is { } address
            ? kernel.Threads.FirstOrDefault(thread => thread.Address == address)?.Spec.Name ?? $"{address:x}" : null;
}
