namespace LockLeak.Host;

/// <summary>
/// Reads from what the engine tells of the KD protocol whether the machine owes it an answer. The lines are those of "verbose
/// mode" (https://learn.microsoft.com/windows-hardware/drivers/debugger/ctrl-d--toggle-debug-info-); the engine says of a request
/// that it sends again what it says of the first.
/// </summary>
/// <param name="asked">Done when the engine begins to wait for an answer, and at each repetition.</param>
/// <param name="answered">Done when it has come.</param>
/// <param name="heard">Done when a packet with data has come, whether it was asked for or not.</param>
internal sealed class KdProtocol(Action asked, Action answered, Action heard)
{
    /// <summary>Takes some lines.</summary>
    public void Take(string text)
    {
        foreach (ReadOnlySpan<char> line in text.AsSpan().EnumerateLines())
        {
            if (line.StartsWith("READ: Wait for type MANIP") || line.StartsWith("READ: Wait for type ACK"))
            {
                asked();
            }
            else if (line.StartsWith("READ: Received Type"))
            {
                heard();
                answered();
            }
            else if (line.StartsWith("DbgKdContinue(") && line.Contains("returns", StringComparison.Ordinal))
            {
                // The one request without an answer: the machine runs.
                answered();
            }
        }
    }
}
