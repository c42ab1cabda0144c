using System.Text;

namespace LockLeak.Host;

/// <summary>
/// Standard output or standard error on a disk that may be full. A failure is no exception, which would be lost where the engine calls
/// back, and would end the program where nobody expects one: it is told once, and what was written is known to be incomplete.
/// </summary>
internal sealed class StandardStream : Stream
{
    private readonly Stream stream;
    private readonly Action<string> tell;

    private StandardStream(Stream stream, Action<string> tell)
    {
        this.stream = stream;
        this.tell = tell;
    }

    /// <summary>Some of what was written is lost.</summary>
    public bool HasFailed { get; private set; }

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <summary>Puts one in the place of each of the console's two, and gives that of standard output.</summary>
    public static StandardStream Install()
    {
        Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        var errors = new StandardStream(Console.OpenStandardError(), static _ => { });
        Console.SetError(WriterOf(errors));
        var output = new StandardStream(
            Console.OpenStandardOutput(),
            static why => Console.Error.WriteLine($"lockleak: standard output cannot be written, the answer is incomplete: {why}"));
        Console.SetOut(WriterOf(output));
        return output;
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        try
        {
            stream.Write(buffer);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            bool isFirst = !HasFailed;
            HasFailed = true;
            if (isFirst)
            {
                tell(e.Message.ReplaceLineEndings(" "));
            }
        }
    }

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private static StreamWriter WriterOf(Stream stream) => new(stream, Console.OutputEncoding) { AutoFlush = true };
}
