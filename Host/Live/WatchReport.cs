using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace LockLeak.Host;

/// <summary>What a watch needs of a report of schema "lockleak/1": findings from !lockleak, threads from !threadlocks.</summary>
/// <param name="Schema">"lockleak/1".</param>
/// <param name="Command">The command that wrote it.</param>
/// <param name="Complete">False when the command was stopped on its way.</param>
/// <param name="Target">The machine.</param>
/// <param name="Findings">What is wrong; null in a report of !threadlocks.</param>
/// <param name="Threads">Threads with lock entries in use, and those that wait for a lock.</param>
internal sealed record WatchReport(
    string? Schema, string? Command, bool Complete, WatchTarget? Target, IReadOnlyList<WatchFinding>? Findings,
    IReadOnlyList<WatchThread>? Threads)
{
    /// <summary>Reads what a command printed.</summary>
    /// <returns>Null when it is no such report.</returns>
    public static WatchReport? Parse(string output)
    {
        try
        {
            return JsonSerializer.Deserialize(output, WatchJson.Default.WatchReport) is { Schema: "lockleak/1" } report ? report : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>The machine.</summary>
/// <param name="BugCheck">The bug check that it has stopped in, or null.</param>
internal sealed record WatchTarget(WatchBugCheck? BugCheck);

/// <summary>A bug check.</summary>
/// <param name="Code">Such as "0x153".</param>
/// <param name="Name">Its symbolic name, or null.</param>
internal sealed record WatchBugCheck(string Code, string? Name);

/// <summary>A finding.</summary>
/// <param name="Kind">Such as "leaked-entry".</param>
/// <param name="Certainty">"certain" or "suspect".</param>
/// <param name="Thread">The thread at fault.</param>
/// <param name="Entry">The lock entry.</param>
/// <param name="Lock">The lock.</param>
/// <param name="Waiters">Threads that wait for the lock.</param>
/// <param name="Threads">A deadlock's threads.</param>
/// <param name="Message">One sentence.</param>
internal sealed record WatchFinding(
    string Kind, string Certainty, string? Thread, string? Entry, string? Lock, IReadOnlyList<string> Waiters,
    IReadOnlyList<string> Threads, string Message);

/// <summary>A thread.</summary>
/// <param name="Thread">_ETHREAD.</param>
/// <param name="Image">Image name of its process.</param>
/// <param name="Pid">Process ID.</param>
/// <param name="Tid">Thread ID.</param>
/// <param name="State">Name of its _KTHREAD_STATE.</param>
/// <param name="WaitReason">Name of its _KWAIT_REASON.</param>
/// <param name="WaitMilliseconds">How long it has waited; null when it does not wait.</param>
/// <param name="Entries">Its lock entries in use.</param>
internal sealed record WatchThread(
    string Thread, string? Image, long? Pid, long? Tid, string? State, string? WaitReason, long? WaitMilliseconds,
    IReadOnlyList<WatchEntry> Entries);

/// <summary>A lock entry.</summary>
/// <param name="Lock">The lock.</param>
/// <param name="Kind">"push lock" or another kind.</param>
/// <param name="Relation">"owns", "waits", "acquiring" or "orphaned".</param>
internal sealed record WatchEntry(string? Lock, string Kind, string Relation);

/// <summary>Readers and writers made at build time: NativeAOT has no reflection to make them at run time.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(WatchReport))]
[JsonSerializable(typeof(News))]
internal sealed partial class WatchJson : JsonSerializerContext
{
    /// <summary>For people too: the default writes quotes and back-ticks as numbers, for the sake of web pages.</summary>
    public static WatchJson Readable { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
