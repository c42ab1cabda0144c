using System.Buffers.Binary;

namespace KdTarget.Packets;

/// <summary>KD_PACKET.PacketType (windbgkd.h).</summary>
public enum PacketType : ushort
{
    /// <summary>A request of the debugger, or the target's answer: DBGKD_MANIPULATE_STATE64.</summary>
    Manipulate = 2,

    /// <summary>Text for the debugger's console: DBGKD_DEBUG_IO.</summary>
    DebugIo = 3,

    /// <summary>Control: the packet with this id arrived.</summary>
    Acknowledge = 4,

    /// <summary>Control: send the last packet again.</summary>
    Resend = 5,

    /// <summary>Control: begin again with the initial packet ids.</summary>
    Reset = 6,

    /// <summary>The target stopped: DBGKD_ANY_WAIT_STATE_CHANGE.</summary>
    StateChange64 = 7,
}

/// <summary>What the KD serial protocol puts on the wire: a 16-byte header, and for data the bytes, their sum and a trailer.</summary>
public static class Packet
{
    /// <summary>PACKET_LEADER, four times '0': a packet with data.</summary>
    public const uint DataLeader = 0x30303030;

    /// <summary>CONTROL_PACKET_LEADER, four times 'i': a packet that is its header only.</summary>
    public const uint ControlLeader = 0x69696969;

    /// <summary>PACKET_TRAILING_BYTE, after the bytes of a data packet.</summary>
    public const byte Trailer = 0xAA;

    /// <summary>BREAKIN_PACKET_BYTE: alone on the wire, between packets, it asks a running machine to stop.</summary>
    public const byte BreakIn = 0x62;

    /// <summary>INITIAL_PACKET_ID: the id after a reset; it alternates with the same id plus one.</summary>
    public const uint InitialId = 0x80800000;

    /// <summary>SYNC_PACKET_ID: marks the first packet after the start of the link; no part of the id that is acknowledged.</summary>
    public const uint SyncId = 0x800;

    /// <summary>sizeof(KD_PACKET).</summary>
    public const int HeaderSize = 16;

    /// <summary>PACKET_MAX_SIZE: the most bytes that a data packet carries.</summary>
    public const int MaxData = 4000;

    /// <summary>A control packet as it goes on the wire.</summary>
    public static byte[] Control(PacketType type, uint id)
    {
        var wire = new byte[HeaderSize];
        WriteHeader(wire, ControlLeader, type, 0, id, 0);
        return wire;
    }

    /// <summary>A data packet as it goes on the wire.</summary>
    /// <exception cref="ArgumentException"><paramref name="data"/> is longer than <see cref="MaxData"/>.</exception>
    public static byte[] Data(PacketType type, uint id, ReadOnlySpan<byte> data)
    {
        if (data.Length > MaxData)
            throw new ArgumentException($"A KD packet carries at most {MaxData} bytes, not {data.Length}.", nameof(data));
        var wire = new byte[HeaderSize + data.Length + 1];
        WriteHeader(wire, DataLeader, type, (ushort)data.Length, id, Checksum(data));
        data.CopyTo(wire.AsSpan(HeaderSize));
        wire[^1] = Trailer;
        return wire;
    }

    /// <summary>Bytes that are no packet, as many as a packet has: what noise makes of one on a line.</summary>
    public static byte[] Junk(ReadOnlySpan<byte> wire)
    {
        var junk = new byte[wire.Length];
        for (int i = 0; i < junk.Length; i++)
            junk[i] = (byte)(wire[i] * 7 + i | 1);
        return junk;
    }

    /// <summary>The sum of the bytes, modulo 2^32.</summary>
    public static uint Checksum(ReadOnlySpan<byte> data)
    {
        uint sum = 0;
        foreach (byte b in data)
            sum += b;
        return sum;
    }

    private static void WriteHeader(Span<byte> wire, uint leader, PacketType type, ushort count, uint id, uint checksum)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(wire, leader);
        BinaryPrimitives.WriteUInt16LittleEndian(wire[4..], (ushort)type);
        BinaryPrimitives.WriteUInt16LittleEndian(wire[6..], count);
        BinaryPrimitives.WriteUInt32LittleEndian(wire[8..], id);
        BinaryPrimitives.WriteUInt32LittleEndian(wire[12..], checksum);
    }
}
