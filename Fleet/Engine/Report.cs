using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace LockLeak.Fleet.Engine;

/// <summary>
/// What of a report (docs/json.md) the tables have as columns. A key that is not there is null: older versions lack some.
/// </summary>
internal sealed partial record Report
{
    /// <summary>The report itself.</summary>
    public required string Json { get; init; }

    /// <summary>Windows build number.</summary>
    public long? Build { get; init; }

    /// <summary>Build with its revision, such as "22621.2506".</summary>
    public string? Revision { get; init; }

    /// <summary>The machine's name.</summary>
    public string? Machine { get; init; }

    /// <summary>When the machine stopped.</summary>
    public DateTime? StopTime { get; init; }

    /// <summary>Bug check code, such as "0x153".</summary>
    public string? BugCheck { get; init; }

    /// <summary>What was found.</summary>
    public IReadOnlyList<Finding> Findings { get; init; } = [];

    /// <summary>Why there is no report; null when there is one.</summary>
    public string? Error { get; init; }

    /// <summary>Another attempt with the same content would end alike.</summary>
    public bool Permanent { get; init; }

    /// <summary>lockleak gave up waiting for the engine.</summary>
    public bool TimedOut { get; init; }

    /// <summary>Reads one; null for anything else.</summary>
    public static Report? Read(string output)
    {
        try
        {
            // PostgreSQL's jsonb has no place for the character 0.
            string json = ZeroCharacter().Replace(output.Trim().ReplaceLineEndings(" "), @"${escaped}\ufffd");
            using JsonDocument document = JsonDocument.Parse(json);
            JsonElement root = document.RootElement;
            return root.ValueKind == JsonValueKind.Object && Text(root, "schema") == "lockleak/1" ? Read(root, json) : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException) // the second for half a surrogate pair
        {
            return null;
        }
    }

    private static Report Read(JsonElement root, string json)
    {
        JsonElement target = Get(root, "target"), error = Get(root, "error");
        return new Report
        {
            Json = json,
            Build = Get(target, "build") is { ValueKind: JsonValueKind.Number } build && build.TryGetInt64(out long number) ? number : null,
            Revision = Text(target, "revision"),
            Machine = Text(target, "machine"),
            StopTime = DateTime.TryParse(Text(target, "stopTime"), CultureInfo.InvariantCulture,
                DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal, out DateTime time) ? time : null,
            BugCheck = Text(Get(target, "bugCheck"), "code"),
            Findings = Get(root, "findings") is { ValueKind: JsonValueKind.Array } findings
                ? [.. findings.EnumerateArray().Select(Finding.Read)] : [],
            Error = error.ValueKind == JsonValueKind.Object ? Text(error, "message") ?? "lockleak gave no reason" : null,
            // A wrong option or a file that is gone will always be that, but says nothing of the dump's content.
            Permanent = Get(error, "permanent").ValueKind == JsonValueKind.True && Text(error, "code") is not ("usage" or "no-such-file"),
            TimedOut = Text(error, "code") == "time-limit",
        };
    }

    /// <summary>A member of an object; nothing when it is none or has none.</summary>
    internal static JsonElement Get(JsonElement of, string name) =>
        of.ValueKind == JsonValueKind.Object && of.TryGetProperty(name, out JsonElement member) ? member : default;

    /// <summary>A member that is a string; else null.</summary>
    internal static string? Text(JsonElement of, string name) =>
        Get(of, name) is { ValueKind: JsonValueKind.String } member ? member.GetString() : null;

    // An even number of backslashes before it are characters of their own.
    [GeneratedRegex(@"(?<!\\)(?<escaped>(?:\\\\)*)\\u0000")]
    private static partial Regex ZeroCharacter();
}

/// <summary>A finding of a report.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Certainty">"certain" or "suspect".</param>
/// <param name="Module">The driver to blame.</param>
/// <param name="ModuleVersion">Its version.</param>
/// <param name="Function">Its function.</param>
/// <param name="Signature">The same for the same defect in other dumps.</param>
/// <param name="Message">A sentence.</param>
internal sealed record Finding(string Kind, string Certainty, string? Module, string? ModuleVersion, string? Function, string? Signature,
    string Message)
{
    /// <summary>Reads one.</summary>
    public static Finding Read(JsonElement finding) => new(
        Report.Text(finding, "kind") ?? "?",
        Report.Text(finding, "certainty") ?? "?",
        Report.Text(finding, "module"),
        Report.Text(finding, "moduleVersion"),
        Report.Text(finding, "function"),
        Report.Text(finding, "signature"),
        Report.Text(finding, "message") ?? "");
}
