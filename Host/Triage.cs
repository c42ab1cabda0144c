using LockLeak.DbgEng;

namespace LockLeak.Host;

/// <summary>Opens the dump and runs the commands: text to standard output, errors to standard error.</summary>
internal static class Triage
{
    /// <summary>Does it, and gives the exit code: the highest of any command.</summary>
    public static int Run(Options options)
    {
        var sink = new OutputSink(options.Dml);
        using EngineClient engine = Engine.Start(sink);
        sink.Listener = (_, text) => Chatter(options, text);
        using var debugger = new Debugger(engine, sink, options);
        Console.CancelKeyPress += (_, pressed) =>
        {
            pressed.Cancel = true;
            debugger.Interrupt();
        };

        if (options.Script)
        {
            return Script.Run(debugger, sink);
        }

        sink.Listener = (kind, text) => Show(options, kind, text);
        int exitCode = ExitCode.NothingFound;
        foreach (string command in options.Commands)
        {
            exitCode = Math.Max(exitCode, debugger.Execute(command).ExitCode);
        }

        sink.Listener = (_, text) => Chatter(options, text);
        return exitCode;
    }

    private static void Show(Options options, DEBUG_OUTPUT kind, string text)
    {
        switch (kind)
        {
            case DEBUG_OUTPUT.ERROR: Console.Error.Write(text); break;
            case DEBUG_OUTPUT.SYMBOLS or DEBUG_OUTPUT.STATUS: Chatter(options, text); break;
            default: Console.Out.Write(text); break;
        }
    }

    private static void Chatter(Options options, string text)
    {
        if (options.Verbose)
        {
            Console.Error.Write(text);
        }
    }
}
