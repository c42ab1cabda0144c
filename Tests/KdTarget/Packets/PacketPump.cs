using System.Threading.Channels;

namespace KdTarget.Packets;

/// <summary>
/// Reads a connection to its end and hands out what arrives. Others may put things in the same line, so that whoever
/// waits for the debugger also hears of a machine that stops by itself.
/// </summary>
public sealed class PacketPump : IAsyncDisposable
{
    /// <summary>How long the rest of a packet may take to come before the packet counts as damaged.</summary>
    private static readonly TimeSpan RestOfPacket = TimeSpan.FromMilliseconds(250);

    private readonly Stream _stream;
    private readonly Traffic _traffic;
    private readonly PacketParser _parser = new();
    private readonly Channel<Incoming> _line = Channel.CreateUnbounded<Incoming>(new UnboundedChannelOptions { SingleReader = true });
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _reading;

    /// <summary>Starts to read.</summary>
    /// <param name="stream">The connection; it stays the caller's to close.</param>
    /// <param name="traffic">Where the bytes are counted.</param>
    public PacketPump(Stream stream, Traffic traffic)
    {
        _stream = stream;
        _traffic = traffic;
        _reading = Task.Run(ReadToEndAsync);
    }

    /// <summary>Puts something in the line as if it had come over the wire.</summary>
    public void Inject(Incoming incoming) => _line.Writer.TryWrite(incoming);

    /// <summary>Drops what has arrived so far.</summary>
    public void Discard()
    {
        while (_line.Reader.TryRead(out _))
        {
        }
    }

    /// <summary>The next thing that arrived.</summary>
    /// <returns>Null when nothing came within <paramref name="timeout"/>.</returns>
    /// <exception cref="EndOfStreamException">The other side closed the connection.</exception>
    public async Task<Incoming?> NextAsync(TimeSpan timeout, CancellationToken cancellation)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(timeout);
        try
        {
            return await _line.Reader.ReadAsync(deadline.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return null;
        }
        catch (ChannelClosedException)
        {
            throw new EndOfStreamException("The other side closed the connection.");
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _reading;
        _stop.Dispose();
    }

    private async Task ReadToEndAsync()
    {
        var buffer = new byte[0x10000];
        try
        {
            Task<int>? read = null;
            while (true)
            {
                read ??= _stream.ReadAsync(buffer, _stop.Token).AsTask();
                if (_parser.IsInsidePacket && !await EndsWithinAsync(read, RestOfPacket))
                {
                    _parser.GiveUp();
                    Inject(new Incoming.Damaged());
                    continue;
                }
                int count = await read;
                read = null;
                if (count == 0)
                    break;
                _traffic.Received(count);
                _parser.Append(buffer.AsSpan(0, count));
                while (_parser.Take() is { } incoming)
                    Inject(incoming);
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // A connection that breaks ends the line as one that closes does.
        }
        _line.Writer.Complete();
    }

    private static async Task<bool> EndsWithinAsync(Task task, TimeSpan time) =>
        await Task.WhenAny(task, Task.Delay(time)) == task;
}
