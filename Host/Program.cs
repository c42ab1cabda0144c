using System.Text;

namespace LockLeak.Host;

/// <summary>lockleak: a console debugger that opens a dump or a live machine, asks !lockleak or other commands, and says in its exit code what came out.</summary>
internal static class Program
{
    private static int Main(string[] arguments)
    {
        Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        return CommandLine.Run(arguments, Triage.Run);
    }
}
