namespace KdTarget.Packets;

/// <summary>
/// The target's end of the link: packets arrive once and in order, whatever the wire loses or damages. Every data packet
/// is acknowledged by its id, and sent again until it is. The faults that a test asks for happen here.
/// </summary>
public sealed class PacketLink(Stream stream, PacketPump pump, Faults faults, Traffic traffic, TimeSpan acknowledgeTimeout)
{
    private uint _nextOut = Packet.InitialId | Packet.SyncId;
    private uint _nextIn = Packet.InitialId;
    private Incoming? _early;

    /// <summary>Waits for the next break-in, reset or request. Nothing else comes out, and nothing twice.</summary>
    /// <exception cref="EndOfStreamException">The connection closed.</exception>
    public async Task<Incoming> ReceiveAsync(CancellationToken cancellation)
    {
        if (_early is { } early)
        {
            _early = null;
            return early;
        }
        while (true)
        {
            Incoming? next = await NextAsync(Timeout.InfiniteTimeSpan, cancellation);
            if (next is { } incoming and not Incoming.Control { Type: not PacketType.Reset })
                return incoming;
        }
    }

    /// <summary>Forgets what was sent and received, as a machine does that starts: what came while it was down nobody has heard.</summary>
    public void Restart()
    {
        pump.Discard();
        (_nextOut, _nextIn, _early) = (Packet.InitialId | Packet.SyncId, Packet.InitialId, null);
    }

    /// <summary>Sends a data packet until it is acknowledged.</summary>
    /// <returns>False when the debugger reset the link instead of taking the packet.</returns>
    /// <exception cref="EndOfStreamException">The connection closed.</exception>
    public async Task<bool> SendAsync(PacketType type, ReadOnlyMemory<byte> data, CancellationToken cancellation)
    {
        traffic.PacketSent();
        while (true)
        {
            await TransmitAsync(type, data, cancellation);
            switch (await AnswerAsync(cancellation))
            {
                case Answer.Taken:
                    _nextOut = (_nextOut & ~Packet.SyncId) ^ 1;
                    return true;
                case Answer.Reset:
                    return false;
            }
            traffic.Retransmitted();
        }
    }

    private enum Answer { Taken, Again, Reset }

    /// <summary>Waits for what the debugger says to the packet that was just sent.</summary>
    private async Task<Answer> AnswerAsync(CancellationToken cancellation)
    {
        while (true)
        {
            switch (await NextAsync(acknowledgeTimeout, cancellation))
            {
                case null:
                case Incoming.Control { Type: PacketType.Resend }:
                    return Answer.Again;
                case Incoming.Control { Type: PacketType.Acknowledge } acknowledge when acknowledge.Id == (_nextOut & ~Packet.SyncId):
                    return Answer.Taken;
                case Incoming.Control { Type: PacketType.Reset }:
                    return Answer.Reset;
                case Incoming.Data data:
                    // A new request says that our packet came, and that only its acknowledgement was lost.
                    _early = data;
                    return Answer.Taken;
            }
        }
    }

    /// <summary>The next thing that arrives, with the link's own duties done: acknowledge, ask again, drop what came twice.</summary>
    private async Task<Incoming?> NextAsync(TimeSpan timeout, CancellationToken cancellation)
    {
        while (true)
        {
            Incoming? incoming = await pump.NextAsync(timeout, cancellation);
            await faults.WhileFrozenAsync(cancellation);
            switch (incoming)
            {
                case Incoming.Damaged:
                    await SendControlAsync(PacketType.Resend, 0, cancellation);
                    continue;
                case Incoming.Control { Type: PacketType.Reset }:
                    traffic.Reset();
                    (_nextOut, _nextIn, _early) = (Packet.InitialId, Packet.InitialId, null);
                    await SendControlAsync(PacketType.Reset, 0, cancellation);
                    return incoming;
                case Incoming.Data data:
                    if (faults.Take(Fault.LoseRequest))
                        continue;
                    traffic.PacketReceived();
                    uint id = data.Id & ~Packet.SyncId;
                    if (!faults.Take(Fault.LoseAcknowledge))
                        await SendControlAsync(PacketType.Acknowledge, id, cancellation);
                    if (id != _nextIn)
                        continue;
                    _nextIn ^= 1;
                    return data;
                default:
                    return incoming;
            }
        }
    }

    private async Task TransmitAsync(PacketType type, ReadOnlyMemory<byte> data, CancellationToken cancellation)
    {
        await faults.WhileFrozenAsync(cancellation);
        byte[] wire = Packet.Data(type, _nextOut, data.Span);
        if (faults.Take(Fault.LoseReply))
            return;
        if (faults.Take(Fault.CorruptReply))
            wire[^2] ^= 0x5A;
        else if (faults.Take(Fault.TruncateReply))
            wire = wire[..(wire.Length / 2)];
        if (faults.Take(Fault.DelayReply))
            await Task.Delay(faults.Delay, cancellation);
        if (faults.Take(Fault.JunkBeforeReply))
            await WriteAsync(Packet.Junk(wire), cancellation);
        await WriteAsync(wire, cancellation);
        if (faults.Take(Fault.RepeatReply))
            await WriteAsync(wire, cancellation);
        if (faults.Take(Fault.CloseAfterReply))
            throw new EndOfStreamException("The connection is closed on the test's demand.");
    }

    private Task SendControlAsync(PacketType type, uint id, CancellationToken cancellation) =>
        WriteAsync(Packet.Control(type, id), cancellation);

    private async Task WriteAsync(byte[] wire, CancellationToken cancellation)
    {
        if (faults.Latency > TimeSpan.Zero)
            await Task.Delay(faults.Latency, cancellation);
        // Counted first: whoever has received it may look at once.
        traffic.Sent(wire.Length);
        try
        {
            await stream.WriteAsync(wire, cancellation);
        }
        catch (IOException e)
        {
            throw new EndOfStreamException("The other side closed the connection.", e);
        }
    }
}
