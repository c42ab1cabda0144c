using CliWrap;
using CliWrap.Buffered;

namespace LockLeak.Mcp;

/// <summary>lockleak.exe beside this program: a process for each question, with a limit.</summary>
/// <param name="symbols">The symbol path; null for that of lockleak.</param>
/// <param name="limit">How long a dump may take.</param>
internal sealed class LockleakProgram(string? symbols, TimeSpan limit)
{
    /// <summary>lockleak keeps its own limit, and says so in JSON; this much later it is ended, whatever it does.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    /// <summary>Asks.</summary>
    /// <param name="dump">A dump that was looked up (<see cref="DumpFolders"/>).</param>
    /// <param name="command">A command that is made of nothing that somebody typed, but for checked numbers.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>The JSON, and whether it is an error.</returns>
    public async Task<(string Json, bool IsError)> AskAsync(string dump, string command, CancellationToken cancellation)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        end.CancelAfter(limit + Grace);
        string[] symbolPath = symbols is null ? [] : ["-y", symbols];
        try
        {
            BufferedCommandResult result = await Cli.Wrap(Path.Combine(AppContext.BaseDirectory, "lockleak.exe"))
                .WithArguments(["-z", dump, .. symbolPath, "--timeout", $"{limit.TotalSeconds}s", "-json", "-c", command])
                .WithValidation(CommandResultValidation.None)
                .ExecuteBufferedAsync(end.Token);
            return result.StandardOutput.Length > 0
                ? (result.StandardOutput.TrimEnd(), result.ExitCode > 1)
                : ($"lockleak ended without an answer (exit code {result.ExitCode}): {result.StandardError.Trim()}", true);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return ($"lockleak did not end within {(limit + Grace).TotalSeconds} s.", true);
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            return ($"lockleak.exe, which has to be beside lockleak-mcp.exe, cannot be started: {e.Message}", true);
        }
    }
}
