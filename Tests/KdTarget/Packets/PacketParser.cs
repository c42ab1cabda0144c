using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace KdTarget.Packets;

/// <summary>
/// Cuts a stream of bytes into packets and break-in bytes, however the stream was split on its way. Bytes that belong to
/// nothing are skipped, as on a serial line on which the listener came late.
/// </summary>
public sealed class PacketParser
{
    private readonly List<byte> _bytes = [];

    /// <summary>True while the start of a packet is here and its rest is not: the caller waits, or gives up on it.</summary>
    public bool IsInsidePacket => _bytes.Count > 0;

    /// <summary>Takes what came over the wire.</summary>
    public void Append(ReadOnlySpan<byte> bytes) => _bytes.AddRange(bytes);

    /// <summary>The next complete thing that arrived, or null when more bytes are needed.</summary>
    public Incoming? Take()
    {
        while (_bytes.Count > 0)
        {
            switch (Leader())
            {
                case Match.Yes:
                    return TakePacket();
                case Match.Partly:
                    return null;
            }
            byte first = _bytes[0];
            _bytes.RemoveAt(0);
            if (first == Packet.BreakIn)
                return new Incoming.BreakIn();
        }
        return null;
    }

    /// <summary>Gives up on the packet whose rest did not come, as the target's own receiver does: all of it goes.</summary>
    public void GiveUp() => _bytes.Clear();

    private enum Match { No, Partly, Yes }

    /// <summary>Whether the bytes at hand start with one of the leaders, each of which is one byte four times.</summary>
    private Match Leader()
    {
        byte first = _bytes[0];
        if (first is not ((byte)(Packet.DataLeader & 0xFF) or (byte)(Packet.ControlLeader & 0xFF)))
            return Match.No;
        int same = 1;
        while (same < 4 && same < _bytes.Count && _bytes[same] == first)
            same++;
        return same == 4 ? Match.Yes : same == _bytes.Count ? Match.Partly : Match.No;
    }

    private Incoming? TakePacket()
    {
        if (_bytes.Count < Packet.HeaderSize)
            return null;
        ReadOnlySpan<byte> header = CollectionsMarshal.AsSpan(_bytes);
        uint leader = BinaryPrimitives.ReadUInt32LittleEndian(header);
        var type = (PacketType)BinaryPrimitives.ReadUInt16LittleEndian(header[4..]);
        int count = BinaryPrimitives.ReadUInt16LittleEndian(header[6..]);
        uint id = BinaryPrimitives.ReadUInt32LittleEndian(header[8..]);
        uint checksum = BinaryPrimitives.ReadUInt32LittleEndian(header[12..]);
        if (leader == Packet.ControlLeader)
        {
            _bytes.RemoveRange(0, Packet.HeaderSize);
            return new Incoming.Control(type, id);
        }
        if (count > Packet.MaxData)
        {
            _bytes.RemoveRange(0, Packet.HeaderSize);
            return new Incoming.Damaged();
        }
        int length = Packet.HeaderSize + count + 1;
        if (_bytes.Count < length)
            return null;
        byte[] data = _bytes.GetRange(Packet.HeaderSize, count).ToArray();
        byte trailer = _bytes[length - 1];
        _bytes.RemoveRange(0, length);
        return trailer == Packet.Trailer && Packet.Checksum(data) == checksum
            ? new Incoming.Data(type, id, data)
            : new Incoming.Damaged();
    }
}
