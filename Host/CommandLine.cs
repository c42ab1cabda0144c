using System.CommandLine;

namespace LockLeak.Host;

/// <summary>The options of the command line, their help, and what is wrong with them.</summary>
internal static class CommandLine
{
    private const string Ask = "!lockleak", AskThreads = "!threadlocks";

    private static readonly Argument<string[]> Dumps =
        new("dump")
        {
            Description = "The crash dumps to open, one after the other. A file name may have * and ?.",
            Arity = ArgumentArity.ZeroOrMore,
        };
    private static readonly Option<string[]> Dump = new("-z") { Description = "The same as a dump without -z.", HelpName = "dump" };
    private static readonly Option<string?> Symbols =
        new("-y")
        {
            Description = "Where to look for symbols, as in debuggers: folders and " +
        "srv*C:\\Symbols*https://msdl.microsoft.com/download/symbols, with semicolons between. Without it _NT_SYMBOL_PATH.",
            HelpName = "path"
        };
    private static readonly Option<string?> Images = new("-i") { Description = "Where to look for images.", HelpName = "path" };
    private static readonly Option<string[]> Commands =
        new("-c") { Description = $"A debugger command line; may be given several times. Without it {Ask}.", HelpName = "commands" };
    private static readonly Option<bool> Json = new("-json") { Description = $"Ask for JSON: puts -json after {Ask}, or after each -c." };
    private static readonly Option<string?> Html =
        new("-html") { Description = $"Also write the report of {Ask} as a page for a browser.", HelpName = "file" };
    private static readonly Option<bool> Sha256 = new("--sha256") { Description = "With -json: the answer has the SHA-256 of the dump." };
    private static readonly Option<bool> Script =
        new("--script") { Description = "Run the commands on standard input, one on each line, and answer with one line of JSON each." };
    private static readonly Option<bool> Bare =
        new("--bare") { Description = "Do not load LockLeak.dll: what the commands use is what is installed for this user." };
    private static readonly Option<bool> Dml = new("--dml") { Description = "Write debugger markup, as WinDbg would receive it." };
    private static readonly Option<string> Live = new("-k")
    {
        Description = @"The KD connection to a live machine, as kd takes it, such as com:pipe,port=\\.\pipe\vm1,resets=0,reconnect " +
            "or net:port=50000,key=1.2.3.4. The machine is stopped while it is asked, and runs on.",
        HelpName = "connection",
    };
    private static readonly Option<string> Timeout =
        new("--timeout")
        {
            Description = "How long a dump may take, or a live machine may be silent (30s, 5m). Without it a dump takes " +
        "as long as it takes, a machine 60s, and until its first answer as long as it takes.",
            HelpName = "time"
        };
    private static readonly Option<string> Watch =
        new("--watch")
        {
            Description = "With -k: look again whenever the machine has run this long (30s, 5m), and print only what is new.",
            HelpName = "time",
        };
    private static readonly Option<string> Stuck =
        new("--stuck")
        {
            Description = "With --watch: report a thread that has waited this long for a lock. Without it 10s.",
            HelpName = "time",
        };
    private static readonly Option<string?> SelfTest =
        new("--selftest")
        {
            Description = "Ask all dumps in a folder what they say of this tool: whether their kernels agree with " +
        "themselves where they say the same in two places, and the answers with themselves. For bug reports: no contents of memory are " +
        "written.",
            HelpName = "folder"
        };
    private static readonly Option<bool> Verbose = new("-v") { Description = "Show the engine's own messages on standard error." };

    private static readonly RootCommand Root = new("""
        Asks a Windows kernel dump or a live machine who leaked, owns or waits for kernel locks.

        lockleak MEMORY.DMP                the answer for people
        lockleak -json D:\dumps\*.dmp        a line of JSON for each dump

        Exit code, the highest of all dumps and commands: 0 nothing found, 1 something found, 2 could not run (the reason is on
        standard error, and with -json in an object on standard output).
        """)
    { Dumps, Dump, Live, Symbols, Images, Commands, Json, Html, Sha256, Script, Bare, Dml, Timeout, Watch, Stuck, SelfTest, Verbose };

