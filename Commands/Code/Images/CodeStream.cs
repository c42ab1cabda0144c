using Iced.Intel;

namespace LockLeak.Code.Images;

/// <summary>The bytes of an image from an address on, for the decoder.</summary>
internal sealed class CodeStream(CodeMemory memory, ulong address) : CodeReader
{
    private readonly byte[] rest = new byte[64];
    private ulong next = address;
    private int position, count;

    /// <inheritdoc/>
    public override int ReadByte()
    {
        if (position == count)
        {
            ReadOnlySpan<byte> bytes = memory.At(next);
            (position, count) = (0, Math.Min(bytes.Length, rest.Length));
            bytes[..count].CopyTo(rest);
            next += (ulong)count;
        }

        return position < count ? rest[position++] : -1;
    }
}
