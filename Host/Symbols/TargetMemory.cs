using LockLeak.DbgEng;

namespace LockLeak.Host;

/// <summary>
/// A part of the target's memory to be read as a stream. What is not there ends the reading with an <see cref="IOException"/>.
/// </summary>
/// <param name="engine">The engine.</param>
/// <param name="start">Its address.</param>
/// <param name="length">Its size in bytes.</param>
internal sealed class TargetMemory(EngineClient engine, ulong start, uint length) : Stream
{
    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => length;

    public override long Position { get; set; }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        int wanted = (int)Math.Clamp(length - Position, 0, buffer.Length);
        if (wanted == 0)
        {
            return 0;
        }

        if (engine.DataSpaces.ReadVirtual(start + (ulong)Position, buffer[..wanted], out uint read) < 0 || read == 0)
        {
            throw new IOException();
        }

        Position += read;
        return (int)read;
    }

    public override long Seek(long offset, SeekOrigin origin) => Position = origin switch
    {
        SeekOrigin.Begin => offset,
        SeekOrigin.Current => Position + offset,
        _ => length + offset,
    };

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
