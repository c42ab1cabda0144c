namespace KdTarget.Packets;

/// <summary>One thing that the other side sent.</summary>
public abstract record Incoming
{
    private Incoming()
    {
    }

    /// <summary>The break-in byte.</summary>
    public sealed record BreakIn : Incoming;

    /// <summary>A control packet.</summary>
    public sealed record Control(PacketType Type, uint Id) : Incoming;

    /// <summary>A data packet whose checksum and trailer are right.</summary>
    public sealed record Data(PacketType Type, uint Id, byte[] Bytes) : Incoming;

    /// <summary>Nothing that a debugger sends: the machine is to be restarted.</summary>
    /// <param name="WhileDown">Done between its end and its start.</param>
    public sealed record Restart(Func<CancellationToken, Task> WhileDown) : Incoming;

    /// <summary>A data packet that arrived damaged; it has to be sent again.</summary>
    public sealed record Damaged : Incoming;
}
