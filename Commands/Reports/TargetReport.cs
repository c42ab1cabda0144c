using System.Text.Json.Serialization;
using LockLeak.Kernel;

namespace LockLeak.Reports;

/// <summary>The machine.</summary>
/// <param name="Kind">A crash dump, or a machine over a KD connection.</param>
/// <param name="Build">Windows build number.</param>
/// <param name="PointerSize">Bytes of a pointer: 8.</param>
/// <param name="Layout">Where the kernel's types come from: its symbols, or the tables that come with LockLeak.</param>
/// <param name="LayoutSource">The same with more words: "PDB", "built-in (22621)".</param>
/// <param name="BugCheck">What stopped the machine; null when no bug check did.</param>
internal sealed record TargetReport(string Kind, long Build, long PointerSize, string Layout, [property: JsonIgnore] string LayoutSource,
    BugCheckReport? BugCheck)
{
    /// <summary>Build and revision, such as 22621.2506; null when the kernel does not say.</summary>
    public string? Revision { get; init; }

    /// <summary>nt!NtBuildLab: the build and the branch that it comes from.</summary>
    public string? Lab { get; init; }

    /// <summary>
    /// The computer's name; null with -json, where the symbols that it needs could make the debugger say something beside the answer.
    /// </summary>
    public string? Machine { get; init; }

    /// <summary>When it stopped, or for a live machine when it was asked: ISO 8601, UTC.</summary>
    public string? StopTime { get; init; }

    /// <summary>How long it had run then.</summary>
    public long? UptimeMilliseconds { get; init; }

    /// <summary>Number of processors.</summary>
    public long? Processors { get; init; }

    /// <summary>How much of the machine a dump holds; null for a live machine and when it is not known.</summary>
    public string? Dump { get; init; }
}

/// <summary>A bug check.</summary>
/// <param name="Code">Its number: "0x153".</param>
/// <param name="Name">Its symbolic name; null for one that does not concern locks.</param>
/// <param name="Parameters">Its four parameters.</param>
/// <param name="Meaning">The parameters in words, without the reserved ones.</param>
internal sealed record BugCheckReport(string Code, string? Name, IReadOnlyList<ulong> Parameters,
    [property: JsonIgnore] IReadOnlyList<string> Meaning)
{
    /// <summary>What the parameters say, in one line.</summary>
    public string Words => string.Join("; ", Meaning);

    /// <summary>The thread that it names.</summary>
    [JsonIgnore]
    public ThreadAddress? Thread { get; init; }

    /// <summary>The lock that it names.</summary>
    [JsonIgnore]
    public LockAddress? Lock { get; init; }
}
