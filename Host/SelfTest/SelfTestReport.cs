using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace LockLeak.Host;

/// <summary>What a folder of dumps said of the tool.</summary>
/// <param name="Dumps">Each dump, in the order in which they were asked.</param>
internal sealed record SelfTestReport(IReadOnlyList<SelfTestDump> Dumps)
{
    /// <summary>As of reports of commands.</summary>
    [JsonPropertyOrder(-2)]
    public string Schema { get; } = "lockleak/1";

    /// <summary>What was asked.</summary>
    [JsonPropertyOrder(-1)]
    public string Command { get; } = "selftest";

    /// <summary>Dumps that were answered.</summary>
    public int Answered => Dumps.Count(dump => dump.Error is null);

    /// <summary>Dumps that are for another tool, such as those of programs.</summary>
    public int LeftOut => Dumps.Count(dump => dump.IsLeftOut);

    /// <summary>Comparisons of what the kernels say in two places.</summary>
    public int Made => Dumps.Sum(dump => dump.Made);

    /// <summary>Those whose sides differ.</summary>
    public int Disagreed => Dumps.Sum(dump => dump.Disagreed);

    /// <summary>Answers whose parts contradict each other.</summary>
    public int Broken => Dumps.Count(dump => dump.Broken.Count > 0);

    /// <summary>0 when all is well, 1 when something disagrees, 2 when a dump that should have been answered was not.</summary>
    [JsonIgnore]
    public int Result => Answered + LeftOut < Dumps.Count
        ? ExitCode.CouldNotRun : Disagreed > 0 || Broken > 0 ? ExitCode.Found : ExitCode.NothingFound;

    /// <summary>The last line of the text.</summary>
    [JsonIgnore]
    public string Line => string.Create(
        CultureInfo.InvariantCulture,
        $"{Dumps.Count} dumps: {Answered} answered, {LeftOut} left out, {Dumps.Count - Answered - LeftOut} failed. {Disagreed} of " +
            $"{Made} comparisons disagree. {Broken} answers contradict themselves.");

    /// <summary>One object on one line.</summary>
    public string Json() => JsonSerializer.Serialize(this, SelfTestJson.Default.SelfTestReport);
}

/// <summary>What one dump said.</summary>
/// <param name="File">Its path from the folder on.</param>
/// <param name="Milliseconds">How long it took, the start of the engine included.</param>
internal sealed record SelfTestDump(string File, long Milliseconds)
{
    /// <summary>Windows build; 0 where it was not answered.</summary>
    public int Build { get; init; }

    /// <summary>"pdb" or "built-in"; empty where it was not answered.</summary>
    public string Layout { get; init; } = "";

    /// <summary>Kinds of the findings.</summary>
    public IReadOnlyList<string> Findings { get; init; } = [];

    /// <summary>Comparisons.</summary>
    public int Made { get; init; }

    /// <summary>Those whose sides differ.</summary>
    public int Disagreed { get; init; }

    /// <summary>The checks with such, as the report has them.</summary>
    public IReadOnlyList<JsonElement> Checks { get; init; } = [];

    /// <summary>The rules that the report breaks.</summary>
    public IReadOnlyList<string> Broken { get; init; } = [];

    /// <summary>Why there is no report; null where there is one.</summary>
    public Error? Error { get; init; }

    /// <summary>It is no kernel dump, so that having no report is right.</summary>
    [JsonIgnore]
    public bool IsLeftOut => Error is { Code: "not-a-dump" or "not-a-kernel-dump" };

    /// <summary>Takes a report or the object in its place apart.</summary>
    /// <param name="file">Path of the dump from the folder on.</param>
    /// <param name="milliseconds">How long it took.</param>
    /// <param name="answer">The object.</param>
    public static SelfTestDump Of(string file, long milliseconds, JsonElement answer)
    {
        var dump = new SelfTestDump(file, milliseconds);
        if (answer.TryGetProperty("error", out JsonElement error))
        {
            return dump with
            {
                Error = new Error(
                error.GetProperty("code").GetString()!, error.GetProperty("message").GetString()!,
                error.GetProperty("permanent").GetBoolean())
            };
        }

        JsonElement target = answer.GetProperty("target");
        JsonElement[] checks = [.. answer.GetProperty("checks").EnumerateArray()];
        return dump with
        {
            Build = target.GetProperty("build").GetInt32(),
            Layout = target.GetProperty("layout").GetString()!,
            Findings = [.. answer.GetProperty("findings").EnumerateArray().Select(finding => finding.GetProperty("kind").GetString()!)],
            Made = checks.Sum(check => check.GetProperty("made").GetInt32()),
            Disagreed = checks.Sum(check => check.GetProperty("disagreed").GetInt32()),
            Checks = [.. checks.Where(check => check.GetProperty("disagreed").GetInt32() > 0).Select(check => check.Clone())],
            Broken = ReportRules.Broken(answer),
        };
    }

    /// <summary>The dump in the text: a line, and one more for each thing that is wrong.</summary>
    public IEnumerable<string> Lines()
    {
        if (Error is { } error)
        {
            yield return $"{File}: {(IsLeftOut ? "left out" : "FAILED")}, {error.Message}";
            yield break;
        }

        string findings = Findings.Count == 0 ? "nothing found" : string.Join(", ", Findings);
        yield return string.Create(CultureInfo.InvariantCulture,
            $"{File}: build {Build}, types {Layout}, {findings}, {Made - Disagreed} of {Made} comparisons agree, " +
            $"{Milliseconds / 1000.0:0.0} s");
        foreach (JsonElement check in Checks)
        {
            yield return $"    DISAGREES  {check.GetProperty("name")}: {string.Join(" ", check.GetProperty("first").EnumerateArray())} " +
                $"Suspect: {string.Join(", ", check.GetProperty("suspects").EnumerateArray())}.";
        }

        foreach (string rule in Broken)
        {
            yield return $"    CONTRADICTS ITSELF  {rule}";
        }
    }
}

[JsonSerializable(typeof(SelfTestReport))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class SelfTestJson : JsonSerializerContext;
