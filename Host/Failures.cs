using System.Text.Json;
using System.Text.Json.Serialization;

namespace LockLeak.Host;

/// <summary>Tells the user why nothing could be done: one line on standard error, and with -json an object on standard output.</summary>
/// <param name="json">True to write the object too.</param>
/// <param name="dump">The dump that it is about, as the user wrote it; null when there is none, or more than one.</param>
internal sealed class Failures(bool json, string? dump)
{
    /// <summary>Writes it.</summary>
    public void Write(ErrorCode code, string message)
    {
        Console.Error.WriteLine($"lockleak: {message}");
        WriteObject("lockleak", code, message);
    }

    /// <summary>Writes the object only, where the line has been written by the command itself.</summary>
    /// <param name="command">The command that failed, such as "pushlock".</param>
    /// <param name="code">What kind of reason it is.</param>
    /// <param name="message">The reason.</param>
    /// <param name="missing">PDBs that were asked for and not had; null where it did not come to that.</param>
    public void WriteObject(string command, ErrorCode code, string message, IReadOnlyList<MissingPdb>? missing = null)
    {
        if (json)
        {
            var answer = new ErrorAnswer("lockleak/1", command, dump is null ? null : new DumpName(dump),
                new Error(code.Name, message, code.IsPermanent), missing);
            Console.Out.WriteLine(JsonSerializer.Serialize(answer, ErrorJson.Default.ErrorAnswer));
        }
    }
}

/// <summary>Kinds of reasons, as programs tell them apart (docs/lockleak.md lists them).</summary>
/// <param name="Name">The word in the JSON.</param>
/// <param name="IsPermanent">True when another try with the same input ends the same way.</param>
internal readonly record struct ErrorCode(string Name, bool IsPermanent)
{
    public static readonly ErrorCode
        Usage = new("usage", true),
        NoEngine = new("no-engine", false),
        NoExtension = new("no-extension", false),
        NoSuchFile = new("no-such-file", true),
        NotADump = new("not-a-dump", true),
        DamagedDump = new("damaged-dump", true),
        NotAKernelDump = new("not-a-kernel-dump", true),
        NoConnection = new("no-connection", false),
        NoAnswer = new("no-answer", false),
        TimeLimit = new("time-limit", false),
        Cancelled = new("cancelled", false),
        CommandFailed = new("command-failed", true),
        EngineDied = new("engine-died", true),
        EngineFailed = new("engine-failed", false),
        Internal = new("internal", false);
}

/// <summary>A reason why nothing could be done, as one line for the user.</summary>
internal sealed class HostException(ErrorCode code, string message) : Exception(message)
{
    /// <summary>What kind of reason it is.</summary>
    public ErrorCode Code { get; } = code;
}

/// <summary>What is written in place of a report.</summary>
/// <param name="Schema">"lockleak/1".</param>
/// <param name="Command">The command that could not answer.</param>
/// <param name="Dump">The dump, where there is one.</param>
/// <param name="Error">Why.</param>
/// <param name="MissingSymbols">PDBs that were asked for and not had.</param>
internal sealed record ErrorAnswer(string Schema, string Command, DumpName? Dump, Error Error, IReadOnlyList<MissingPdb>? MissingSymbols);

/// <summary>A dump that could not be asked.</summary>
/// <param name="File">Its path as the user wrote it.</param>
internal sealed record DumpName(string File);

/// <summary>Why there is no report.</summary>
/// <param name="Code">One of <see cref="ErrorCode"/>.</param>
/// <param name="Message">One line.</param>
/// <param name="Permanent">True when another try with the same input ends the same way.</param>
internal sealed record Error(string Code, string Message, bool Permanent);

[JsonSerializable(typeof(ErrorAnswer))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
internal sealed partial class ErrorJson : JsonSerializerContext;
