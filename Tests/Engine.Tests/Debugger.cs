using System.Diagnostics;
using System.Text.Json;

namespace LockLeak.Engine.Tests;

/// <summary>A session on a dump in which many commands are run: lockleak.exe --script.</summary>
internal sealed class Debugger : IDisposable
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);
    private readonly ProcessStartInfo start;
    private Process process;
    private Task<string> errors;
    // What was sent before the first answer, for a program that never began; null after it.
    private List<string>? firstLines = [];

    /// <summary>Opens a dump with its symbols.</summary>
    public Debugger(Dump dump, params IEnumerable<string> options)
        : this(Lockleak.Start(["-z", dump.Path, "-y", dump.Symbols, "-i", dump.Symbols, "--script", .. options]))
    {
    }

    /// <summary>Starts lockleak.exe --script as it was set up.</summary>
    public Debugger(ProcessStartInfo start)
    {
        this.start = start;
        (process, errors) = Start();
    }

    /// <summary>The bytes of memory that it has in use.</summary>
    public long WorkingSet
    {
        get
        {
            process.Refresh();
            return process.WorkingSet64;
        }
    }

    /// <summary>Runs a command line.</summary>
    public Answer Run(string command)
    {
        Send(command);
        return Receive();
    }

    /// <summary>Starts a command line, or stops the running one with <see cref="Break"/>.</summary>
    public void Send(string line)
    {
        firstLines?.Add(line);
        try
        {
            process.StandardInput.WriteLine(line);
            process.StandardInput.Flush();
        }
        catch (IOException)
        {
            // It has ended; who waits for the answer sees that, and why.
        }
    }

    /// <summary>The line that means Ctrl+Break.</summary>
    public const string Break = "\u0003";

    /// <summary>Waits for the answer to a command.</summary>
    public Answer Receive() => Receive(process.StandardOutput.ReadLineAsync());

    /// <summary>Waits for the answer to a command, and sends a line again and again until it comes.</summary>
    public Answer ReceivePressing(string line)
    {
        Task<string?> answer = process.StandardOutput.ReadLineAsync();
        for (var clock = Stopwatch.StartNew(); !answer.Wait(TimeSpan.FromMilliseconds(5)) && clock.Elapsed < Lockleak.TimeLimit;)
        {
            Send(line);
        }

        return Receive(answer);
    }

    public void Dispose()
    {
        try
        {
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // What was written last found nobody.
        }

        if (!process.WaitForExit(Lockleak.TimeLimit))
        {
            process.Kill(entireProcessTree: true);
        }

        process.Dispose();
    }

    private Answer Receive(Task<string?> answer)
    {
        if (!answer.Wait(Lockleak.TimeLimit))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"No answer within {Lockleak.TimeLimit}.");
        }

        if (answer.Result is null && firstLines is { } lines && NeverBegan())
        {
            process.Dispose();
            (process, errors) = Start();
            firstLines = null;
            lines.ForEach(Send);
            return Receive();
        }

        firstLines = null;
        Assert.IsNotNull(answer.Result,
            $"lockleak ended with {(process.WaitForExit(Lockleak.TimeLimit) ? process.ExitCode : null)}: " +
            $"{(errors.Wait(Lockleak.TimeLimit) ? errors.Result : "")}");
        return JsonSerializer.Deserialize<Answer>(answer.Result, Json)!;
    }

    private bool NeverBegan() => process.WaitForExit(Lockleak.TimeLimit) && errors.Wait(Lockleak.TimeLimit) &&
        new Lockleak(process.ExitCode, Output: "", errors.Result).NeverBegan;

    private (Process Process, Task<string> Errors) Start()
    {
        Process started = Process.Start(start)!;
        return (started, started.StandardError.ReadToEndAsync());
    }
}

/// <summary>What lockleak.exe --script answers to a command.</summary>
internal sealed record Answer(string Command, string Output, JsonElement[] Reports, string Errors, string Result, long Return,
    string Prompt, double Milliseconds)
{
    /// <summary>What a user of the debugger sees: the text, and the reports on lines of their own.</summary>
    public string Output { get; init; } = Output + string.Concat(Reports.Select(report => report.GetRawText() + "\n"));
}
