using System.CommandLine;

namespace LockLeak.Host;

/// <summary>The options of the command line, their help, and what is wrong with them.</summary>
internal static class CommandLine
{
    private const string Ask = "!lockleak", AskThreads = "!threadlocks";

    private static readonly Option<string> Dump = new("-z") { Description = "The crash dump to open.", HelpName = "dump" };
    private static readonly Option<string?> Symbols = new("-y") { Description = "Where to look for symbols; without it _NT_SYMBOL_PATH.", HelpName = "path" };
    private static readonly Option<string?> Images = new("-i") { Description = "Where to look for images.", HelpName = "path" };
    private static readonly Option<string[]> Commands = new("-c") { Description = $"A debugger command line; may be given several times. Without it {Ask}.", HelpName = "commands" };
    private static readonly Option<bool> Json = new("-json") { Description = $"Ask for JSON: puts -json after {Ask}, or after each -c." };
    private static readonly Option<bool> Script = new("--script") { Description = "Run the commands on standard input, one on each line, and answer with one line of JSON each." };
    private static readonly Option<bool> Bare = new("--bare") { Description = "Do not load LockLeak.dll: what the commands use is what is installed for this user." };
    private static readonly Option<bool> Dml = new("--dml") { Description = "Write debugger markup, as WinDbg would receive it." };
    private static readonly Option<string> Live = new("-k")
    {
        Description = @"The KD connection to a live machine, as kd takes it, such as com:pipe,port=\\.\pipe\vm1,resets=0,reconnect or net:port=50000,key=1.2.3.4. The machine is stopped while it is asked, and runs on.",
        HelpName = "connection",
    };
    private static readonly Option<string> Timeout = new("--timeout") { Description = "With -k: how long the machine may be silent, in seconds. Without it 60, and until its first answer as long as it takes.", HelpName = "time" };
    private static readonly Option<string> Watch = new("--watch") { Description = "With -k: look again whenever the machine has run this long (30s, 5m), and print only what is new.", HelpName = "time" };
    private static readonly Option<string> Stuck = new("--stuck") { Description = "With --watch: report a thread that has waited this long for a lock. Without it 10s.", HelpName = "time" };
    private static readonly Option<bool> Verbose = new("-v") { Description = "Show the engine's own messages on standard error." };

    private static readonly RootCommand Root = new("""
        Asks a Windows kernel dump or a live machine who leaked, owns or waits for kernel locks.

        Exit code: 0 nothing found, 1 something found, 2 could not run (the reason is on standard error).
        """)
    { Dump, Live, Symbols, Images, Commands, Json, Script, Bare, Dml, Timeout, Watch, Stuck, Verbose };

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
        catch (Exception e)
        {
            // A defect. Caught, so that what is open is closed on the way here: a live machine has to run on.
            Console.Error.WriteLine($"lockleak: an error that should not happen, please report it: {e}");
            return ExitCode.CouldNotRun;
        }
    }

    private static Options Read(ParseResult parsed)
    {
        Require((parsed.GetValue(Dump) is null) != (parsed.GetValue(Live) is null), "give either a dump or a live machine: lockleak -z <dump>, lockleak -k <connection>");
        (TimeSpan? timeout, TimeSpan? watch, TimeSpan? stuck) = (Time(parsed, Timeout), Time(parsed, Watch), Time(parsed, Stuck));
        Require(parsed.GetValue(Live) is not null || (timeout ?? watch) is null, "--timeout and --watch go with -k");
        Require(watch is not null || stuck is null, "--stuck goes with --watch");
        bool watches = watch is not null;
        Require(!watches || !parsed.GetValue(Script), "--watch does not go with --script");
        bool json = parsed.GetValue(Json);
        string[] commands = parsed.GetValue(Commands) is { Length: > 0 } given ? given : watches ? [Ask, AskThreads] : [Ask];
        return new Options
        {
            Dump = parsed.GetValue(Dump),
            Connection = parsed.GetValue(Live),
            Timeout = timeout,
            Watch = watch,
            Stuck = stuck ?? TimeSpan.FromSeconds(10),
            Symbols = parsed.GetValue(Symbols),
            Images = parsed.GetValue(Images),
            Commands = json || watches ? [.. commands.Select(command => command + " -json")] : commands,
            Json = json,
            Script = parsed.GetValue(Script),
            Bare = parsed.GetValue(Bare),
            Dml = parsed.GetValue(Dml),
            Verbose = parsed.GetValue(Verbose),
        };
    }

    private static TimeSpan? Time(ParseResult parsed, Option<string> option) => parsed.GetValue(option) is not { } text
        ? null
        : Duration.Parse(text) ?? throw new HostException($"{option.Name} takes a time such as 30s or 5m, not '{text}' (lockleak -h lists the options)");

    private static void Require(bool condition, string otherwise)
    {
        if (!condition)
        {
            throw new HostException($"{otherwise} (lockleak -h lists the options)");
        }
    }
}
