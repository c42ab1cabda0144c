using LockLeak.DbgEng;

namespace LockLeak.Host;

/// <summary>Opens the dump or the live machine, asks what is to be asked, and lets go of it.</summary>
internal static class Triage
{
    /// <summary>How long a live machine may be silent where the user says nothing: a symbol server may need its time too.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(60);

    /// <summary>Does it, and gives the exit code: the highest of any command.</summary>
    public static int Run(Options options)
    {
        var output = new ConsoleOutput(options.Verbose);
        using var watchdog = new Watchdog(options.Connection is null ? Timeout.InfiniteTimeSpan : options.Timeout ?? Silence);
        var sink = new OutputSink(options.Dml) { Listener = output.Chatter, Heard = watchdog.Feed };
        using EngineClient engine = Engine.Start(sink);
        var live = options.Connection is { } connection ? new KdConnection(engine, sink, watchdog, connection, options.Timeout) : null;
        using ITarget target = live is not null ? live : new DumpFile(engine, sink, options.Dump!);
        Console.CancelKeyPress += (_, pressed) =>
        {
            pressed.Cancel = true;
            target.Cancel();
        };

        var debugger = new Debugger(engine, options, target, watchdog);
        int exitCode =
            live is not null && options.Watch is { } interval ? new Watch(debugger, live, sink, output, options, interval).Run()
            : options.Script ? Script.Run(debugger, sink, target.Cancelled)
            : RunCommands(debugger, target, sink, output, options.Commands);
        sink.Listener = output.Chatter;
        return exitCode;
    }

    private static int RunCommands(Debugger debugger, ITarget target, OutputSink sink, ConsoleOutput output, IReadOnlyList<string> commands)
    {
        sink.Listener = output.Answer;
        int exitCode = ExitCode.NothingFound;
        foreach (string command in commands.TakeWhile(_ => !target.Cancelled.IsCancellationRequested))
        {
            int ended = debugger.Execute(command).ExitCode;
            output.EndAnswer(ended == ExitCode.CouldNotRun);
            exitCode = Math.Max(exitCode, ended);
        }

        return exitCode;
    }
}
