using System.Text;
using LockLeak.Target;

namespace LockLeak.Kernel;

/// <summary>Strings out of target memory, which may hold anything.</summary>
internal static class TargetText
{
    /// <summary>Longest thread name that is read, in bytes. Windows allows 64 KB; no column shows so much.</summary>
    private const int LongestName = 256;

    /// <summary>An 8-bit string up to its first zero byte, with everything unprintable as '?'.</summary>
    public static string FromBytes(ReadOnlySpan<byte> bytes)
    {
        int end = bytes.IndexOf((byte)0);
        return PrintableText.Of(Encoding.Latin1.GetString(end < 0 ? bytes : bytes[..end]));
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
            ? PrintableText.Of(Encoding.Unicode.GetString(characters.Content(new TypeField(0, length, 0, 0, IsPointer: false))))
            : null;
    }
}
