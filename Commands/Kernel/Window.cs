using LockLeak.Target;

namespace LockLeak.Kernel;

/// <summary>A part of a kernel structure that was read in one go, from which fields are taken without further reads.</summary>
/// <param name="structure">Address of the structure.</param>
/// <param name="offset">Offset of the first byte inside the structure.</param>
/// <param name="bytes">What was read.</param>
public sealed class Window(ulong structure, int offset, byte[] bytes)
{
    /// <summary>Address of the structure.</summary>
    public ulong Structure => structure;

    /// <summary>Everything that was read.</summary>
    internal byte[] All => bytes;

    /// <summary>Offset of the first byte that was read.</summary>
    public int Start => offset;

    /// <summary>Bytes from the start of the structure to the end of what was read.</summary>
    public int Length => offset + bytes.Length;

    /// <summary>True when the whole field was read.</summary>
    public bool Has(TypeField field) => field.Offset >= offset && field.Offset + field.Size <= offset + bytes.Length;

    /// <summary>A field's value, zero-extended; bit fields are shifted down. 0 for a field that does not exist or was not read.</summary>
    public ulong Value(TypeField? field, int displacement = 0)
    {
        if (field is not { } f || !Has(f with { Offset = f.Offset + displacement }))
        {
            return 0;
        }

        ulong value = 0;
        int start = f.Offset + displacement - offset;
        for (int i = Math.Min(f.Size, sizeof(ulong)) - 1; i >= 0; i--)
        {
            value = value << 8 | bytes[start + i];
        }

        return f.BitLength is > 0 and < 64 ? value >> f.BitPosition & (1UL << f.BitLength) - 1 : value;
    }

    /// <summary>True when a flag or bit field is there and is not 0.</summary>
    public bool IsSet(TypeField? field, int displacement = 0) => Value(field, displacement) != 0;

    /// <summary>The bytes of a field; empty when it was not read.</summary>
    public ReadOnlySpan<byte> Bytes(TypeField field) =>
        Has(field) ? bytes.AsSpan(field.Offset - offset, field.Size) : [];
}
