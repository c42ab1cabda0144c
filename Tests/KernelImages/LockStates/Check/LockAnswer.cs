using System.Globalization;
using System.Text.Json;

namespace KernelImages.LockStates.Check;

/// <summary>What a command's JSON says of a lock: an answer of !pushlock, or an element of "locks" of !lockleak.</summary>
/// <param name="Lock">Where it is.</param>
/// <param name="Kind">"push lock" and so on.</param>
/// <param name="Owners">Threads.</param>
/// <param name="Waiters">Waiters in the order of the answer.</param>
public sealed record LockAnswer(ulong Lock, string? Kind, IReadOnlyList<ulong> Owners, IReadOnlyList<WaiterAnswer> Waiters)
{
    /// <summary>The first 64 bits; null when the answer has none.</summary>
    public ulong? Value { get; init; }

    /// <summary>Somebody owns it; null when that is not told.</summary>
    public bool? Locked { get; init; }

    /// <summary>The Waiting bit; null where the command does not tell it.</summary>
    public bool? Waiting { get; init; }

    /// <summary>The Waking bit; null where the command does not tell it.</summary>
    public bool? Waking { get; init; }

    /// <summary>The MultipleShared bit; null where the command does not tell it.</summary>
    public bool? MultipleShared { get; init; }

    /// <summary>Shared owners; 0 also when it is not told.</summary>
    public long SharedOwners { get; init; }

    /// <summary>One exclusive owner or shared ones; null when that is not told or nobody owns it.</summary>
    public bool? Exclusive { get; init; }

    /// <summary>Reads it.</summary>
    public static LockAnswer Read(JsonElement json) => new(
        Address(json.GetProperty("lock")) ?? 0, json.GetProperty("kind").GetString(),
        [.. json.GetProperty("owners").EnumerateArray().Select(owner => Address(owner.GetProperty("thread")) ?? 0)],
        [.. json.GetProperty("waiters").EnumerateArray().Select(waiter =>
            new WaiterAnswer(Address(waiter.GetProperty("thread")), Address(waiter.GetProperty("waitBlock")),
                waiter.GetProperty("mode").GetString()))])
    {
        Value = Address(json.GetProperty("value")),
        Locked = Flag(json, "locked"),
        Waiting = Flag(json, "waiting"),
        Waking = Flag(json, "waking"),
        MultipleShared = Flag(json, "multipleShared"),
        SharedOwners = json.TryGetProperty("sharedOwners", out JsonElement shared) && shared.ValueKind == JsonValueKind.Number
            ? shared.GetInt64() : 0,
        Exclusive = Flag(json, "exclusive"),
    };

    /// <summary>An address or a raw value; null for null.</summary>
    public static ulong? Address(JsonElement text) =>
        text.ValueKind == JsonValueKind.Null
            ? null : ulong.Parse(text.GetString().AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    private static bool? Flag(JsonElement json, string name) =>
        json.TryGetProperty(name, out JsonElement flag) && flag.ValueKind != JsonValueKind.Null ? flag.GetBoolean() : null;
}

/// <summary>A waiter.</summary>
/// <param name="Thread">Its thread; null when it is not known.</param>
/// <param name="Block">Its wait block; null where there is none or it is not known.</param>
/// <param name="Mode">"exclusive", "shared", or null when it is not told.</param>
public sealed record WaiterAnswer(ulong? Thread, ulong? Block, string? Mode);
