using System.IO.Pipes;

namespace KdTarget.Transport;

/// <summary>
/// A named pipe, for a debugger that is started with <c>-k com:pipe,port=\\.\pipe\NAME,resets=0,reconnect</c>, as for the
/// serial port of a Hyper-V machine. The debugger sees the pipe on Windows only.
/// </summary>
/// <param name="name">The pipe's name, without <c>\\.\pipe\</c>.</param>
public sealed class PipeTransport(string name) : ITransport
{
    /// <inheritdoc/>
    public async Task<Stream> AcceptAsync(CancellationToken cancellation)
    {
        var pipe = new NamedPipeServerStream(name, PipeDirection.InOut, 1, PipeTransmissionMode.Byte, PipeOptions.Asynchronous);
        try
        {
            await pipe.WaitForConnectionAsync(cancellation);
            return pipe;
        }
        catch
        {
            await pipe.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
