using System.Text.Json;
using System.Text.RegularExpressions;
using KernelImages.Kernel;
using LockLeak.Kernel;

namespace KernelImages.Damaged;

/// <summary>What a command said, in memory or in the engine.</summary>
/// <param name="Line">The command line.</param>
/// <param name="IsAnswered">False where it failed.</param>
/// <param name="Output">Text, markup or JSON.</param>
/// <param name="Complaints">Its own lines in the error colour.</param>
/// <param name="IsMarkup">The console takes DML.</param>
public sealed record Said(string Line, bool IsAnswered, string Output, string Complaints, bool IsMarkup = false)
{
    /// <summary>Whether the line asks for JSON.</summary>
    public bool IsJson => Line.Contains("-json", StringComparison.Ordinal);
}

/// <summary>What must be true of every answer, whatever the machine's memory holds.</summary>
public static partial class Oracles
{
    /// <summary>What is wrong with an answer; null when nothing is.</summary>
    /// <param name="kernel">The machine as it was before the damage.</param>
    /// <param name="said">The answer.</param>
    /// <param name="schemaErrors">Holds a report against the schema, which takes longer than all the rest; null to leave that out.</param>
    public static string? Wrong(SyntheticKernel kernel, Said said, Func<string, string>? schemaErrors) =>
        said.Complaints.Contains("internal error", StringComparison.Ordinal) ? said.Complaints
        : said.IsAnswered ? OfAnswer(kernel, said, schemaErrors)
        : said.Output.Length == 0 && said.Complaints.Count(letter => letter == '\n') == 1 ? null
        : $"it failed with more than a line: {said.Complaints}{said.Output}";

    /// <summary>What is wrong with a report; null when nothing is.</summary>
    public static string? WrongReport(SyntheticKernel kernel, string json, Func<string, string>? schemaErrors)
    {
        if (schemaErrors?.Invoke(json) is { Length: > 0 } errors) return $"not of the schema: {errors}";
        using JsonDocument report = JsonDocument.Parse(json);
        HashSet<string> threads = [.. kernel.Threads.Select(thread => Address.Json(thread.Address))];
        return !report.RootElement.TryGetProperty("findings", out JsonElement findings) ? null
            : findings.EnumerateArray().Where(finding => finding.GetProperty("certainty").GetString() == "certain")
                .SelectMany(finding => finding.GetProperty("threads").EnumerateArray().Append(finding.GetProperty("thread")))
                .Where(thread => thread.ValueKind == JsonValueKind.String && !threads.Contains(thread.GetString()!))
                .Select(thread => $"it is certain of {thread}, which is no thread").FirstOrDefault();
    }

    private static string? OfAnswer(SyntheticKernel kernel, Said said, Func<string, string>? schemaErrors) =>
        said.Complaints.Length > 0 ? $"it answers and complains: {said.Complaints}"
        : said.Output.Length == 0 ? "it says nothing"
        : said.Output.Any(letter => char.IsControl(letter) && letter != '\n') ? $"a control character: {said.Output}"
        : said.IsJson ? WrongReport(kernel, said.Output, schemaErrors)
        : said.IsMarkup ? OfMarkup(NoMarkup().Replace(said.Output, ""))
        : null;

    private static string? OfMarkup(string rest) => rest.IndexOfAny(['<', '>', '&']) >= 0 ? $"broken markup: {rest}" : null;

    /// <summary>The tags and entities that ReportWriter writes.</summary>
    [GeneratedRegex("""<link cmd="[^"<>]*">|</link>|<col fg="[a-z]+">|</col>|</?b>|&(amp|lt|gt|quot);""")]
    private static partial Regex NoMarkup();
}
