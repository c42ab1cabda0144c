using LockLeak.DbgEng;

namespace LockLeak.Host;

/// <summary>Where a user reads what the engine prints: answers on standard output, errors on standard error, chatter nowhere.</summary>
/// <param name="verbose">Chatter goes to standard error.</param>
internal sealed class ConsoleOutput(bool verbose)
{
    /// <summary>Takes the output of a command.</summary>
    public void Answer(DEBUG_OUTPUT kind, string text)
    {
        switch (kind)
        {
            case DEBUG_OUTPUT.ERROR: Console.Error.Write(text); break;
            case DEBUG_OUTPUT.SYMBOLS or DEBUG_OUTPUT.STATUS: Chatter(kind, text); break;
            default: Console.Out.Write(text); break;
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
