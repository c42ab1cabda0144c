using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace LockLeak.Host;

/// <summary>The reports in what a command printed. The engine may say something of its own before them, on the same line.</summary>
internal static class ReportLine
{
    private const string Begin = "{\"schema\":\"lockleak/";

    /// <summary>What stands before a value that dx prints: a report there is a string that somebody asked for as one.</summary>
    private const string ValueOfDx = " : ";

    /// <summary>Characters that a writer gets at once: one that gets them all copies them all.</summary>
    private const int Piece = 1 << 14;

    /// <summary>Takes the reports out of what was printed.</summary>
    /// <param name="printed">Standard output of a command line.</param>
    /// <param name="rest">What is no report.</param>
    public static IReadOnlyList<ReadOnlyMemory<char>> Find(string printed, out string rest)
    {
        List<ReadOnlyMemory<char>> reports = [];
        var others = new StringBuilder();
        int at = 0;
        while (printed.IndexOf(Begin, at, StringComparison.Ordinal) is >= 0 and var start)
        {
            int end = printed.IndexOf('\n', start) is >= 0 and var newLine ? newLine : printed.Length;
            ReadOnlyMemory<char> before = printed.AsMemory(at, start - at), line = printed.AsMemory(start, end - start).TrimEnd();
            others.Append(before);
            if (!before.Span.EndsWith(ValueOfDx) && JsonObject.Members(line.Span) is not null)
            {
                reports.Add(line);
            }
            else
            {
                others.Append(line).Append('\n');
            }

            at = Math.Min(end + 1, printed.Length);
        }

        rest = others.Append(printed.AsSpan(at)).ToString();
        return reports;
    }

    /// <summary>
    /// Writes a report with what the host knows and the command does not: which dump it is, and which symbols were not to be had.
    /// </summary>
    /// <param name="writer">Where it goes.</param>
    /// <param name="report">The report.</param>
    /// <param name="facts">What the host knows.</param>
    public static void Write(TextWriter writer, ReadOnlyMemory<char> report, HostFacts facts)
    {
        ReadOnlyMemory<char> open = report[..^1];
        // The console's writers lock themselves: a time limit that is over now writes a line of its own.
        lock (writer)
        {
            for (int at = 0; at < open.Length; at += Piece)
            {
                writer.Write(open.Span.Slice(at, Math.Min(Piece, open.Length - at)));
            }

            writer.WriteLine($",{JsonSerializer.Serialize(facts, ReportJson.Default.HostFacts)[1..]}");
        }
    }

    /// <summary>True for an object that says why there is no report.</summary>
    public static bool IsError(ReadOnlyMemory<char> report) => JsonObject.Members(report.Span)?.Contains("error") == true;
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
