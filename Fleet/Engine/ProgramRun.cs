using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace LockLeak.Fleet.Engine;

/// <summary>A program that was run to its end, or to a limit.</summary>
/// <param name="ExitCode">What it ended with.</param>
/// <param name="Output">Its standard output.</param>
/// <param name="LastError">The last line of its standard error.</param>
/// <param name="Exceeded">The limit that ended it, in words; null when it ended by itself.</param>
/// <param name="TimedOut">That limit was the time.</param>
internal sealed record ProgramRun(int ExitCode, string Output, string LastError, string? Exceeded, bool TimedOut)
{
    private const long Megabyte = 1024 * 1024;
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(200);

    /// <summary>Runs it with a temporary folder of its own.</summary>
    /// <exception cref="FleetException">It cannot be started.</exception>
    public static async Task<ProgramRun> RunAsync(string program, IEnumerable<string> arguments, Limits limits, CancellationToken cancelled)
    {
        DirectoryInfo temporary = Directory.CreateTempSubdirectory("lockleak-fleet-");
        try
        {
            var start = new ProcessStartInfo(program,
                arguments)
            { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
            // Not TMPDIR: there Wine looks for its server, and would start one for each dump.
            start.Environment["TMP"] = start.Environment["TEMP"] = temporary.FullName;

            using ProcessFence fence = OperatingSystem.IsWindows() ? new WindowsJob(limits) : new UnixGroup(limits);
            using Process process = fence.Start(start);
            process.StandardInput.Close();
            return await WatchAsync(process, fence, temporary, limits, cancelled);
        }
        catch (Win32Exception e)
        {
            throw new FleetException($"{program} cannot be started: {e.Message}");
        }
        finally
        {
            Delete(temporary);
        }
    }

    private static async Task<ProgramRun> WatchAsync(Process process, ProcessFence fence, DirectoryInfo temporary, Limits limits,
        CancellationToken cancelled)
    {
        StringBuilder output = new(), errors = new();
        Task reading = Task.WhenAll(ReadAsync(process.StandardOutput, output, Limits.Answer + 1),
            ReadAsync(process.StandardError, errors, 64 * 1024));
        Task ended = process.WaitForExitAsync(CancellationToken.None);
        var clock = Stopwatch.StartNew();
        string? exceeded = null;
        bool timedOut = false;
        while (await Task.WhenAny(ended, Task.Delay(BetweenLooks, cancelled)) != ended && exceeded is null &&
            !cancelled.IsCancellationRequested)
        {
            timedOut = clock.Elapsed > limits.Time + Limits.Grace;
            exceeded =
                timedOut ? $"took longer than {limits.Time.TotalSeconds:0.#} s"
                : fence.Memory > limits.Memory ? $"took more than {limits.Memory / Megabyte} MB of memory"
                : Size(temporary) > limits.Disk ? $"wrote more than {limits.Disk / Megabyte} MB of temporary files"
                : output.Length > Limits.Answer ? $"answered with more than {Limits.Answer / Megabyte} MB"
                : null;
        }

        while (!ended.IsCompleted)
        {
            fence.Kill();
            await Task.WhenAny(ended, Task.Delay(BetweenLooks, CancellationToken.None));
        }

        cancelled.ThrowIfCancellationRequested();
        // The end of the pipes may not come: under Wine a service that the program has started keeps them. An answer is one line.
        for (clock.Restart(); !reading.IsCompleted && !HasLine(output) && clock.Elapsed < TimeSpan.FromSeconds(2);)
        {
            await Task.WhenAny(reading, Task.Delay(10, CancellationToken.None));
        }

        return new ProgramRun(process.ExitCode, Text(output), Text(errors).TrimEnd().Split('\n')[^1].Trim(), exceeded, timedOut);
    }

    // Reads to the end, and keeps so much of it.
    private static async Task ReadAsync(StreamReader reader, StringBuilder into, int most)
    {
        var piece = new char[16 * 1024];
        while (await reader.ReadAsync(piece) is > 0 and var length)
        {
            lock (into)
            {
                into.Append(piece, 0, Math.Min(length, most - into.Length));
            }
        }
    }

    private static bool HasLine(StringBuilder read)
    {
        lock (read)
        {
            return read.Length > 0 && read[^1] == '\n';
        }
    }

    private static string Text(StringBuilder read)
    {
        lock (read)
        {
            return read.ToString();
        }
    }

    private static long Size(DirectoryInfo folder)
    {
        try
        {
            return folder.EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);
        }
        catch (IOException)
        {
            return 0; // it is just being changed
        }
    }

    private static void Delete(DirectoryInfo folder)
    {
        try
        {
            folder.Delete(recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // What cannot be deleted is left to the operating system.
        }
    }
}
