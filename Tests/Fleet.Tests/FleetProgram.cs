using System.Collections.Concurrent;
using System.Diagnostics;

namespace LockLeak.Fleet.Tests;

/// <summary>lockleak-fleet, with a database and a lockleak of the test.</summary>
/// <param name="database">The connection string.</param>
/// <param name="lockleak">The program that is asked about dumps.</param>
internal sealed class FleetProgram(string database, string lockleak)
{
    private static readonly TimeSpan TimeLimit = TimeSpan.FromMinutes(5);

    /// <summary>Runs a verb to its end, which has to be good, and gives what it printed.</summary>
    public string Run(params IEnumerable<string> arguments) => Run(0, arguments);

    /// <summary>Runs a verb to its end, which has to be bad, and gives what it printed.</summary>
    public string RunBadly(params IEnumerable<string> arguments) => Run(2, arguments);

    /// <summary>Starts a verb.</summary>
    public RunningFleet Start(params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "lockleak-fleet.dll"), .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["LOCKLEAK_DB"] = database;
        start.Environment["LOCKLEAK"] = lockleak;
        return new RunningFleet(start);
    }

    private string Run(int exitCode, IEnumerable<string> arguments)
    {
        using RunningFleet running = Start(arguments);
        return running.Wait(TimeLimit) == exitCode
            ? running.Printed : throw new InvalidOperationException($"It ended with another exit code than {exitCode}: {running.Printed}");
    }
}

/// <summary>A lockleak-fleet that runs.</summary>
internal sealed class RunningFleet : IDisposable
{
    private readonly Process process;
    private readonly ConcurrentQueue<string> lines = new();

    /// <summary>Starts it.</summary>
    public RunningFleet(ProcessStartInfo start)
    {
        process = Process.Start(start)!;
        process.OutputDataReceived += (_, line) => Add(line.Data);
        process.ErrorDataReceived += (_, line) => Add(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        process.StandardInput.Close();
    }

    /// <summary>What it has printed so far.</summary>
    public string Printed => string.Join('\n', lines);

    /// <summary>Waits until it ends, and gives its exit code.</summary>
    public int Wait(TimeSpan limit)
    {
        if (!process.WaitForExit(limit))
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"It did not end within {limit}: {Printed}");
        }

        // the rest of what it printed: with a limit of its own WaitForExit would not wait for that
        Task.Run(process.WaitForExit).Wait(10_000);
        return process.ExitCode;
    }

    /// <summary>Waits until it has printed something.</summary>
    public string WaitFor(Func<string, bool> line, TimeSpan limit)
    {
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < limit && !process.HasExited; Thread.Sleep(50))
        {
            if (lines.FirstOrDefault(line) is { } found)
            {
                return found;
            }
        }

        throw new InvalidOperationException($"It did not print what was waited for: {Printed}");
    }

    /// <summary>kill -9: of it alone, not of what it has started.</summary>
    public void Kill() => process.Kill();

    public void Dispose()
    {
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
        }

        process.Dispose();
    }

    private void Add(string? line)
    {
        if (line is not null)
        {
            lines.Enqueue(line);
        }
    }
}
