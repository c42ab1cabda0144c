using System.Diagnostics;

namespace LockLeak.Build;

/// <summary>Other programs.</summary>
internal static class Shell
{
    /// <summary>Runs a program in the repository's folder; its output is ours.</summary>
    /// <exception cref="BuildException">It cannot be started, or fails.</exception>
    public static void Run(string program, params IEnumerable<string> arguments)
    {
        int exitCode = ExitCode(new ProcessStartInfo(program, arguments) { WorkingDirectory = Repository.Root });
        if (exitCode != 0)
        {
            throw new BuildException($"{program} {string.Join(' ', arguments)} failed with exit code {exitCode}");
        }
    }

    /// <summary>Runs a program and gives its exit code.</summary>
    /// <exception cref="BuildException">It cannot be started.</exception>
    public static int ExitCode(ProcessStartInfo start)
    {
        try
        {
            using Process process = Process.Start(start)!;
            process.WaitForExit();
            return process.ExitCode;
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new BuildException($"{start.FileName} cannot be started: {e.Message}");
        }
    }

    /// <summary>Tells what is being done; on standard error, for standard output belongs to the programs that are run.</summary>
    public static void Say(string line) => Console.Error.WriteLine(line);

    /// <summary>The whole path of a program that the PATH has; null when it has none.</summary>
    public static string? Find(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, program))
            .FirstOrDefault(File.Exists);
}

/// <summary>A reason why a verb could not be done.</summary>
internal sealed class BuildException(string message) : Exception(message);
