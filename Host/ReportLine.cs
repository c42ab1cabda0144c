using System.Text.Json;
using System.Text.Json.Serialization;

namespace LockLeak.Host;

/// <summary>The reports in what a command printed. The engine may say something of its own before them, on the same line.</summary>
internal static class ReportLine
{
    private const string Begin = "{\"schema\":\"lockleak/";

    /// <summary>What stands before a value that dx prints: a report there is a string that somebody asked for as one.</summary>
    private const string ValueOfDx = " : ";

    /// <summary>Takes the reports out of what was printed.</summary>
    /// <param name="printed">Standard output of a command line.</param>
    /// <param name="rest">What is no report.</param>
    public static IReadOnlyList<string> Find(string printed, out string rest)
    {
        List<string> reports = [];
        rest = "";
        while (printed.IndexOf(Begin, StringComparison.Ordinal) is >= 0 and var start)
        {
            int end = printed.IndexOf('\n', start) is >= 0 and var newLine ? newLine : printed.Length;
            string line = printed[start..end].TrimEnd();
            rest += printed[..start];
            if (!printed[..start].EndsWith(ValueOfDx, StringComparison.Ordinal) && IsObject(line))
            {
                reports.Add(line);
            }
            else
            {
                rest += line + "\n";
            }

            printed = printed[Math.Min(end + 1, printed.Length)..];
        }

        rest += printed;
        return reports;
    }

    /// <summary>
    /// A report with what the host knows and the command does not: which dump it is, and which symbols were not to be had.
    /// </summary>
    public static string With(string report, HostFacts facts)
    {
        string members = JsonSerializer.Serialize(facts, ReportJson.Default.HostFacts)[1..^1];
        return $"{report[..^1]},{members}}}";
    }

    /// <summary>True for an object that says why there is no report.</summary>
    public static bool IsError(string report)
    {
        using JsonDocument document = JsonDocument.Parse(report);
        return document.RootElement.TryGetProperty("error", out _);
    }

    private static bool IsObject(string line)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(line);
            return document.RootElement.ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}

/// <summary>What the host adds to a report.</summary>
/// <param name="Dump">The dump; null for a live machine.</param>
/// <param name="MissingSymbols">PDBs that were asked for and not had.</param>
internal sealed record HostFacts(DumpIdentity? Dump, IReadOnlyList<MissingPdb> MissingSymbols);

/// <summary>Which dump a report is about.</summary>
/// <param name="File">Its path as the user wrote it.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Sha256">The SHA-256 of the file in lower-case hexadecimal digits; null when nobody asked for it.</param>
/// <param name="Damage">What the engine found wrong with the file; null when nothing was.</param>
internal sealed record DumpIdentity(string File, long Bytes, string? Sha256, string? Damage);

[JsonSerializable(typeof(HostFacts))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class ReportJson : JsonSerializerContext;