    /// <summary>Parses, then runs or prints what is wrong; gives the exit code.</summary>
    public static int Run(string[] arguments, Func<Options, int> run)
    {
        Root.SetAction(parsed => run(Read(parsed)));
        try
        {
            ParseResult parsed = Root.Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });
            return parsed.Errors.Count == 0
                ? parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false })
                : throw Wrong(parsed.Errors[0].Message);
        }
        catch (HostException e)
        {
            FailuresOf(arguments).Write(e.Code, e.Message);
            return ExitCode.CouldNotRun;
        }
        catch (Exception e)
        {
            // A defect. Caught, so that what is open is closed on the way here: a live machine has to run on.
            FailuresOf(arguments).Write(ErrorCode.Internal, $"an error that should not happen, please report it: {e}");
            return ExitCode.CouldNotRun;
        }
    }

    private static Options Read(ParseResult parsed)
    {
        string[] dumps = [.. (parsed.GetValue(Dump) ?? []).Concat(parsed.GetValue(Dumps) ?? []).SelectMany(FilesOf)];
        string? selfTest = parsed.GetValue(SelfTest);
        Require(selfTest is null ||
            (dumps.Length == 0 && parsed.GetValue(Live) is null && !parsed.GetValue(Script) &&
            parsed.GetValue(Commands) is not { Length: > 0 }), "--selftest goes with none of dumps, -k, -c and --script");
        Require(selfTest is not null || dumps.Length > 0 != (parsed.GetValue(Live) is not null),
            "give either dumps or a live machine: lockleak <dump>, lockleak -k <connection>");
        (TimeSpan? timeout, TimeSpan? watch, TimeSpan? stuck) = (Time(parsed, Timeout), Time(parsed, Watch), Time(parsed, Stuck));
        Require(parsed.GetValue(Live) is not null || watch is null, "--watch goes with -k");
        Require(watch is not null || stuck is null, "--stuck goes with --watch");
        Require(watch is null || !parsed.GetValue(Script), "--watch does not go with --script");
        Require(dumps.Length < 2 || !parsed.GetValue(Script), "--script takes one dump");
        string? html = parsed.GetValue(Html);
        Require(html is null || (dumps.Length < 2 && watch is null && parsed.GetValue(Commands) is not { Length: > 0 }),
            "-html takes one dump or machine, and goes with none of -c and --watch");
        return new Options
        {
            Dumps = dumps,
            Connection = parsed.GetValue(Live),
            Timeout = timeout,
            Watch = watch,
            Stuck = stuck ?? TimeSpan.FromSeconds(10),
            Symbols = (parsed.GetValue(Symbols) ?? Environment.GetEnvironmentVariable("_NT_SYMBOL_PATH")) is { Length: > 0 } symbols
                ? UserFolder.WholePath(symbols) : null,
            Images = parsed.GetValue(Images) is { } images ? UserFolder.WholePath(images) : null,
            Commands = parsed.GetValue(Commands) is { Length: > 0 } given ? [.. given.Select(UserFolder.WholeCommand)] : watch is not null
                ? [Ask, AskThreads] : [html is null ? Ask : UserFolder.WholeCommand($"{Ask} -html \"{html}\"")],
            Json = parsed.GetValue(Json),
            SelfTest = selfTest,
            Sha256 = parsed.GetValue(Sha256),
            Script = parsed.GetValue(Script),
            Bare = parsed.GetValue(Bare),
            Dml = parsed.GetValue(Dml),
            Verbose = parsed.GetValue(Verbose),
        };
    }

    // The shells of Windows leave * and ? to the program. What matches nothing stays as it is, and is a file that is not there.
    private static IEnumerable<string> FilesOf(string dump)
    {
        string name = Path.GetFileName(dump), folder = Path.GetDirectoryName(dump) is { Length: > 0 } given ? given : ".";
        if (dump.StartsWith('-'))
        {
            throw Wrong($"Unrecognized command or argument '{dump}'.");
        }

        return name.AsSpan().ContainsAny('*', '?') && Directory.Exists(folder) && Directory.GetFiles(folder, name) is { Length: > 0 } files
            ? files.Order(StringComparer.OrdinalIgnoreCase).Select(file => folder == "." ? Path.GetFileName(file) : file)
            : [dump];
    }

    // Before the arguments are understood: what can be seen in them.
    private static Failures FailuresOf(string[] arguments) =>
        new(arguments.Contains("-json"), DumpIn(Root.Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null })));

    private static string? DumpIn(ParseResult parsed) => parsed.Errors.Count == 0
        ? (parsed.GetValue(Dump) ?? []).Concat(parsed.GetValue(Dumps) ?? []).ToArray() is [var dump] ? dump : null
        : null;

    private static TimeSpan? Time(ParseResult parsed, Option<string> option) => parsed.GetValue(option) is not { } text
        ? null
        : Duration.Parse(text) ?? throw Wrong($"{option.Name} takes a time such as 30s or 5m, not '{text}'");

    private static void Require(bool condition, string otherwise)
    {
        if (!condition)
        {
            throw Wrong(otherwise);
        }
    }

    private static HostException Wrong(string what) => new(ErrorCode.Usage, $"{what} (lockleak -h lists the options)");
}
