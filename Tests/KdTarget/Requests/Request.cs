using System.Buffers.Binary;

namespace KdTarget.Requests;

/// <summary>
/// One DBGKD_MANIPULATE_STATE64: what the debugger asks, and what it is answered. The answer is the same structure with
/// its union changed, followed by data.
/// </summary>
public sealed class Request
{
    /// <summary>sizeof(DBGKD_MANIPULATE_STATE64).</summary>
    public const int HeaderSize = 56;

    private const int ProcessorOffset = 6;
    private const int StatusOffset = 8;
    private const int UnionOffset = 16;

    private readonly byte[] _header;

    private Request(byte[] header, ReadOnlyMemory<byte> data)
    {
        _header = header;
        Data = data;
    }

    /// <summary>What is asked for.</summary>
    public KdApi Api => (KdApi)BinaryPrimitives.ReadUInt32LittleEndian(_header);

    /// <summary>The number of the processor that it is about.</summary>
    public int Processor => BinaryPrimitives.ReadUInt16LittleEndian(_header.AsSpan(ProcessorOffset));

    /// <summary>The member of the union that belongs to <see cref="Api"/>; it travels back in the answer.</summary>
    public Span<byte> Union => _header.AsSpan(UnionOffset);

    /// <summary>What followed the structure in the request.</summary>
    public ReadOnlyMemory<byte> Data { get; }

    /// <summary>The NTSTATUS of the answer.</summary>
    public NtStatus Status
    {
        get => (NtStatus)BinaryPrimitives.ReadUInt32LittleEndian(_header.AsSpan(StatusOffset));
        set => BinaryPrimitives.WriteUInt32LittleEndian(_header.AsSpan(StatusOffset), (uint)value);
    }

    /// <summary>What follows the structure in the answer.</summary>
    public byte[] Answer { get; set; } = [];

    /// <summary>How many bytes the debugger asked for, where it asked for bytes.</summary>
    public long BytesRequested { get; set; }

    /// <summary>Reads a request from a packet; null when the packet is too short for one.</summary>
    public static Request? Parse(ReadOnlyMemory<byte> packet) =>
        packet.Length < HeaderSize ? null : new Request(packet[..HeaderSize].ToArray(), packet[HeaderSize..]);

    /// <summary>Reads a 32-bit member of the union.</summary>
    public uint ReadUInt32(int offset) => BinaryPrimitives.ReadUInt32LittleEndian(Union[offset..]);

    /// <summary>Reads a 64-bit member of the union.</summary>
    public ulong ReadUInt64(int offset) => BinaryPrimitives.ReadUInt64LittleEndian(Union[offset..]);

    /// <summary>Writes a 32-bit member of the union.</summary>
    public void Write(int offset, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(Union[offset..], value);

    /// <summary>Writes a 64-bit member of the union.</summary>
    public void Write(int offset, ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(Union[offset..], value);

    /// <summary>The bytes of the answer's packet.</summary>
    public byte[] ToPacket() => [.. _header, .. Answer];
}

/// <summary>The NTSTATUS values that a target answers with.</summary>
public enum NtStatus : uint
{
    /// <summary>STATUS_SUCCESS.</summary>
    Success = 0,

    /// <summary>STATUS_UNSUCCESSFUL.</summary>
    Unsuccessful = 0xC0000001,

    /// <summary>STATUS_INVALID_PARAMETER.</summary>
    InvalidParameter = 0xC000000D,

    /// <summary>STATUS_NO_MORE_ENTRIES: a search found nothing.</summary>
    NoMoreEntries = 0x8000001A,
}
