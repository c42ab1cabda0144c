namespace KernelImages.LockStates.Check;

/// <summary>Compares what an answer says of a lock with the truth.</summary>
public static class LockComparison
{
    /// <summary>What is wrong, each with its <see cref="FaultKind"/>.</summary>
    public static IEnumerable<(string Kind, string Text)> Faults(LockTruth truth, LockAnswer answer)
    {
        if (answer.Kind != truth.Item.Kind && !truth.MayBeUnknown(answer))
        {
            yield return (FaultKind.Kind, Said("kind", truth.Item.Kind, answer.Kind ?? "none"));
        }
        foreach (string text in Flags(truth, answer)) yield return (FaultKind.Flags, text);
        if (Owners(truth, answer) is { } owners) yield return (FaultKind.Owners, owners);
        if (truth.Item.IsSteady && Shares(truth, answer) is { } shares) yield return (FaultKind.Shares, shares);
        if (Waiters(truth, answer) is { } waiters) yield return (FaultKind.Waiters, waiters);
        else if (truth.IsPushLock && Order(truth, answer) is { } order) yield return (FaultKind.Order, order);
        foreach (string text in answer.Waiters.Select(waiter => Block(truth, waiter)).OfType<string>())
        {
            yield return (FaultKind.Blocks, text);
        }
        foreach (string text in answer.Waiters.Select(waiter => Mode(truth, waiter)).OfType<string>()) yield return (FaultKind.Modes, text);
    }

    /// <summary>The bits are what the memory holds, whatever is in flight. The two commands tell different ones.</summary>
    private static IEnumerable<string> Flags(LockTruth truth, LockAnswer answer)
    {
        if (answer.Value != truth.Value)
        {
            yield return Said("value", $"0x{truth.Value:x}", answer.Value is null ? "none" : $"0x{answer.Value:x}");
        }
        if (!truth.IsPushLock)
        {
            bool isOwned = truth.Item.Owners.Count > 0;
            if (truth.Item.IsSteady && answer.Locked != isOwned) yield return Said("locked", Text(isOwned), Text(answer.Locked));
            yield break;
        }
        // A blocked push lock has no flag bits, and its threads wait all the same: "waiting" may mean either.
        ulong bits = truth.IsBlocked ? 0 : truth.Value;
        (string Name, bool Expected, bool? Got)[] flags =
        [
            ("locked", (bits & 1) != 0, truth.IsBlocked || truth.MayBeUnknown(answer) ? answer.Locked ?? false : answer.Locked),
            ("waiting", (bits & 2) != 0, truth.IsBlocked ? false : answer.Waiting ?? (bits & 2) != 0),
            ("waking", (bits & 4) != 0, answer.Waking ?? (bits & 4) != 0),
            ("multipleShared", (bits & 8) != 0 && (bits & 2) != 0, answer.MultipleShared ?? (bits & 8) != 0),
        ];
        foreach ((string name, bool expected, bool? got) in flags.Where(flag => flag.Expected != flag.Got))
        {
            yield return Said(name, Text(expected), Text(got));
        }
    }

    private static string? Owners(LockTruth truth, LockAnswer answer)
    {
        bool isRight = truth.MustOwn.IsSubsetOf(answer.Owners) && truth.MayOwn.IsSupersetOf(answer.Owners) &&
            answer.Owners.Distinct().Count() == answer.Owners.Count;
        return isRight ? null : Said(
            "owners",
            $"[{string.Join(", ", truth.Item.Owners.Select(InWords))}]{truth.StepsInWords}",
            $"[{string.Join(", ", answer.Owners.Select(owner => truth.Name(owner)))}]");
    }

    private static string InWords(StateOwner owner) => $"{owner.Thread} {owner.Mode}{(owner.ByPointer ? " by pointer" : "")}";

