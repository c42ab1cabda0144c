using System.Diagnostics;
using System.Globalization;

namespace LockLeak.Engine.Tests;

/// <summary>A lockleak that runs: what it has printed so far, and Ctrl+C.</summary>
internal sealed class LiveSession : IDisposable
{
    private readonly Lock sync = new();
    private readonly List<string> output = [];
    private readonly List<string> errors = [];
    private readonly Process process;
    private readonly Task reading;

    public LiveSession(IEnumerable<string> arguments)
    {
        process = Process.Start(Lockleak.Start(arguments))!;
        reading = Task.WhenAll(ReadAsync(process.StandardOutput, output), ReadAsync(process.StandardError, errors));
    }

    /// <summary>Standard output so far.</summary>
    public string Output => Joined(output);

    /// <summary>Standard error so far.</summary>
    public string Errors => Joined(errors);

    /// <summary>Waits until standard output has a line that contains the text.</summary>
    public Task PrintsAsync(string text) => LiveMachine.UntilAsync(() => Output.Contains(text, StringComparison.Ordinal) || process.HasExited);

    /// <summary>Waits until standard error has a line that contains the text.</summary>
    public Task SaysAsync(string text) => LiveMachine.UntilAsync(() => Errors.Contains(text, StringComparison.Ordinal) || process.HasExited);

    /// <summary>Sends a command to a session that was started with --script.</summary>
    public void Send(string line)
    {
        process.StandardInput.WriteLine(line);
        process.StandardInput.Flush();
    }

    /// <summary>Says that no more commands come.</summary>
    public void CloseInput() => process.StandardInput.Close();

    /// <summary>Presses Ctrl+C: Wine makes it of SIGINT.</summary>
    public async Task PressCtrlCAsync()
    {
        using Process kill = Process.Start("kill", ["-INT", process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }

    /// <summary>Waits for the end and gives the exit code. What takes longer than the limit hangs, and fails.</summary>
    public async Task<int> EndAsync()
    {
        using var limit = new CancellationTokenSource(Lockleak.TimeLimit);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"lockleak did not end within {Lockleak.TimeLimit}. Output: {Output} Errors: {Errors}");
        }

        // Wine's server, which the first of its programs starts, keeps the pipes open.
        await Task.WhenAny(reading, Task.Delay(TimeSpan.FromSeconds(1), CancellationToken.None));
        return process.ExitCode;
    }

    public void Dispose()
    {
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
        }

        process.Dispose();
    }

    private async Task ReadAsync(StreamReader reader, List<string> lines)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            lock (sync)
            {
                lines.Add(line);
            }
        }
    }

    private string Joined(List<string> lines)
    {
        lock (sync)
        {
            return string.Join('\n', lines);
        }
    }
}
