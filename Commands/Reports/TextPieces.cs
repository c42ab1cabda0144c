using System.Buffers;
using System.Text;

namespace LockLeak.Reports;

/// <summary>Hands ASCII text on piece by piece while it is written, so that the whole of it is never in memory.</summary>
/// <param name="write">Takes a piece.</param>
internal sealed class TextPieces(Action<string> write) : IBufferWriter<byte>
{
    // A debugger takes some 16,000 characters at once, and what is longer is copied to be cut.
    private byte[] buffer = new byte[1 << 13];

    /// <inheritdoc/>
    public void Advance(int count) => write(Encoding.ASCII.GetString(buffer, 0, count));

    /// <inheritdoc/>
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        if (buffer.Length < sizeHint)
        {
            buffer = new byte[sizeHint];
        }

        return buffer;
    }

    /// <inheritdoc/>
    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;
}
