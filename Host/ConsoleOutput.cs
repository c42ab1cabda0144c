using System.Text;
using LockLeak.DbgEng;

namespace LockLeak.Host;

/// <summary>Where a user reads what the engine prints: answers on standard output, errors on standard error, chatter nowhere.</summary>
/// <param name="verbose">Chatter goes to standard error.</param>
internal sealed class ConsoleOutput(bool verbose)
{
    private readonly StringBuilder errors = new();

    /// <summary>Takes the output of a command. What is printed as an error waits for <see cref="EndAnswer"/>.</summary>
    public void Answer(DEBUG_OUTPUT kind, string text)
    {
        switch (kind)
        {
            case DEBUG_OUTPUT.ERROR: errors.Append(text); break;
            case DEBUG_OUTPUT.SYMBOLS or DEBUG_OUTPUT.STATUS: Chatter(kind, text); break;
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
