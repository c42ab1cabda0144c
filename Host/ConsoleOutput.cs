using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;
using LockLeak.DbgEng;

namespace LockLeak.Host;

/// <summary>
/// Where a user reads what the engine prints: answers on standard output, errors and progress on standard error, chatter nowhere.
/// </summary>
/// <param name="json">Answers are reports, which stand alone on their lines: what else is printed is chatter.</param>
/// <param name="verbose">Chatter goes to standard error.</param>
/// <param name="failures">Where a command that fails gets its object.</param>
internal sealed partial class ConsoleOutput(bool json, bool verbose, Failures failures)
{
    private static readonly TimeSpan BetweenProgress = TimeSpan.FromSeconds(5);

    private readonly StringBuilder errors = new();
    private readonly Stopwatch sinceProgress = new();
    private List<string> answer = [];

    /// <summary>True to keep answers back until <see cref="EndAnswer"/>, so that they can be dropped and given again.</summary>
    public bool MayBeGivenAgain { get; set; }

    /// <summary>An answer was a report as JSON.</summary>
    public bool GaveReports { get; private set; }

    /// <summary>Takes the output of a command. What is printed as an error waits for <see cref="EndAnswer"/>.</summary>
    public void Answer(DEBUG_OUTPUT kind, string text)
    {
        switch (kind)
        {
            case DEBUG_OUTPUT.ERROR: errors.Append(text); break;
            case DEBUG_OUTPUT.STATUS: Progress(text); break;
            case DEBUG_OUTPUT.SYMBOLS: Chatter(kind, text); break;
            default:
                answer.Add(text);
                if (!json && !MayBeGivenAgain)
                {
                    Console.Out.Write(text);
                }

                break;
        }
    }

    /// <summary>Takes the answer out of here, for it may be large: who asked for it holds the only copy.</summary>
    public string TakeAnswer()
    {
        string taken = string.Concat(CollectionsMarshal.AsSpan(answer));
        answer = [];
        return taken;
    }

    /// <summary>Forgets an answer that was held back: the command is run again.</summary>
    public void DropAnswer()
    {
        answer = [];
        errors.Clear();
    }

    /// <summary>
    /// Shows what was held back, and what the command printed as errors: the reason why it failed. Without a failure they are the
    /// engine's chatter, such as that an image is not to be found.
    /// </summary>
    /// <param name="command">The command line.</param>
    /// <param name="printed">Its answer.</param>
    /// <param name="failed">It failed.</param>
    /// <param name="facts">What the host adds to a report.</param>
    public void EndAnswer(string command, string printed, bool failed, HostFacts facts)
    {
        IReadOnlyList<ReadOnlyMemory<char>> reports = ReportLine.Find(printed, out string rest);
        GaveReports |= reports.Count > 0;
        if (json)
        {
            EndReports(command, failed, reports, rest, facts);
        }
        else if (MayBeGivenAgain)
        {
            Console.Out.Write(printed);
        }

        EndErrors(failed);
    }

    /// <summary>The end of a command whose answer somebody else took.</summary>
    public void EndErrors(bool failed)
    {
        if (failed || verbose)
        {
            Console.Error.Write(verbose ? errors.ToString() : Reason);
        }

        DropAnswer();
        sinceProgress.Reset();
    }

    private void EndReports(string command, bool failed, IReadOnlyList<ReadOnlyMemory<char>> reports, string rest, HostFacts facts)
    {
        foreach (ReadOnlyMemory<char> report in reports)
        {
            ReportLine.Write(Console.Out, report, facts);
        }

        if (failed && !reports.Any(ReportLine.IsError))
        {
            string reason = Reason.Split('\n', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault() ?? rest.Trim();
            (ErrorCode code, string cause) =
                facts.Dump?.Damage is { } damage ? (ErrorCode.DamagedDump, $"{damage}: ") : (ErrorCode.CommandFailed, "");
            failures.WriteObject(NameOf(command), code, cause + reason.TrimEnd(), facts.MissingSymbols);
        }
        else if (reports.Count == 0)
        {
            Console.Out.Write(rest); // a command of the engine's
            return;
        }

        Chatter(DEBUG_OUTPUT.NORMAL, rest);
    }

    /// <summary>
    /// Why the command failed. On a damaged machine the engine complains in the middle of a command of ours ("GetContextState
    /// failed"), which is not the reason.
    /// </summary>
    private string Reason
    {
        get
        {
            string all = errors.ToString();
            string[] ours = [.. all.Split('\n').Where(line => LineOfOurs().IsMatch(line))];
            return ours.Length > 0 ? string.Concat(ours.Select(line => line + '\n')) : all;
        }
    }

    [GeneratedRegex("^(lockleak|threadlocks|pushlock|lockhelp|help|Usage): ")]
    private static partial Regex LineOfOurs();

    // "pushlock" of "!pushlock nosuchsymbol -json".
    private static string NameOf(string command) => command.TrimStart('!', ' ').Split([' ', ';'], 2)[0];

    /// <summary>
    /// How far a command is, which it begins to say when it takes long: the first time at once, then every few seconds. Whole
    /// lines, not one that is overwritten: the answer may go to the same window, and standard error to a log.
    /// </summary>
    private void Progress(string text)
    {
        if (!sinceProgress.IsRunning || sinceProgress.Elapsed >= BetweenProgress)
        {
            sinceProgress.Restart();
            Console.Error.WriteLine($"lockleak: {text.Trim()} (Ctrl+C ends it)");
        }
    }

    /// <summary>Takes what the engine says of itself.</summary>
    public void Chatter(DEBUG_OUTPUT kind, string text)
    {
        if (verbose)
        {
            Console.Error.Write(text);
        }
    }
}
