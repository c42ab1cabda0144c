using System.CommandLine;
using LockLeak.Fleet.Engine;
using LockLeak.Fleet.Store;
using LockLeak.Fleet.Verbs;

namespace LockLeak.Fleet;

/// <summary>The verbs, their options, and what is wrong with them.</summary>
internal static class CommandLine
{
    private const int Done = 0, CouldNotRun = 2;
    private const long Megabyte = 1024 * 1024;

    private static readonly Argument<string[]> Dumps =
        new("dump")
        {
            Description = "A dump, a folder with dumps (*.dmp, in folders below it too), or a pattern such as " +
        "D:\\dumps\\**\\*.dmp.",
            Arity = ArgumentArity.OneOrMore
        };
    private static readonly Option<bool> Again =
        new("--again") { Description = "Also those that have a report or were given up: it is made anew." };

    private static readonly Option<int> Workers =
        new("--workers")
        {
            Description = "How many dumps at a time. Without it the number of processors.",
            HelpName = "number",
            DefaultValueFactory = _ => Environment.ProcessorCount,
        };
    private static readonly Option<bool> Drain = new("--drain") { Description = "End when no dump waits." };
    private static readonly Option<string> Program =
        new("--lockleak")
        {
            Description = "The program lockleak. Without it LOCKLEAK, else the one on the PATH.",
            HelpName = "path",
            DefaultValueFactory = _ => Environment.GetEnvironmentVariable("LOCKLEAK") ?? "lockleak",
        };
    private static readonly Option<string?> Symbols =
        new("-y") { Description = "Where lockleak looks for symbols; without it _NT_SYMBOL_PATH.", HelpName = "path" };
    private static readonly Option<string> Time =
        new("--timeout")
        {
            Description = "How long lockleak may take for a dump (30s, 5m).",
            HelpName = "time",
            DefaultValueFactory = _ => "5m",
        };
    private static readonly Option<int> Memory =
        new("--memory") { Description = "MB of memory that lockleak may take.", HelpName = "MB", DefaultValueFactory = _ => 4096 };
    private static readonly Option<int> Disk =
        new("--disk") { Description = "MB of temporary files that lockleak may write.", HelpName = "MB", DefaultValueFactory = _ => 2048 };
    private static readonly Option<string> Patience =
        new("--patience")
        {
            Description = "How long a worker may give no sign of life before another one fetches its dump.",
            HelpName = "time",
            DefaultValueFactory = _ => "60s",
        };

    private static readonly Option<string> Url =
        new("--url")
        {
            Description = "Where the page is. It asks nobody who he is: before you show it to others than this machine, put " +
        "something in front of it that does.",
            HelpName = "url",
            DefaultValueFactory = _ => "http://localhost:8153"
        };
    private static readonly Option<int> ServeWorkers =
        new("--workers") { Description = "Also look at dumps, so many at a time.", HelpName = "number" };

    private static readonly Argument<string> To =
        new("file") { Description = "*.jsonl: the reports, one JSON object on each line. *.parquet: a table of the findings." };

    private static readonly RootCommand Root = new($"""
        Asks many Windows kernel dumps who leaked, owns or waits for kernel locks, on as many machines as you like.

        {Database.Variable} is the connection string of a PostgreSQL database that all machines share. Without it a SQLite file of this user serves one machine.
        Exit code: 0 done, 2 could not run (the reason is on standard error).
        """)
    {
        new Command("submit", "Put dumps into the queue. A dump that is there already, or has its report, is not put there again.") { Dumps,
            Again },
        new Command("work", "Look at the dumps of the queue until Ctrl+C.") { Workers, Drain, Program, Symbols, Time, Memory, Disk,
            Patience },
        new Command("serve", "Show the page: which driver leaks, since when, on which build.") { Url, ServeWorkers, Program, Symbols, Time,
            Memory, Disk, Patience },
        new Command("export", "Write the results to a file.") { To },
    };

    /// <summary>Parses, runs, and gives the exit code.</summary>
    public static async Task<int> RunAsync(string[] arguments)
    {
        Set("submit", (parsed, database, _) =>
        {
            Submit.Run(database, parsed.GetRequiredValue(Dumps), parsed.GetValue(Again));
            return Task.CompletedTask;
        });
        Set("work", (parsed, database, stopped) => Work.RunAsync(database, Setup(parsed, Workers), parsed.GetValue(Drain), stopped));
        Set("serve", (parsed, database, stopped) =>
            Serve.RunAsync(database, parsed.GetRequiredValue(Url), parsed.GetValue(ServeWorkers) > 0 ? Setup(parsed, ServeWorkers) : null,
            stopped));
        Set("export", (parsed, database, stopped) => Export.RunAsync(database, parsed.GetRequiredValue(To), stopped));
        try
        {
            ParseResult parsed = Root.Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });
            return parsed.Errors.Count == 0
                ? await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false })
                : throw new FleetException($"{parsed.Errors[0].Message} (lockleak-fleet -h lists the verbs and options)");
        }
        catch (Exception e) when (e is FleetException or IOException or UnauthorizedAccessException or System.Data.Common.DbException)
        {
            Console.Error.WriteLine($"lockleak-fleet: {e.Message.ReplaceLineEndings(" ")}");
            return CouldNotRun;
        }
    }

    private static void Set(string verb, Func<ParseResult, Database, CancellationToken, Task> run) =>
        Root.Subcommands.Single(command => command.Name == verb).SetAction(async (parsed, stopped) =>
        {
            var database = Database.FromEnvironment();
            database.Prepare();
            await run(parsed, database, stopped);
            return Done;
        });

    private static WorkerSetup Setup(ParseResult parsed, Option<int> workers) => new(
        Positive(parsed, workers),
        parsed.GetRequiredValue(Program),
        parsed.GetValue(Symbols),
        new Limits(Duration(parsed, Time), Positive(parsed, Memory) * Megabyte, Positive(parsed, Disk) * Megabyte),
        Duration(parsed, Patience));

    private static TimeSpan Duration(ParseResult parsed, Option<string> option) =>
        Host.Duration.Parse(parsed.GetRequiredValue(option)) ?? throw new FleetException(
        $"{option.Name} takes a time such as 30s or 5m, not '{parsed.GetValue(option)}'");

    private static int Positive(ParseResult parsed, Option<int> option) =>
        parsed.GetValue(option) is > 0 and var number ? number : throw new FleetException($"{option.Name} takes a number greater than 0");
}
