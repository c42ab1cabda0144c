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
        using Process process = Begin(start);
        process.WaitForExit();
        return process.ExitCode;
    }

    /// <summary>
    /// Runs a program without input, hands each line that it prints to the reader, one at a time, and gives its exit code.
    /// </summary>
    /// <exception cref="BuildException">It cannot be started.</exception>
    public static int Read(ProcessStartInfo start, Action<string> line)
    {
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        using Process process = Begin(start);
        process.StandardInput.Close();
        var one = new Lock();
        void Hand(object sender, DataReceivedEventArgs read)
        {
            lock (one)
            {
                if (read.Data is not null)
                {
                    line(read.Data);
                }
            }
        }

        process.OutputDataReceived += Hand;
        process.ErrorDataReceived += Hand;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        process.WaitForExit();
        return process.ExitCode;
    }

    /// <summary>Tells what is being done; on standard error, for standard output belongs to the programs that are run.</summary>
    public static void Say(string line) => Console.Error.WriteLine(line);

    /// <summary>The whole path of a program that the PATH has; null when it has none.</summary>
    public static string? Find(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, program))
            .FirstOrDefault(File.Exists);

    private static Process Begin(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new BuildException($"{start.FileName} cannot be started: {e.Message}");
        }
    }
}

/// <summary>A reason why a verb could not be done.</summary>
internal sealed class BuildException(string message) : Exception(message);
