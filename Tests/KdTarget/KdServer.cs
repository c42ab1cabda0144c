using KdTarget.Machine;
using KdTarget.Packets;
using KdTarget.Transport;

namespace KdTarget;

/// <summary>
/// A machine that waits for a kernel debugger: it listens, speaks the KD serial protocol with one debugger after the
/// other, and stays stopped or running between them, as a machine does whose debugger goes away.
/// </summary>
public sealed class KdServer : IAsyncDisposable
{
    private readonly ITransport _transport;
    private readonly IMachine _machine;
    private readonly RunState _state = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _serving;
    private volatile PacketPump? _pump;
    private int _connections;

    /// <summary>Begins to listen.</summary>
    /// <param name="machine">The machine; it runs until the first break-in.</param>
    /// <param name="transport">The wire; closed with the server.</param>
    public KdServer(IMachine machine, ITransport transport)
    {
        _machine = machine;
        _transport = transport;
        _state.Processor = machine.StoppingProcessor;
        _serving = Task.Run(ServeAsync);
    }

    /// <summary>How long the target waits for an acknowledgement before it sends a packet again.</summary>
    public TimeSpan AcknowledgeTimeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>What goes wrong on the link.</summary>
    public Faults Faults { get; } = new();

    /// <summary>What went over the link.</summary>
    public Traffic Traffic { get; } = new();

    /// <summary>Whether the machine runs; false while a debugger holds it, and when it was left so.</summary>
    public bool IsRunning => _state.IsRunning;

    /// <summary>How many debuggers have connected.</summary>
    public int Connections => Volatile.Read(ref _connections);

    /// <summary>The end of the service; fails when the target itself has failed.</summary>
    public Task Completion => _serving;

    /// <summary>Stops the machine from its own side, as a bug check or a breakpoint in its code does.</summary>
    public void StopByItself()
    {
        if (_pump is { } pump)
            pump.Inject(new Incoming.BreakIn());
        else
            _state.IsRunning = false;
    }

    /// <summary>Restarts the machine, while it runs and a debugger is connected.</summary>
    /// <param name="whileDown">Makes of the machine what it is after its start.</param>
    public void Restart(Func<CancellationToken, Task> whileDown) => _pump!.Inject(new Incoming.Restart(whileDown));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        try
        {
            await _serving;
        }
        catch (OperationCanceledException)
        {
            // This is how the service ends.
        }
        _transport.Dispose();
        _stop.Dispose();
    }

    private async Task ServeAsync()
    {
        while (true)
        {
            await using Stream stream = await _transport.AcceptAsync(_stop.Token);
            Interlocked.Increment(ref _connections);
            await using var pump = new PacketPump(stream, Traffic);
            _pump = pump;
            var link = new PacketLink(stream, pump, Faults, Traffic, AcknowledgeTimeout);
            try
            {
                await new KdSession(link, _machine, _state, Faults, Traffic).RunAsync(_stop.Token);
            }
            catch (EndOfStreamException)
            {
                // The debugger is gone; the machine waits for the next.
            }
            finally
            {
                _pump = null;
            }
        }
    }
}
