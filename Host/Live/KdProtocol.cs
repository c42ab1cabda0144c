using System.Text;

namespace LockLeak.Host;

/// <summary>
/// Reads from what the engine tells of the KD protocol whether the machine owes it an answer. The lines are those of "verbose
/// mode" (https://learn.microsoft.com/windows-hardware/drivers/debugger/ctrl-d--toggle-debug-info-); the engine says of a request
/// that it sends again what it says of the first.
/// </summary>
/// <param name="asked">Done when the engine begins to wait for an answer or cannot send, and at each repetition.</param>
/// <param name="answered">Done when it has come.</param>
/// <param name="heard">Done when a packet with data has come, whether it was asked for or not.</param>
internal sealed class KdProtocol(Action asked, Action answered, Action heard)
{
    private readonly StringBuilder line = new();

    /// <summary>Takes a piece of text: the engine prints a line in several.</summary>
    public void Take(string text)
    {
        foreach (char letter in text)
        {
            if (letter != '\n')
            {
                line.Append(letter);
                continue;
            }

            TakeLine(line.ToString());
            line.Clear();
        }
    }

    private void TakeLine(string text)
    {
        if (text.StartsWith("READ: Wait for type MANIP", StringComparison.Ordinal) ||
            text.StartsWith("READ: Wait for type ACK", StringComparison.Ordinal) ||
            IsFailedWrite(text))
        {
            asked();
        }
        else if (text.StartsWith("READ: Received Type", StringComparison.Ordinal))
        {
            heard();
            answered();
        }
        else if (text.StartsWith("DbgKdContinue(", StringComparison.Ordinal) && text.Contains("returns", StringComparison.Ordinal))
        {
            // The one request without an answer: the machine runs.
            answered();
        }
    }

    /// <summary>
    /// The connection is closed. The engine may see that first when it acknowledges an answer, and goes on trying that for ever.
    /// </summary>
    private static bool IsFailedWrite(string text) =>
        text.StartsWith(">>>> WriteAll(", StringComparison.Ordinal);
}
