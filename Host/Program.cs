using System.Runtime.Versioning;

[assembly: SupportedOSPlatform("windows")]

namespace LockLeak.Host;

/// <summary>
/// lockleak: a console debugger that opens a dump or a live machine, asks !lockleak or other commands, and says in its exit code what came
/// out.
/// </summary>
internal static class Program
{
    private static int Main(string[] arguments)
    {
        StandardStream output = StandardStream.Install();
        int exitCode = CommandLine.Run(arguments, options =>
            options.SelfTest is { } folder
                ? SelfTest.Run(folder, options) : options.Dumps.Count > 1 ? ManyDumps.Run(options) : Triage.Run(options));
        return output.HasFailed ? ExitCode.CouldNotRun : exitCode;
    }
}
