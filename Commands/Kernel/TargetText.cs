using System.Text;
using LockLeak.Target;

namespace LockLeak.Kernel;

/// <summary>Strings out of target memory, which may hold anything.</summary>
public static class TargetText
{
    /// <summary>Longest thread name that is read, in bytes. Windows allows 64 KB; no column shows so much.</summary>
    private const int LongestName = 256;

    /// <summary>An 8-bit string up to its first zero byte, with everything unprintable as '?'.</summary>
    public static string FromBytes(ReadOnlySpan<byte> bytes)
    {
        int end = bytes.IndexOf((byte)0);
        return Printable(Encoding.Latin1.GetString(end < 0 ? bytes : bytes[..end]));
    }

    /// <summary>A UNICODE_STRING by the address of its header; null when there is none or it cannot be read.</summary>
    public static string? ReadUnicodeString(KernelMemory memory, ulong address)
    {
        if (memory.TryReadWindow(address, 0, 0x10) is not { } header)
        {
            return null;
        }

        // UNICODE_STRING (ntdef.h): Length in bytes, MaximumLength, then Buffer at 8 on 64-bit systems.
        int length = (int)Math.Min(header.Value(new TypeField(0, 2, 0, 0, false)), LongestName) & ~1;
        ulong buffer = memory.Canonical(header.Value(new TypeField(8, 8, 0, 0, true)));
        return length > 0 && memory.TryReadWindow(buffer, 0, length) is { } characters
            ? Printable(Encoding.Unicode.GetString(characters.Bytes(new TypeField(0, length, 0, 0, IsPointer: false))))
            : null;
    }

    /// <summary>
    /// The text with control characters, line breaks and unpaired surrogates as '?', so that it cannot break a line or a
    /// console, and so with what reverses the text behind it (Unicode Standard Annex #9, the explicit directional characters).
    /// </summary>
    private static string Printable(string text)
    {
        var printable = new StringBuilder(text.Length);
        foreach (Rune rune in text.EnumerateRunes())
        {
            printable.Append(Rune.IsControl(rune) || rune == Rune.ReplacementChar || rune.Value is 0x2028 or 0x2029 or (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069) ? "?" : rune.ToString());
        }

        return printable.ToString();
    }
}
