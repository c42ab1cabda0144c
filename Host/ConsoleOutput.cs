using System.Diagnostics;
using System.Text;
using LockLeak.DbgEng;

namespace LockLeak.Host;

/// <summary>Where a user reads what the engine prints: answers on standard output, errors and progress on standard error, chatter nowhere.</summary>
/// <param name="verbose">Chatter goes to standard error.</param>
internal sealed class ConsoleOutput(bool verbose)
{
    private static readonly TimeSpan BetweenProgress = TimeSpan.FromSeconds(5);

    private readonly StringBuilder errors = new();
    private readonly Stopwatch sinceProgress = new();

    /// <summary>Takes the output of a command. What is printed as an error waits for <see cref="EndAnswer"/>.</summary>
    public void Answer(DEBUG_OUTPUT kind, string text)
    {
        switch (kind)
        {
            case DEBUG_OUTPUT.ERROR: errors.Append(text); break;
            case DEBUG_OUTPUT.STATUS: Progress(text); break;
            case DEBUG_OUTPUT.SYMBOLS: Chatter(kind, text); break;
            default: Console.Out.Write(text); break;
        }
    }

    /// <summary>Shows what the command printed as errors: the reason why it failed. Without a failure they are the engine's chatter, such as that an image is not to be found.</summary>
    public void EndAnswer(bool failed)
    {
        if (failed || verbose)
        {
            Console.Error.Write(errors);
        }

        errors.Clear();
        sinceProgress.Reset();
    }

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
