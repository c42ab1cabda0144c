using System.Text.Json.Serialization;

namespace LockLeak.Fleet.Store;

/// <summary>A finding with what is known of its dump: a row of the exported table.</summary>
internal sealed class FindingRow
{
    [JsonPropertyName("sha256")]
    public string Sha256 { get; set; } = "";

    [JsonPropertyName("path")]
    public string? Path { get; set; }

    [JsonPropertyName("number")]
    public int Number { get; set; }

    [JsonPropertyName("kind")]
    public string Kind { get; set; } = "";

    [JsonPropertyName("certainty")]
    public string Certainty { get; set; } = "";

    [JsonPropertyName("module")]
    public string? Module { get; set; }

    [JsonPropertyName("module_version")]
    public string? ModuleVersion { get; set; }

    [JsonPropertyName("function")]
    public string? Function { get; set; }

    [JsonPropertyName("signature")]
    public string? Signature { get; set; }

    [JsonPropertyName("message")]
    public string Message { get; set; } = "";

    [JsonPropertyName("build")]
    public long? Build { get; set; }

    [JsonPropertyName("revision")]
    public string? Revision { get; set; }

    [JsonPropertyName("machine")]
    public string? Machine { get; set; }

    [JsonPropertyName("bug_check")]
    public string? BugCheck { get; set; }

    [JsonPropertyName("stop_time")]
    public DateTime? StopTime { get; set; }
}
