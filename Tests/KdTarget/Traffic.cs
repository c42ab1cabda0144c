using KdTarget.Requests;

namespace KdTarget;

/// <summary>What went over the link in a span of time.</summary>
/// <param name="PacketsIn">Data packets from the debugger, with those that came twice.</param>
/// <param name="PacketsOut">Data packets to the debugger, each counted once.</param>
/// <param name="BytesIn">All bytes from the debugger: headers, control packets, break-ins.</param>
/// <param name="BytesOut">All bytes to the debugger.</param>
/// <param name="Retransmissions">Times that a packet had to be sent again.</param>
/// <param name="Resets">Times that the debugger reset the link.</param>
/// <param name="Stops">State changes that were reported.</param>
/// <param name="Requests">The debugger's requests by their kind.</param>
public sealed record TrafficWindow(
    long PacketsIn, long PacketsOut, long BytesIn, long BytesOut, long Retransmissions, long Resets, long Stops,
    IReadOnlyDictionary<KdApi, RequestCount> Requests)
{
    /// <summary>Nothing yet.</summary>
    public static TrafficWindow Empty { get; } = new(0, 0, 0, 0, 0, 0, 0, new Dictionary<KdApi, RequestCount>());

    /// <summary>The requests of one kind; zeros when there were none.</summary>
    public RequestCount Of(KdApi api) => Requests.GetValueOrDefault(api);
}

/// <summary>The requests of one kind.</summary>
/// <param name="Count">How many.</param>
/// <param name="BytesRequested">The bytes that they asked for.</param>
/// <param name="BytesReturned">The bytes that they got.</param>
public readonly record struct RequestCount(long Count, long BytesRequested, long BytesReturned);

/// <summary>Counts what goes over the link. Safe to use from any thread.</summary>
public sealed class Traffic
{
    private readonly Lock _lock = new();
    private TrafficWindow _window = TrafficWindow.Empty;

    /// <summary>What was counted since the start or the last <see cref="Mark"/>.</summary>
    public TrafficWindow Current
    {
        get
        {
            lock (_lock)
                return _window;
        }
    }

    /// <summary>Ends the window of counting, returns it, and begins the next.</summary>
    public TrafficWindow Mark()
    {
        lock (_lock)
        {
            TrafficWindow window = _window;
            _window = TrafficWindow.Empty;
            return window;
        }
    }

    internal void Received(int bytes) => Update(w => w with { BytesIn = w.BytesIn + bytes });

    internal void Sent(int bytes) => Update(w => w with { BytesOut = w.BytesOut + bytes });

    internal void PacketReceived() => Update(w => w with { PacketsIn = w.PacketsIn + 1 });

    internal void PacketSent() => Update(w => w with { PacketsOut = w.PacketsOut + 1 });

    internal void Retransmitted() => Update(w => w with { Retransmissions = w.Retransmissions + 1 });

    internal void Reset() => Update(w => w with { Resets = w.Resets + 1 });

    internal void Stopped() => Update(w => w with { Stops = w.Stops + 1 });

    internal void Requested(KdApi api, long requested, long returned) => Update(w =>
    {
        RequestCount old = w.Of(api);
        return w with
        {
            Requests = new Dictionary<KdApi, RequestCount>(w.Requests)
            {
                [api] = new(old.Count + 1, old.BytesRequested + requested, old.BytesReturned + returned),
            },
        };
    });

    private void Update(Func<TrafficWindow, TrafficWindow> change)
    {
        lock (_lock)
            _window = change(_window);
    }
}
