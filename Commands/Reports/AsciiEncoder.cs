using System.Globalization;

using System.Text.Encodings.Web;

namespace LockLeak.Reports;

/// <summary>
/// Escapes in JSON what must be escaped and everything that is not printable ASCII. The one that comes with .NET escapes
/// back-ticks, '+' and '&amp;' as well, for the sake of web pages; here people read the text too.
/// </summary>
internal sealed class AsciiEncoder : JavaScriptEncoder
{
    /// <inheritdoc/>
    public override int MaxOutputCharactersPerInputCharacter => UnsafeRelaxedJsonEscaping.MaxOutputCharactersPerInputCharacter;

    /// <inheritdoc/>
    public override bool WillEncode(int unicodeScalar) => unicodeScalar is '"' or '\\' or < ' ' or > '~';

    /// <inheritdoc/>
    public override unsafe int FindFirstCharacterToEncode(char* text, int textLength)
    {
        for (int i = 0; i < textLength; i++)
        {
            if (WillEncode(text[i]))
            {
                return i;
            }
        }

        return -1;
    }

    /// <inheritdoc/>
    public override unsafe bool TryEncodeUnicodeScalar(int unicodeScalar, char* buffer, int bufferLength, out int numberOfCharactersWritten)
    {
        if (unicodeScalar < 0x7F)
        {
            return UnsafeRelaxedJsonEscaping.TryEncodeUnicodeScalar(unicodeScalar, buffer, bufferLength, out numberOfCharactersWritten);
        }

        // The encoder of .NET writes what it allows as it stands, also where it is asked to encode it.
        ReadOnlySpan<char> units = char.ConvertFromUtf32(unicodeScalar);
        numberOfCharactersWritten = 0;
        foreach (char unit in units)
        {
            var rest = new Span<char>(buffer + numberOfCharactersWritten, bufferLength - numberOfCharactersWritten);
            if (!rest.TryWrite(CultureInfo.InvariantCulture, $"\\u{(int)unit:X4}", out int written))
            {
                numberOfCharactersWritten = 0;
                return false;
            }

            numberOfCharactersWritten += written;
        }

        return true;
    }
}
