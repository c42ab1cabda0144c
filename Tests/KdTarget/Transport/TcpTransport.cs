using System.Net;
using System.Net.Sockets;

namespace KdTarget.Transport;

/// <summary>A TCP port, for a debugger that is started with <c>-k com:ipport=PORT,port=127.0.0.1</c>.</summary>
public sealed class TcpTransport : ITransport
{
    private readonly TcpListener _listener;

    /// <summary>Listens on the loopback interface.</summary>
    /// <param name="port">The port; 0 takes any that is free.</param>
    public TcpTransport(int port = 0)
    {
        _listener = new TcpListener(IPAddress.Loopback, port);
        _listener.Start();
    }

    /// <summary>The port that it listens on.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <inheritdoc/>
    public async Task<Stream> AcceptAsync(CancellationToken cancellation)
    {
        Socket socket = await _listener.AcceptSocketAsync(cancellation);
        socket.NoDelay = true; // every packet waits for its acknowledgement: Nagle's delay would be paid each time

        // With the usual end, Wine's server turns in a circle until the last program has ended, for a debugger that was killed while it
        // read.
        socket.LingerState = new LingerOption(enable: true, seconds: 0);
        return new NetworkStream(socket, ownsSocket: true);
    }

    /// <inheritdoc/>
    public void Dispose() => _listener.Dispose();
}
