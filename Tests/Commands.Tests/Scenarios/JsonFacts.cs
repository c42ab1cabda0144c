using System.Text.Json;
using KernelImages.Kernel;

namespace LockLeak.Tests.Scenarios;

/// <summary>Reads values out of the JSON of an answer.</summary>
internal static class JsonFacts
{
    /// <summary>An address that has to be there.</summary>
    public static ulong Address(JsonElement item, string property) =>
        AddressOrNull(item, property) ?? throw new AssertFailedException($"no {property} in {item}");

    /// <summary>An address; null when there is none or the answer does not know it.</summary>
    public static ulong? AddressOrNull(JsonElement item, string property) =>
        item.TryGetProperty(property, out JsonElement value) && value.ValueKind == JsonValueKind.String
            ? Convert.ToUInt64(value.GetString(), 16) : null;

    /// <summary>True or false; null when the answer does not say.</summary>
    public static bool? Flag(JsonElement item, string property) =>
        item.TryGetProperty(property, out JsonElement value) && value.ValueKind is JsonValueKind.True or JsonValueKind.False
            ? value.GetBoolean() : null;

    /// <summary>Threads of this build keep lock entries.</summary>
    public static bool HasLockEntries(SyntheticKernel kernel) => kernel.Types.SizeOf("_KLOCK_ENTRY") is not null;
}
