using CsCheck;
using KdTarget.Packets;

namespace KdTarget.Tests;

[TestClass]
public sealed class PacketTests
{
    [TestMethod]
    public void ControlPacketIsItsHeaderOnly() =>
        CollectionAssert.AreEqual(
            Convert.FromHexString("69696969" + "0400" + "0000" + "01008080" + "00000000"),
            Packet.Control(PacketType.Acknowledge, 0x80800001));

    [TestMethod]
    public void DataPacketCarriesTheSumOfItsBytesAndATrailer() =>
        CollectionAssert.AreEqual(
            Convert.FromHexString("30303030" + "0200" + "0300" + "00088080" + "01020000" + "FFFF03" + "AA"),
            Packet.Data(PacketType.Manipulate, Packet.InitialId | Packet.SyncId, [0xFF, 0xFF, 0x03]));

    [TestMethod]
    public void PacketIsNoLongerThanTheProtocolAllows() =>
        Assert.ThrowsExactly<ArgumentException>(() => Packet.Data(PacketType.Manipulate, 0, new byte[Packet.MaxData + 1]));

    [TestMethod]
    public void WhatIsSentArrivesHoweverTheStreamIsSplit() =>
        Gen.Select(Sent.Array[0, 8], Gen.Int[1, 40].Array[1, 20]).Sample((sent, chunks) =>
        {
            byte[] wire = [.. sent.SelectMany(Wire)];
            var parser = new PacketParser();
            var arrived = new List<Incoming>();
            for (int at = 0, chunk = 0; at < wire.Length; chunk++)
            {
                int count = Math.Min(chunks[chunk % chunks.Length], wire.Length - at);
                parser.Append(wire.AsSpan(at, count));
                at += count;
                while (parser.Take() is { } incoming)
                    arrived.Add(incoming);
            }
            return !parser.IsInsidePacket && sent.Select(Describe).SequenceEqual(arrived.Select(Describe));
        });

    [TestMethod]
    public void JunkBetweenPacketsIsSkipped() =>
        Gen.Select(Gen.Byte.Where(b => b is not (0x30 or 0x69 or Packet.BreakIn)).Array[0, 30], Sent).Sample((junk, sent) =>
        {
            var parser = new PacketParser();
            parser.Append([.. junk, .. Wire(sent)]);
            return Describe(parser.Take()!) == Describe(sent) && parser.Take() is null;
        });

    [TestMethod]
    public void OneChangedByteNeverArrivesAsData() =>
        Gen.Select(Gen.Byte.Array[1, 60], Gen.Int[0, 1000], Gen.Byte[1, 255]).Sample((data, where, change) =>
        {
            byte[] wire = Packet.Data(PacketType.Manipulate, Packet.InitialId, data);
            wire[Packet.HeaderSize + where % (data.Length + 1)] ^= change;
            var parser = new PacketParser();
            parser.Append(wire);
            return parser.Take() is Incoming.Damaged && parser.Take() is null;
        });

    [TestMethod]
    public void AfterAPacketThatWasCutOffTheNextOneArrives()
    {
        var parser = new PacketParser();
        parser.Append(Packet.Data(PacketType.Manipulate, 0, new byte[40]).AsSpan(0, 30));
        Assert.IsNull(parser.Take());
        Assert.IsTrue(parser.IsInsidePacket);
        parser.GiveUp();
        parser.Append(Packet.Control(PacketType.Resend, 5));
        Assert.AreEqual(new Incoming.Control(PacketType.Resend, 5), parser.Take());
    }

    [TestMethod]
    public void HeaderThatClaimsTooMuchIsDamageAndNotAWait()
    {
        byte[] wire = Packet.Data(PacketType.Manipulate, 0, [1]);
        (wire[6], wire[7]) = (0xFF, 0xFF);
        var parser = new PacketParser();
        parser.Append(wire.AsSpan(0, Packet.HeaderSize));
        Assert.IsInstanceOfType<Incoming.Damaged>(parser.Take());
    }

    private static readonly Gen<Incoming> Sent = Gen.OneOf(
        Gen.Const<Incoming>(new Incoming.BreakIn()),
        Gen.Select(Gen.OneOf(PacketType.Acknowledge, PacketType.Resend, PacketType.Reset), Gen.UInt,
            (type, id) => (Incoming)new Incoming.Control(type, id)),
        Gen.Select(Gen.OneOf(PacketType.Manipulate, PacketType.StateChange64), Gen.UInt, Gen.Byte.Array[0, 300],
            (type, id, bytes) => (Incoming)new Incoming.Data(type, id, bytes)));

    private static byte[] Wire(Incoming sent) => sent switch
    {
        Incoming.Control control => Packet.Control(control.Type, control.Id),
        Incoming.Data data => Packet.Data(data.Type, data.Id, data.Bytes),
        _ => [Packet.BreakIn],
    };

    private static string Describe(Incoming incoming) =>
        incoming is Incoming.Data data ? $"{data.Type} {data.Id:x} {Convert.ToHexString(data.Bytes)}" : incoming.ToString();
}
