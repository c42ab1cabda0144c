using System.Diagnostics;

namespace LockLeak.Engine.Tests;

/// <summary>A lockleak that runs: what it has printed so far, and Ctrl+C.</summary>
internal sealed class LiveSession : IDisposable
{
    private readonly Process process;
    private readonly ProgramOutput printed;

    public LiveSession(IEnumerable<string> arguments)
    {
        process = Process.Start(CtrlC.Prepare(Lockleak.Start(arguments)))!;
        printed = new ProgramOutput(process);
    }

    /// <summary>The lines of standard output so far.</summary>
    public string Output => Lines(printed.Output);

    /// <summary>The lines of standard error so far.</summary>
    public string Errors => Lines(printed.Errors);

    /// <summary>Waits until standard output contains the text.</summary>
    public Task PrintsAsync(string text) =>
        LiveMachine.UntilAsync(() => Output.Contains(text, StringComparison.Ordinal) || process.HasExited);

    /// <summary>Waits until standard error contains the text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="after">How much of it was there before.</param>
    public Task SaysAsync(string text, int after = 0) =>
        LiveMachine.UntilAsync(() => Errors.IndexOf(text, after, StringComparison.Ordinal) >= 0 || process.HasExited);

    /// <summary>Sends a command to a session that was started with --script.</summary>
    public void Send(string line)
    {
        process.StandardInput.WriteLine(line);
        process.StandardInput.Flush();
    }

    /// <summary>Says that no more commands come.</summary>
    public void CloseInput() => process.StandardInput.Close();

    /// <summary>Presses Ctrl+C.</summary>
    public void PressCtrlC() => CtrlC.Press(process);

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

        await printed.ReadRestAsync();
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

    private static string Lines(string printed) => printed.EndsWith('\n') ? printed[..^1] : printed;
}
