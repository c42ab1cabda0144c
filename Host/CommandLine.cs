using System.CommandLine;

namespace LockLeak.Host;

/// <summary>The options of the command line, their help, and what is wrong with them.</summary>
internal static class CommandLine
{
    private const string Ask = "!lockleak";

    private static readonly Option<string> Dump = new("-z") { Description = "The crash dump to open.", HelpName = "dump" };
    private static readonly Option<string?> Symbols = new("-y") { Description = "Where to look for symbols; without it _NT_SYMBOL_PATH.", HelpName = "path" };
    private static readonly Option<string?> Images = new("-i") { Description = "Where to look for images.", HelpName = "path" };
    private static readonly Option<string[]> Commands = new("-c") { Description = $"A debugger command line; may be given several times. Without it {Ask}.", HelpName = "commands" };
    private static readonly Option<bool> Json = new("-json") { Description = $"Ask for JSON: puts -json after {Ask}, or after each -c." };
    private static readonly Option<bool> Script = new("--script") { Description = "Run the commands on standard input, one on each line, and answer with one line of JSON each." };
    private static readonly Option<bool> Dml = new("--dml") { Description = "Write debugger markup, as WinDbg would receive it." };
    private static readonly Option<bool> Verbose = new("-v") { Description = "Show the engine's own messages on standard error." };

    private static readonly RootCommand Root = new("""
        Asks a Windows kernel dump who leaked, owns or waits for kernel locks.

        Exit code: 0 nothing found, 1 something found, 2 could not run (the reason is on standard error).
        """)
    { Dump, Symbols, Images, Commands, Json, Script, Dml, Verbose };

    /// <summary>Parses, then runs or prints what is wrong; gives the exit code.</summary>
    public static int Run(string[] arguments, Func<Options, int> run)
    {
        Root.SetAction(parsed => run(Read(parsed)));
        try
        {
            ParseResult parsed = Root.Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });
            return parsed.Errors.Count == 0
                ? parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false })
                : throw new HostException($"{parsed.Errors[0].Message} (lockleak -h lists the options)");
        }
        catch (HostException e)
        {
            Console.Error.WriteLine($"lockleak: {e.Message}");
            return ExitCode.CouldNotRun;
        }
    }

    private static Options Read(ParseResult parsed)
    {
        string[] commands = parsed.GetValue(Commands) is { Length: > 0 } given ? given : [Ask];
        return new Options
        {
            Dump = parsed.GetValue(Dump) ?? throw new HostException("no dump given: lockleak -z <dump> (lockleak -h lists the options)"),
            Symbols = parsed.GetValue(Symbols),
            Images = parsed.GetValue(Images),
            Commands = parsed.GetValue(Json) ? [.. commands.Select(command => command + " -json")] : commands,
            Script = parsed.GetValue(Script),
            Dml = parsed.GetValue(Dml),
            Verbose = parsed.GetValue(Verbose),
        };
    }
}
