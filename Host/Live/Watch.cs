using System.Globalization;
using System.Text;
using System.Text.Json;
using LockLeak.DbgEng;

namespace LockLeak.Host;

/// <summary>Looks at a live machine again and again, lets it run in between, and says what is new.</summary>
internal sealed class Watch(Debugger debugger, KdConnection machine, OutputSink sink, ConsoleOutput output, Options options,
    TimeSpan interval)
{
    private readonly NewsDesk desk = new(options.Stuck);
    private int exitCode = ExitCode.NothingFound;

    /// <summary>Runs until the user ends it, or the machine has stopped in a bug check, after which nothing changes.</summary>
    public int Run()
    {
        Console.Error.WriteLine(
            $"lockleak: looking at the machine every {interval.TotalSeconds:0.#} s (Ctrl+C ends it and leaves the machine running)");
        while (Tell(Look()) && LetRun())
        {
        }

        return exitCode;
    }

    private List<WatchReport> Look()
    {
        List<WatchReport> look =
            [.. options.CommandLines.TakeWhile(_ => !machine.Cancelled.IsCancellationRequested).Select(Ask).OfType<WatchReport>()];
        return look.Count > 0 || machine.Cancelled.IsCancellationRequested
            ? look
            : throw new HostException(ErrorCode.Usage,
                $"no answer in JSON, as --watch needs it and !lockleak gives it: {string.Join("; ", options.CommandLines)}");
    }

    /// <summary>Prints what is new; false when the machine will not change any more.</summary>
    private bool Tell(List<WatchReport> look)
    {
        foreach (News news in desk.Take(look))
        {
            exitCode = ExitCode.Found;
            Print(news);
        }

        if (look.Select(report => report.Target?.BugCheck).FirstOrDefault(bugCheck => bugCheck is not null) is not { } dead)
        {
            return true;
        }

        Console.Error.WriteLine($"lockleak: the machine has stopped in bug check {dead.Code} {dead.Name}".TrimEnd() + "; the watch ends");
        return false;
    }

    /// <summary>Lets the machine run until the next look; false when the user has ended the watch.</summary>
    private bool LetRun()
    {
        if (machine.Cancelled.IsCancellationRequested)
        {
            return false;
        }

        bool wasAsked = machine.RunFor(interval);
        if (debugger.Resume())
        {
            Console.Error.WriteLine("lockleak: the machine was restarted");
        }
        else if (!wasAsked && !machine.Cancelled.IsCancellationRequested)
        {
            Console.Error.WriteLine("lockleak: the machine stopped by itself");
        }

        return !machine.Cancelled.IsCancellationRequested;
    }

    private WatchReport? Ask(string command)
    {
        var printed = new StringBuilder();
        sink.Listener = (kind, text) =>
        {
            if (kind == DEBUG_OUTPUT.NORMAL)
            {
                printed.Append(text);
            }
            else if (kind != DEBUG_OUTPUT.STATUS)
            {
                output.Answer(kind, text);
            }
        };
        output.EndErrors(debugger.Execute(command).ExitCode == ExitCode.CouldNotRun);
        sink.Listener = output.Chatter;
        return WatchReport.Parse(printed.ToString());
    }

    private void Print(News news)
    {
        if (options.Json)
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(news, WatchJson.Readable.News));
        }
        else
        {
            string time = news.Time.ToString("HH:mm:ss", CultureInfo.InvariantCulture);
            Console.Out.WriteLine($"{time}  {(news.Certainty == "certain" ? news.Kind : $"{news.Kind}?")}  {news.Message}");
        }
    }
}
