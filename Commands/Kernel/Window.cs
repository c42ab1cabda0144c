using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using LockLeak.Target;

namespace LockLeak.Kernel;

/// <summary>A part of a kernel structure that was read in one go, from which fields are taken without further reads.</summary>
/// <param name="structure">Address of the structure.</param>
/// <param name="offset">Offset of the first byte inside the structure.</param>
/// <param name="bytes">Where what was read is. Many fields are taken of each of many threads, and an array is faster than a memory.</param>
/// <param name="first">Index of its first byte there.</param>
/// <param name="count">Bytes that were read.</param>
internal readonly struct Window(ulong structure, int offset, byte[] bytes, int first, int count)
{
    /// <summary>Address of the structure.</summary>
    public ulong Structure => structure;

    /// <summary>Offset of the first byte that was read.</summary>
    public int Start => offset;

    /// <summary>Bytes from the start of the structure to the end of what was read.</summary>
    public int Length => offset + count;

    /// <summary>Everything that was read.</summary>
    internal ReadOnlySpan<byte> All => bytes.AsSpan(first, count);

    /// <summary>True when the whole field was read.</summary>
    public bool Has(TypeField field) => IsRead(field.Offset - offset, field.Size);

    /// <summary>A field's value, zero-extended; bit fields are shifted down. 0 for a field that does not exist or was not read.</summary>
    public ulong Value(in TypeField? field, int displacement = 0) => Value(in Nullable.GetValueRefOrDefaultRef(in field), displacement);

    /// <summary>A field's value, zero-extended; bit fields are shifted down. 0 for one that was not read, or has no bytes.</summary>
    public ulong Value(in TypeField field, int displacement = 0)
    {
        int at = field.Offset + displacement - offset;
        if (!IsRead(at, field.Size))
        {
            return 0;
        }

        ReadOnlySpan<byte> part = bytes.AsSpan(first + at, Math.Min(field.Size, sizeof(ulong)));
        ulong value = part.Length switch
        {
            sizeof(ulong) => BinaryPrimitives.ReadUInt64LittleEndian(part),
            sizeof(uint) => BinaryPrimitives.ReadUInt32LittleEndian(part),
            sizeof(byte) => part[0],
            _ => Number(part),
        };
        return field.BitLength is > 0 and < 64 ? value >> field.BitPosition & (1UL << field.BitLength) - 1 : value;
    }

    /// <summary>A link of a LIST_ENTRY as it stands in memory: Flink, or with a displacement Blink. 0 when it was not read.</summary>
    public ulong Link(in TypeField list, int displacement = 0)
    {
        int at = list.Offset + displacement - offset;
        return IsRead(at, sizeof(ulong)) ? BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(first + at)) : 0;
    }

    /// <summary>True when a flag or bit field is there and is not 0.</summary>
    public bool IsSet(TypeField? field, int displacement = 0) => Value(field, displacement) != 0;

    /// <summary>True when a flag or bit field is not 0.</summary>
    public bool IsSet(in TypeField field) => Value(in field) != 0;

    /// <summary>The bytes of a field; empty when it was not read.</summary>
    public ReadOnlySpan<byte> Content(TypeField field) =>
        Has(field) ? bytes.AsSpan(first + field.Offset - offset, field.Size) : [];

    // Built for size, the compiler would call it for each field of each thread.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool IsRead(int at, int size) => at >= 0 && size <= count - at;

    private static ulong Number(ReadOnlySpan<byte> bytes)
    {
        ulong value = 0;
        for (int i = bytes.Length - 1; i >= 0; i--)
        {
            value = value << 8 | bytes[i];
        }

        return value;
    }
}
