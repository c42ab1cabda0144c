using System.Text.Json.Serialization;
using LockLeak.Kernel;

namespace LockLeak.Reports;

/// <summary>
/// The answer to a command, as data: what the renderers turn into text, DML or JSON and what scripts see. The names are
/// those of the JSON schema "lockleak/1" (docs/json.md). An address that does not exist is null.
/// </summary>
/// <param name="Command">The command that was asked.</param>
/// <param name="Target">The machine.</param>
internal abstract record Report(
    [property: JsonPropertyOrder(-3)] string Command,
    [property: JsonPropertyOrder(-2)] TargetReport Target)
{
    /// <summary>Name and version of this schema.</summary>
    [JsonPropertyOrder(-4)]
    public string Schema { get; } = "lockleak/1";

    /// <summary>What has made the answer.</summary>
    [JsonPropertyOrder(-1)]
    public ToolReport Tool { get; } = ToolReport.This;

    /// <summary>What the answer cost.</summary>
    [JsonPropertyOrder(10)]
    public required CostReport Cost { get; init; }

    /// <summary>
    /// False when the user stopped the command, with -fast, or when something could not be read that the answer needs: what was found is
    /// there.
    /// </summary>
    [JsonPropertyOrder(11)]
    public required bool Complete { get; init; }

    /// <summary>What could not be read and why, and what else there is to know, in words.</summary>
    [JsonPropertyOrder(12)]
    public required IReadOnlyList<string> Notes { get; init; }
}

/// <summary>The program that has made an answer.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Version">Its version.</param>
internal sealed record ToolReport(string Name, string Version)
{
    /// <summary>This one.</summary>
    internal static ToolReport This { get; } = new("lockleak", typeof(ToolReport).Assembly.GetName().Version?.ToString(3) ?? "0");
}

/// <summary>What an answer cost.</summary>
/// <param name="Processes">Processes seen.</param>
/// <param name="Threads">Threads seen.</param>
/// <param name="ThreadsWithEntries">Those of them with a lock entry in use.</param>
/// <param name="Reads">Read requests to the debugger.</param>
/// <param name="Bytes">Bytes that they asked for.</param>
/// <param name="Milliseconds">Time.</param>
internal sealed record CostReport(long Processes, long Threads, long ThreadsWithEntries, long Reads, long Bytes, long Milliseconds)
{
    /// <summary>Where the time went, for the text; null when nobody wants to know.</summary>
    internal Phases? Phases { get; init; }
}
