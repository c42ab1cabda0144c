using System.Text;
using System.Text.Json;

namespace LockLeak.Host;

/// <summary>Reads a JSON text piece by piece: a report may be many megabytes, which a document would hold three times over.</summary>
internal static class JsonObject
{
    /// <summary>Bytes that are looked at together, unless one word has more.</summary>
    private const int Piece = 1 << 16;

    /// <summary>The names of its members; null for a text that is no object.</summary>
    public static IReadOnlySet<string>? Members(ReadOnlySpan<char> text)
    {
        HashSet<string> members = [];
        Encoder encoder = Encoding.UTF8.GetEncoder();
        byte[] bytes = new byte[Piece];
        int held = 0;
        var state = new JsonReaderState();
        bool isObject = false;
        try
        {
            do
            {
                Array.Resize(ref bytes, Math.Max(bytes.Length, 2 * held));
                encoder.Convert(text, bytes.AsSpan(held), flush: true, out int taken, out int made, out _);
                text = text[taken..];
                int end = held + made;
                var reader = new Utf8JsonReader(bytes.AsSpan(0, end), isFinalBlock: text.IsEmpty, state);
                while (reader.Read())
                {
                    isObject |= reader is { TokenType: JsonTokenType.StartObject, CurrentDepth: 0 };
                    if (reader is { TokenType: JsonTokenType.PropertyName, CurrentDepth: 1 } && isObject)
                    {
                        members.Add(reader.GetString()!);
                    }
                }

                state = reader.CurrentState;
                held = end - (int)reader.BytesConsumed;
                bytes.AsSpan(end - held, held).CopyTo(bytes);
            }
            while (!text.IsEmpty);
        }
        catch (JsonException)
        {
            return null;
        }

        return isObject ? members : null;
    }
}
