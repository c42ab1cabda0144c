using System.Net;
using System.Net.Sockets;

namespace KdTarget.Transport;

/// <summary>
/// Carries a debugger's connection on to a target that listens elsewhere. With it a target that runs on Linux serves a
/// named pipe to a debugger under Wine: the relay runs beside the debugger, the target stays in the tests' process.
/// </summary>
public static class Relay
{
    /// <summary>Carries one debugger after the other, until cancelled.</summary>
    /// <param name="debuggers">Where debuggers connect.</param>
    /// <param name="port">The target's TCP port on this machine.</param>
    /// <param name="cancellation">Ends the relay.</param>
    public static async Task RunAsync(ITransport debuggers, int port, CancellationToken cancellation)
    {
        while (true)
        {
            await using Stream debugger = await debuggers.AcceptAsync(cancellation);
            using var target = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await target.ConnectAsync(IPAddress.Loopback, port, cancellation);
            await using var stream = new NetworkStream(target);
            await CarryAsync(debugger, stream, cancellation);
        }
    }

    /// <summary>Carries bytes both ways until one side closes.</summary>
    private static async Task CarryAsync(Stream debugger, Stream target, CancellationToken cancellation)
    {
        using var closed = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Task ended = await Task.WhenAny(debugger.CopyToAsync(target, closed.Token), target.CopyToAsync(debugger, closed.Token));
        await closed.CancelAsync();
        await ended.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // a broken connection ends the relay as a closed one does
    }
}
