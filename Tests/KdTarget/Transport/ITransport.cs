namespace KdTarget.Transport;

/// <summary>The wire on which a debugger reaches the target. One debugger at a time, as on a serial port.</summary>
public interface ITransport : IDisposable
{
    /// <summary>Waits for the next debugger.</summary>
    /// <returns>Its connection; the caller closes it before it waits for the next.</returns>
    Task<Stream> AcceptAsync(CancellationToken cancellation);
}
