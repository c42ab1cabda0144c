using System.Text.Json;
using System.Text.RegularExpressions;
using KernelImages.Kernel;
using LockLeak.Kernel;
using LockLeak.Target;
using LockLeak.Tests.Reports;

namespace LockLeak.Tests.Fuzz;

/// <summary>What must be true of every answer, whatever the machine's memory holds.</summary>
internal static partial class Oracles
{
    /// <summary>Hundreds of times what a healthy machine of this size takes.</summary>
    private const long MostBytes = 64 << 20;

    /// <summary>What is wrong with an answer; null when nothing is.</summary>
    public static string? Wrong(SyntheticKernel kernel, Answer answer, string line, long allocated, bool takesDml, bool isHeldAgainstTheSchema) =>
        allocated > MostBytes ? $"it took {allocated >> 20} MB"
        : answer.Errors.Contains("internal error", StringComparison.Ordinal) ? answer.Errors
        : answer.Result.Status == CommandResult.Ok ? OfAnswer(kernel, answer, line.Contains("-json", StringComparison.Ordinal), takesDml, isHeldAgainstTheSchema)
        : answer.Result.Status == CommandResult.Failed && answer.Output.Length == 0 && answer.Errors.Count(c => c == '\n') == 1 ? null
        : $"it failed with more than a line: {answer.Errors}{answer.Output}";

    private static string? OfAnswer(SyntheticKernel kernel, Answer answer, bool isJson, bool takesDml, bool isHeldAgainstTheSchema) =>
        answer.Errors.Length > 0 ? $"it answers and complains: {answer.Errors}"
        : answer.Output.Length == 0 ? "it says nothing"
        : answer.Output.Any(c => char.IsControl(c) && c != '\n') ? $"a control character: {answer.Output}"
        : isJson ? OfJson(kernel, answer.Output, isHeldAgainstTheSchema)
        : takesDml && NoMarkup().Replace(answer.Output, "") is var rest && rest.IndexOfAny(['<', '>', '&']) >= 0 ? $"broken markup: {rest}"
        : null;

    private static string? OfJson(SyntheticKernel kernel, string json, bool isHeldAgainstTheSchema)
    {
        if (isHeldAgainstTheSchema && ReportSchema.Errors(json) is { Length: > 0 } errors)
        {
            return $"not of the schema: {errors}";
        }

        using JsonDocument report = JsonDocument.Parse(json);
        HashSet<string> threads = [.. kernel.Threads.Select(thread => Address.Json(thread.Address))];
        return !report.RootElement.TryGetProperty("findings", out JsonElement findings) ? null
            : findings.EnumerateArray().Where(finding => finding.GetProperty("certainty").GetString() == "certain")
                .SelectMany(finding => finding.GetProperty("threads").EnumerateArray().Append(finding.GetProperty("thread")))
                .Where(thread => thread.ValueKind == JsonValueKind.String && !threads.Contains(thread.GetString()!))
                .Select(thread => $"it is certain of {thread}, which is no thread").FirstOrDefault();
    }

    /// <summary>The tags and entities that ReportWriter writes.</summary>
    [GeneratedRegex("""<link cmd="[^"<>]*">|</link>|<col fg="[a-z]+">|</col>|</?b>|&(amp|lt|gt|quot);""")]
    private static partial Regex NoMarkup();
}