    private static string? Shares(LockTruth truth, LockAnswer answer)
    {
        IReadOnlyList<StateOwner> owners = truth.Item.Owners;
        bool? exclusive = owners.Count == 0 ? null : owners[0].Mode == "exclusive";
        int most = exclusive == false ? owners.Count : 0;
        int least = exclusive == false ? owners.Count(owner => !owner.ByPointer) : 0;
        bool isExclusiveRight = answer.Exclusive == exclusive || (truth.SharesAreUncertain && answer.Exclusive is null);
        bool isNumberRight = (answer.SharedOwners >= least && answer.SharedOwners <= most) ||
            (truth.SharesAreUncertain && answer.SharedOwners == 0);
        return isExclusiveRight && isNumberRight
            ? null : Said("exclusive, shared owners", $"{Text(exclusive)}, {most}", $"{Text(answer.Exclusive)}, {answer.SharedOwners}");
    }

    private static string? Waiters(LockTruth truth, LockAnswer answer)
    {
        List<ulong> known = [.. answer.Waiters.Select(waiter => waiter.Thread).OfType<ulong>()];
        bool isRight = truth.MustWait.IsSubsetOf(known) && truth.MayWait.IsSupersetOf(known) && known.Distinct().Count() == known.Count &&
            answer.Waiters.All(waiter => waiter.Thread is not null || (waiter.Block is { } block && truth.IsBlockOfQueueing(block)));
        return isRight ? null : Said(
            "waiters", $"[{string.Join(", ", truth.Item.Waiters.Select(waiter => waiter.Thread))}]{truth.StepsInWords}",
            $"[{string.Join(", ", answer.Waiters.Select(waiter => truth.Name(waiter.Thread)))}]");
    }

    /// <summary>Oldest first; one that is in no queue any more has no place in it.</summary>
    private static string? Order(LockTruth truth, LockAnswer answer)
    {
        List<int> told = [.. answer.Waiters.Where(waiter => waiter.Thread is not null).Select(waiter => truth.Waiter(waiter.Thread!.Value))
            .OfType<StateWaiter>().Select(waiter => waiter.Thread)];
        IEnumerable<int> expected = truth.Item.Waiters.Select(waiter => waiter.Thread).Where(told.Contains);
        return told.SequenceEqual(expected)
            ? null : Said("waiters, oldest first", $"[{string.Join(", ", expected)}]", $"[{string.Join(", ", told)}]");
    }

    private static string? Block(LockTruth truth, WaiterAnswer answer)
    {
        if (answer.Thread is not { } thread) return null;
        ulong? expected = truth.Waiter(thread)?.Block;
        bool isRight = expected is null ? answer.Block is not { } block || truth.IsOnStack(thread, block)
            : answer.Block == expected || (answer.Block is null && !truth.MustWait.Contains(thread));
        return isRight ? null : Said($"wait block of {truth.Name(thread)}", expected is null ? "none" : $"0x{expected:x}",
            answer.Block is null ? "none" : $"0x{answer.Block:x}");
    }

    /// <summary>Only the block of a push lock's waiter holds its mode; of others it may be told, and then rightly.</summary>
    private static string? Mode(LockTruth truth, WaiterAnswer answer)
    {
        StateWaiter? waiter = answer.Thread is { } thread
            ? truth.Waiter(thread) : truth.Item.Waiters.FirstOrDefault(waiter => waiter.Block == answer.Block);
        if (waiter is null) return null;
        bool mayBeUntold = truth.IsBlocked || !truth.IsPushLock || !truth.MustWait.Contains(truth.Thread(waiter.Thread));
        string? expected = waiter.Mode ?? (truth.IsBlocked ? null : "exclusive");
        return answer.Mode == expected || (mayBeUntold && answer.Mode is null)
            ? null : Said($"mode of {waiter.Thread}", expected ?? "none", answer.Mode ?? "none");
    }

    private static string Said(string what, string expected, string got) => $"{what} expected {expected}, got {got}";

    private static string Text(bool? value) => value switch { true => "true", false => "false", null => "null" };
}
