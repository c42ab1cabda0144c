using System.Runtime.Versioning;
using System.Text;

[assembly: SupportedOSPlatform("windows")]

namespace LockLeak.Host;

/// <summary>lockleak: a console debugger that opens a dump or a live machine, asks !lockleak or other commands, and says in its exit code what came out.</summary>
internal static class Program
{
    private static int Main(string[] arguments)
    {
        Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        return CommandLine.Run(arguments, options =>
            options.SelfTest is { } folder ? SelfTest.Run(folder, options) : options.Dumps.Count > 1 ? ManyDumps.Run(options) : Triage.Run(options));
    }
}
