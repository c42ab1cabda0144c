using System.Text;

namespace LockLeak.Target;

/// <summary>Text that comes from the target, made fit to be shown.</summary>
internal static class PrintableText
{
    /// <summary>
    /// The text with control characters, line breaks and unpaired surrogates as '?', so that it cannot break a line or a
    /// console, and so with what reverses the text behind it (Unicode Standard Annex #9, the explicit directional characters).
    /// </summary>
    public static string Of(string text)
    {
        if (!text.AsSpan().ContainsAnyExceptInRange(' ', '~'))
        {
            return text;
        }

        var printable = new StringBuilder(text.Length);
        foreach (Rune rune in text.EnumerateRunes())
        {
            printable.Append(Rune.IsControl(rune) || rune == Rune.ReplacementChar || rune.Value is 0x2028 or 0x2029
                or (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069) ? "?" : rune.ToString());
        }

        return printable.ToString();
    }
}
