using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace LockLeak.Mcp;

/// <summary>lockleak.exe beside this program: a process for each question, with a limit.</summary>
/// <param name="symbols">The symbol path; null for that of lockleak.</param>
/// <param name="limit">How long a dump may take.</param>
internal sealed class LockleakProgram(string? symbols, TimeSpan limit)
{
    /// <summary>lockleak keeps its own limit, and says so in JSON; this much later it is ended, whatever it does.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    /// <summary>
    /// What an ended process has written is there at once. Its pipe may stay open: a service of Wine's that it started has it
    /// too.
    /// </summary>
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(1);

    /// <summary>Asks.</summary>
    /// <param name="dump">A dump that was looked up (<see cref="DumpFolders"/>).</param>
    /// <param name="command">A command that is made of nothing that somebody typed, but for checked numbers.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>The JSON, and whether it is an error.</returns>
    public async Task<(string Json, bool IsError)> AskAsync(string dump, string command, CancellationToken cancellation)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        end.CancelAfter(limit + Grace);
        try
        {
            using Process process = Process.Start(StartOf(dump, command))!;
            process.StandardInput.Close();
            StringBuilder output = new(), errors = new();
            Task reading = Task.WhenAll(ReadAsync(process.StandardOutput, output), ReadAsync(process.StandardError, errors));
            try
            {
                await process.WaitForExitAsync(end.Token);
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
                cancellation.ThrowIfCancellationRequested();
                return ($"lockleak did not end within {(limit + Grace).TotalSeconds} s.", true);
            }

            await Task.WhenAny(reading, Task.Delay(Rest, CancellationToken.None));
            return Text(output) is { Length: > 0 } json
                ? (json, process.ExitCode > 1)
                : ($"lockleak ended without an answer (exit code {process.ExitCode}): {Text(errors)}", true);
        }
        catch (Win32Exception e)
        {
            return ($"lockleak.exe, which has to be beside lockleak-mcp.exe, cannot be started: {e.Message}", true);
        }
    }

    private ProcessStartInfo StartOf(string dump, string command)
    {
        string[] symbolPath = symbols is null ? [] : ["-y", symbols];
        return new ProcessStartInfo(
            Path.Combine(AppContext.BaseDirectory, "lockleak.exe"),
            ["-z", dump, .. symbolPath, "--timeout", $"{limit.TotalSeconds}s", "-json", "-c", command])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
    }

    private static async Task ReadAsync(StreamReader from, StringBuilder into)
    {
        var piece = new char[1 << 14];
        while (await from.ReadAsync(piece) is > 0 and var length)
        {
            lock (into)
            {
                into.Append(piece, 0, length);
            }
        }
    }

    private static string Text(StringBuilder read)
    {
        lock (read)
        {
            return read.ToString().Trim();
        }
    }
}
