using System.Buffers.Binary;
using System.Net.Sockets;
using KdTarget.Packets;
using KdTarget.Requests;

namespace KdTarget.Tests;

/// <summary>The debugger's end of the link, as small as it can be and still survive a bad wire.</summary>
internal sealed class DebuggerSide : IAsyncDisposable
{
    private static readonly TimeSpan Retry = TimeSpan.FromMilliseconds(100);

    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly CancellationToken _cancellation;
    private NetworkStream _stream = null!;
    private PacketPump _pump = null!;
    private uint _nextOut = Packet.InitialId;
    private uint _nextIn = Packet.InitialId;
    private Incoming? _early;

    private DebuggerSide(CancellationToken cancellation) => _cancellation = cancellation;

    public static async Task<DebuggerSide> ConnectAsync(int port, CancellationToken cancellation)
    {
        var side = new DebuggerSide(cancellation);
        await side._socket.ConnectAsync("127.0.0.1", port, cancellation);
        side._stream = new NetworkStream(side._socket);
        side._pump = new PacketPump(side._stream, new Traffic());
        return side;
    }

    /// <summary>Resets the link until the target says that it did, then breaks in if the machine runs.</summary>
    public static async Task<DebuggerSide> AttachAsync(int port, CancellationToken cancellation)
    {
        DebuggerSide side = await ConnectAsync(port, cancellation);
        await side.ResetAsync();
        await side.BreakInAsync();
        return side;
    }

    public async Task ResetAsync()
    {
        (_nextOut, _nextIn) = (Packet.InitialId, Packet.InitialId);
        while (true)
        {
            await WriteAsync(Packet.Control(PacketType.Reset, 0));
            if (await NextAsync() is Incoming.Control { Type: PacketType.Reset })
                return;
        }
    }

    /// <summary>Breaks in, again and again, until the machine says that it has stopped; returns what it says.</summary>
    public async Task<byte[]> BreakInAsync()
    {
        while (true)
        {
            await WriteAsync([Packet.BreakIn]);
            if (await ReceiveAsync(PacketType.StateChange64) is { } change)
                return change;
        }
    }

    /// <summary>Waits for a machine that stops by itself.</summary>
    public async Task<byte[]> StopAsync()
    {
        while (true)
        {
            if (await ReceiveAsync(PacketType.StateChange64) is { } change)
                return change;
        }
    }

    /// <summary>Asks and waits for the answer, however often it takes.</summary>
    public async Task<Request> AskAsync(KdApi api, Action<Request>? fill = null, int processor = 0, byte[]? data = null)
    {
        byte[] request = Compose(api, fill, processor, data ?? []);
        await SendAsync(request);
        while (true)
        {
            if (await ReceiveAsync(PacketType.Manipulate) is { } answer)
                return Request.Parse(answer)!;
        }
    }

    /// <summary>Tells the target something that it does not answer.</summary>
    public Task TellAsync(KdApi api, int processor = 0) => SendAsync(Compose(api, null, processor, []));

    public async Task<byte[]> ReadAsync(ulong address, int count)
    {
        Request answer = await AskAsync(KdApi.ReadVirtualMemory, request =>
        {
            request.Write(0, address);
            request.Write(8, (uint)count);
        });
        return answer.Data.ToArray();
    }

    /// <summary>Sends without the link's care: for packets that are not to be answered.</summary>
    public async Task WriteAsync(byte[] wire) => await _stream.WriteAsync(wire, _cancellation);

    public async ValueTask DisposeAsync()
    {
        _socket.Dispose();
        await _pump.DisposeAsync();
        await _stream.DisposeAsync();
    }

    private static byte[] Compose(KdApi api, Action<Request>? fill, int processor, byte[] data)
    {
        var header = new byte[Request.HeaderSize];
        BinaryPrimitives.WriteUInt32LittleEndian(header, (uint)api);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(6), (ushort)processor);
        var request = Request.Parse(header)!;
        fill?.Invoke(request);
        return [.. request.ToPacket(), .. data];
    }

    private async Task SendAsync(byte[] data)
    {
        byte[] wire = Packet.Data(PacketType.Manipulate, _nextOut, data);
        do
            await WriteAsync(wire);
        while (!await IsTakenAsync());
        _nextOut ^= 1;
    }

    /// <summary>Whether the packet was acknowledged; an answer says so too.</summary>
    private async Task<bool> IsTakenAsync()
    {
        while (await NextAsync() is { } incoming)
        {
            if (incoming is Incoming.Control { Type: PacketType.Acknowledge } a && a.Id == _nextOut)
                return true;
            if (incoming is not Incoming.Data data)
                continue;
            _early = data;
            return true;
        }
        return false;
    }

    /// <summary>The next new data packet of a type; null when none came in time.</summary>
    private async Task<byte[]?> ReceiveAsync(PacketType type)
    {
        while (await NextAsync() is { } incoming)
        {
            if (incoming is Incoming.Data data && data.Type == type)
                return data.Bytes;
        }
        return null;
    }

    /// <summary>The next thing that arrives in time; data is acknowledged, and comes out once.</summary>
    private async Task<Incoming?> NextAsync()
    {
        if (_early is { } early)
        {
            _early = null;
            return early;
        }
        while (await _pump.NextAsync(Retry, _cancellation) is { } incoming)
        {
            if (incoming is Incoming.Damaged)
                await WriteAsync(Packet.Control(PacketType.Resend, 0));
            if (incoming is not Incoming.Data data)
                return incoming;
            uint id = data.Id & ~Packet.SyncId;
            if (id != data.Id)
                (_nextOut, _nextIn) = (Packet.InitialId, Packet.InitialId); // the target has started anew
            await WriteAsync(Packet.Control(PacketType.Acknowledge, id));
            if (id != _nextIn)
                continue;
            _nextIn ^= 1;
            return data;
        }
        return null;
    }
}
