using LockLeak.DbgEng;

namespace LockLeak.Host;

/// <summary>Opens the dump or the live machine, asks what is to be asked, and lets go of it.</summary>
internal static class Triage
{
    /// <summary>How long a live machine may owe an answer where the user says nothing.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(60);

    /// <summary>Does it, and gives the exit code: the highest of any command.</summary>
    public static int Run(Options options)
    {
        string? dump = options.Dumps.SingleOrDefault();
        var failures = new Failures(options.Json, dump);
        using IDisposable? limit = dump is not null && options.Timeout is { } time ? EndAfter(time, dump, failures) : null;
        var output = new ConsoleOutput(options.Json, options.Verbose, failures);
        using var watchdog = new Watchdog(options.Connection is null ? Timeout.InfiniteTimeSpan : options.Timeout ?? Silence, failures);
        var sink = new OutputSink(options.Dml) { Listener = output.Chatter, Progress = watchdog.Feed };
        using EngineClient engine = Engine.Start(sink);
        var live = options.Connection is { } connection
            ? new KdConnection(engine, sink, watchdog, failures, connection, options.Timeout) : null;
        var file = dump is null ? null : new DumpFile(engine, sink, dump);
        using ITarget target = live is not null ? live : file!;
        Console.CancelKeyPress += (_, pressed) =>
        {
            pressed.Cancel = true;
            target.Cancel();
        };

        UserFolder.Leave();
        var debugger = new Debugger(engine, options, target, watchdog);
        if (file?.Damage is { } damage)
        {
            Console.Error.WriteLine($"lockleak: {damage}; data may be missing");
        }

        using var symbols = new MissingSymbols(engine, watchdog, options.Symbols, target.Cancelled);
        symbols.FindKernel();
        int exitCode =
            live is not null && options.Watch is { } interval ? new Watch(debugger, live, sink, output, options, interval).Run()
            : options.Script ? Script.Run(debugger, sink, target.Cancelled)
            : RunCommands(debugger, target, sink, output, symbols, options, file?.Identify(options.Sha256));
        sink.Listener = output.Chatter;
        return exitCode;
    }

    private static int RunCommands(Debugger debugger, ITarget target, OutputSink sink, ConsoleOutput output, MissingSymbols symbols,
        Options options, DumpIdentity? dump)
    {
        // Asking a machine again would take it twice the time.
        bool mayAskAgain = options.Connection is null && symbols.CanFetch;
        output.MayBeGivenAgain = mayAskAgain;
        int exitCode = ExitCode.NothingFound;
        foreach (string command in options.CommandLines.TakeWhile(_ => !target.Cancelled.IsCancellationRequested))
        {
            sink.Listener = output.Answer;
            Outcome outcome = debugger.Execute(command);
            string answer = output.TakeAnswer();
            if (symbols.FindFor(answer) && mayAskAgain)
            {
                output.DropAnswer();
                outcome = debugger.Execute(command);
                answer = output.TakeAnswer();
            }

            output.EndAnswer(command, answer, outcome.ExitCode == ExitCode.CouldNotRun, new HostFacts(dump, [.. symbols.All]));
            exitCode = Math.Max(exitCode, outcome.ExitCode);
        }

        if (!options.Json)
        {
            // A report stands alone on standard output, whoever asked for it.
            SayWhatIsMissing(symbols, output.GaveReports ? Console.Error : Console.Out);
        }

        return exitCode;
    }

    private static void SayWhatIsMissing(MissingSymbols symbols, TextWriter writer)
    {
        foreach (IGrouping<string, MissingPdb> same in symbols.All.GroupBy(pdb => pdb.Reason))
        {
            string modules = string.Join(", ", same.Select(pdb => pdb.Pdb is null ? pdb.Module : $"{pdb.Module} ({pdb.Pdb} {pdb.Key})"));
            writer.WriteLine($"No symbols for {modules}: {same.Key}.");
        }
    }

    private static Timer EndAfter(TimeSpan limit, string dump, Failures failures) => new(_ =>
    {
        failures.Write(ErrorCode.TimeLimit, $"not done with {dump} after {limit.TotalSeconds:0.#} s (--timeout)");
        Watchdog.End(ExitCode.CouldNotRun);
    }, null, limit, Timeout.InfiniteTimeSpan);
}
