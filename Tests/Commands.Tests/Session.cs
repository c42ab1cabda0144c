using System.Text.Json;
using LockLeak.Target;

namespace LockLeak.Tests;

/// <summary>What a user gets for a command line.</summary>
/// <param name="Result">HRESULT and number of findings.</param>
/// <param name="Output">Text, DML or JSON.</param>
/// <param name="Errors">Lines in the error colour.</param>
internal sealed record Answer(CommandResult Result, string Output, string Errors)
{
    /// <summary>The JSON of a command that ran with -json.</summary>
    public JsonElement Json
    {
        get
        {
            Assert.AreEqual("", Errors);
            return JsonDocument.Parse(Output).RootElement;
        }
    }

    /// <summary>The output without the line about cost, whose time differs from run to run.</summary>
    public string Text
    {
        get
        {
            Assert.AreEqual("", Errors);
            return Output[..(Output.TrimEnd('\n').LastIndexOf('\n') + 1)];
        }
    }
}

/// <summary>Types command lines into a debugger.</summary>
internal static class Session
{
    /// <summary>Runs a line such as "!lockleak -v".</summary>
    public static Answer Run(ITarget target, string line) => Run(target, line, new RecordingConsole());

    /// <summary>Runs a line on a console that takes DML.</summary>
    public static Answer RunDml(ITarget target, string line) => Run(target, line, new RecordingConsole { TakesDml = true });

    /// <summary>Runs a line on a console of one's own.</summary>
    public static Answer Run(ITarget target, string line, RecordingConsole console)
    {
        string[] words = line.TrimStart('!').Split(' ', 2);
        CommandResult result = CommandHost.Run(words[0], words.Length > 1 ? words[1] : "", target, console);
        return new Answer(result, console.Output, console.Errors);
    }
}
