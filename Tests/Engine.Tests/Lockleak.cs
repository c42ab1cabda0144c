using System.Diagnostics;
using LockLeak.Build;

namespace LockLeak.Engine.Tests;

/// <summary>The program under test, run to its end.</summary>
/// <param name="ExitCode">What scripts see.</param>
/// <param name="Output">Standard output.</param>
/// <param name="Errors">Standard error.</param>
internal sealed record Lockleak(int ExitCode, string Output, string Errors)
{
    /// <summary>What scripts read from the exit code.</summary>
    internal const int NothingFound = 0, Found = 1, CouldNotRun = 2;

    /// <summary>Generous: the machine may be slow and busy. What takes longer hangs.</summary>
    internal static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(90);

    /// <summary>
    /// What it complains of: standard error without the lines that say how far a command is, which come on a busy machine.
    /// </summary>
    public string Complaints => ComplaintsIn(Errors);

    /// <summary>
    /// Whether Wine ended it before its first instruction: exit code 1 or 0 without a word, within some 40 ms, in one of 4,000 starts, on
    /// a machine that is busy, and with all of Wine's own messages on, not at all. lockleak.exe says something whenever it is asked
    /// something.
    /// </summary>
    public bool NeverBegan => !OperatingSystem.IsWindows() && this is { ExitCode: 0 or 1, Output: "", Errors: "" };

    /// <summary>The lines of standard error that do not only say how far a command is.</summary>
    public static string ComplaintsIn(string errors) =>
        string.Join('\n', errors.Split('\n').Where(line => !line.EndsWith("(Ctrl+C ends it)", StringComparison.Ordinal)));

    /// <summary>Runs lockleak.exe.</summary>
    public static Lockleak Run(params IEnumerable<string> arguments) => Run(Start(arguments));

    /// <summary>Runs lockleak.exe on a dump with its symbols.</summary>
    public static Lockleak On(Dump dump, params IEnumerable<string> arguments) =>
        Run(["-z", dump.Path, "-y", dump.Symbols, "-i", dump.Symbols, .. arguments]);

    /// <summary>A path as a Windows program writes it; Wine's drive Z: is our root.</summary>
    public static string PathForWindows(string path) => OperatingSystem.IsWindows() ? path : "Z:" + path.Replace('/', '\\');

    /// <summary>How lockleak.exe is started.</summary>
    public static ProcessStartInfo Start(IEnumerable<string> arguments)
    {
        string program = Path.Combine(Repository.Binaries, "lockleak.exe");
        Assert.IsTrue(File.Exists(program), $"{program} is not there: build first (./build.sh build).");
        ProcessStartInfo start = Wine.Start(program, arguments);
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        return start;
    }

    /// <summary>Runs it as it was set up; again if it never began.</summary>
    public static Lockleak Run(ProcessStartInfo start)
    {
        Lockleak first = RunOnce(start);
        return first.NeverBegan ? RunOnce(start) : first;
    }

    private static Lockleak RunOnce(ProcessStartInfo start)
    {
        using Process process = Process.Start(start)!;
        process.StandardInput.Close();
        var printed = new ProgramOutput(process);
        bool ended = process.WaitForExit(TimeLimit);
        if (!ended)
        {
            process.Kill(entireProcessTree: true);
        }

        printed.ReadRestAsync().Wait();
        Assert.IsTrue(ended, $"lockleak did not end within {TimeLimit}. Output: {printed.Output} Errors: {printed.Errors}");
        return new Lockleak(process.ExitCode, printed.Output, printed.Errors);
    }

    /// <summary>A program for scripts to start: elsewhere than on Windows a script in its place, which starts it through Wine.</summary>
    public static string AsProgram()
    {
        ProcessStartInfo start = Start([]);
        if (OperatingSystem.IsWindows())
        {
            return start.FileName;
        }

        string program = Dumps.Elsewhere("lockleak");
        IEnumerable<string> environment =
            start.Environment.Where(variable => variable.Key == "LC_ALL" || variable.Key.StartsWith("WINE", StringComparison.Ordinal))
            .Select(variable => $"{variable.Key}={variable.Value}");
        string command = string.Join(' ',
            environment.Append(start.FileName).Concat(start.ArgumentList)
                .Select(word => $"'{word.Replace("'", @"'\''", StringComparison.Ordinal)}'"));
        File.WriteAllText(program, $"#!/bin/sh\nexec env -u DISPLAY {command} \"$@\"\n");
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        return program;
    }
}
