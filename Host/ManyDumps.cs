using System.Diagnostics;

namespace LockLeak.Host;

/// <summary>
/// Several dumps, one after the other, each in a process of its own: one that the engine does not survive costs its own answer only.
/// </summary>
internal static class ManyDumps
{
    /// <summary>Asks them all; gives the highest exit code of any.</summary>
    public static int Run(Options options)
    {
        var stop = new UserStop();
        int exitCode = ExitCode.NothingFound;
        foreach ((int index, string dump) in options.Dumps.Index().TakeWhile(_ => !stop.HasCome))
        {
            if (!options.Json)
            {
                Console.Out.WriteLine($"{(index > 0 ? "\n" : "")}{dump}:");
            }

            Console.Out.Flush();
            exitCode = Math.Max(exitCode, Ask(dump, options));
        }

        return exitCode;
    }

    private static int Ask(string dump, Options options)
    {
        using Process process = Process.Start(
            new ProcessStartInfo(Environment.ProcessPath!, options.ArgumentsFor(dump)) { UseShellExecute = false })!;
        process.WaitForExit();
        if (process.ExitCode is ExitCode.NothingFound or ExitCode.Found or ExitCode.CouldNotRun)
        {
            return process.ExitCode;
        }

        new Failures(options.Json, dump)
            .Write(ErrorCode.EngineDied, $"the debugger engine died of {dump} (exit code 0x{process.ExitCode:x8})");
        return ExitCode.CouldNotRun;
    }
}
