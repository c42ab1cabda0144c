using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using LockLeak.DbgEng;

namespace LockLeak.Host;

/// <summary>
/// Many commands in one session: a command on each line of standard input, its answer as one line of JSON on standard output.
/// </summary>
internal static class Script
{
    // As a terminal sends Ctrl+C.
    private const string Break = "\u0003";

    /// <summary>
    /// Runs until the input ends. Failures are part of the answers. A line with Ctrl+C (U+0003) stops the running command.
    /// </summary>
    /// <param name="debugger">Runs the commands.</param>
    /// <param name="sink">What they print.</param>
    /// <param name="cancelled">Ends it, whatever is still to be read.</param>
    public static int Run(Debugger debugger, OutputSink sink, CancellationToken cancelled)
    {
        var commands = new BlockingCollection<string>();
        var reader = new Thread(() => Read(debugger, commands)) { IsBackground = true };
        reader.Start();
        try
        {
            foreach (string command in commands.GetConsumingEnumerable(cancelled))
            {
                Console.Out.WriteLine(JsonSerializer.Serialize(Answer(command, debugger, sink), AnswerJson.Default.Answer));
            }
        }
        catch (OperationCanceledException)
        {
            // Whoever reads the answers sees their end.
        }

        return ExitCode.NothingFound;
    }

    private static void Read(Debugger debugger, BlockingCollection<string> commands)
    {
        // Not Console.In: that one reads the code page of the console.
        using var input = new StreamReader(Console.OpenStandardInput(), Encoding.UTF8);
        while (input.ReadLine() is { } line)
        {
            if (line == Break)
            {
                debugger.Interrupt();
            }
            else
            {
                commands.Add(line);
            }
        }

        commands.CompleteAdding();
    }

    private static Answer Answer(string command, Debugger debugger, OutputSink sink)
    {
        StringBuilder output = new(), errors = new();
        sink.Listener = (kind, text) =>
        {
            switch (kind)
            {
                case DEBUG_OUTPUT.ERROR: errors.Append(text); break;
                case DEBUG_OUTPUT.SYMBOLS or DEBUG_OUTPUT.STATUS: break;
                default: output.Append(text); break;
            }
        };
        Outcome outcome = debugger.Execute(command);
        JsonElement[] reports = [.. ReportLine.Find(output.ToString(), out string rest).Select(report => JsonElement.Parse(report.Span))];
        return new Answer(command, rest, reports, errors.ToString(), $"0x{outcome.Result:x8}", outcome.Return, debugger.Prompt,
            outcome.Time.TotalMilliseconds);
    }
}

/// <summary>The answer to one command.</summary>
/// <param name="Command">The command line.</param>
/// <param name="Output">What it printed, without reports.</param>
/// <param name="Reports">The reports that it printed, as objects.</param>
/// <param name="Errors">What it printed as errors.</param>
/// <param name="Result">The engine's HRESULT.</param>
/// <param name="Return">$extret.</param>
/// <param name="Prompt">The prompt afterwards.</param>
/// <param name="Milliseconds">How long it took.</param>
internal sealed record Answer(string Command, string Output, JsonElement[] Reports, string Errors, string Result, long Return,
    string Prompt, double Milliseconds);

[JsonSerializable(typeof(Answer))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class AnswerJson : JsonSerializerContext;
