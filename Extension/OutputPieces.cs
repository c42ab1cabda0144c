namespace LockLeak.Extension;

/// <summary>
/// Cuts long texts. The engine formats into a buffer of 16,384 characters and drops what does not fit (measured with
/// dbgeng 10.0.29507; a report or its JSON can be far longer).
/// </summary>
internal static class OutputPieces
{
    private const int Longest = 16_000;

    /// <summary>The pieces, in order; together they are the text.</summary>
    public static IEnumerable<string> Of(string text)
    {
        int start = 0;
        while (text.Length - start > Longest)
        {
            int length = LengthOfPiece(text.AsSpan(start, Longest));
            yield return text.Substring(start, length);
            start += length;
        }

        yield return text[start..];
    }

    // After a line; a line that is longer, before a DML tag or entity, which must stay whole; else anywhere in it, but
    // not between the halves of a surrogate pair.
    private static int LengthOfPiece(ReadOnlySpan<char> text)
    {
        int line = text.LastIndexOf('\n') + 1;
        int length = line > 0 ? line : text.LastIndexOfAny('<', '&');
        return length > 0 ? length : text.Length - (char.IsHighSurrogate(text[^1]) ? 1 : 0);
    }
}
