using System.Buffers.Binary;
using System.Text;
using LockLeak.Layouts;

namespace KernelImages.Memory;

/// <summary>Memory written and read by the names of a build's types. A field that the build lacks is left out.</summary>
public sealed class TypedMemory(AddressSpace memory, KernelTypes types)
{
    /// <summary>The bytes underneath.</summary>
    public AddressSpace Memory { get; } = memory;

    /// <summary>The build's types.</summary>
    public KernelTypes Types { get; } = types;

    /// <summary>Writes a field.</summary>
    /// <returns>False when the build has no such field.</returns>
    public bool Set(string type, ulong address, string path, ulong value)
    {
        if (Types.Field(type, path) is not { } field) return false;
        ulong target = address + (ulong)field.Offset;
        if (field.BitLength > 0)
        {
            ulong mask = (field.BitLength == 64 ? ulong.MaxValue : (1UL << field.BitLength) - 1) << field.BitPosition;
            value = ReadNumber(target, field.Size) & ~mask | value << field.BitPosition & mask;
        }
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        Memory.Write(target, bytes[..Math.Min(field.Size, 8)]);
        return true;
    }

    /// <summary>Writes a field that is an array of bytes; what is left of it stays.</summary>
    public bool Set(string type, ulong address, string path, ReadOnlySpan<byte> bytes)
    {
        if (Types.Field(type, path) is not { } field) return false;
        Memory.Write(address + (ulong)field.Offset, bytes[..Math.Min(field.Size, bytes.Length)]);
        return true;
    }

    /// <summary>Reads a field; 0 when the build lacks it.</summary>
    public ulong Get(string type, ulong address, string path)
    {
        if (Types.Field(type, path) is not { } field) return 0;
        ulong value = ReadNumber(address + (ulong)field.Offset, field.Size);
        return field.BitLength is 0 or 64 ? value : value >> field.BitPosition & (1UL << field.BitLength) - 1;
    }

    /// <summary>Reads a 64-bit number.</summary>
    public ulong GetQuad(ulong address) => ReadNumber(address, sizeof(ulong));

    /// <summary>Writes 64-bit numbers one after the other.</summary>
    public void SetQuads(ulong address, params ReadOnlySpan<ulong> values)
    {
        Span<byte> bytes = stackalloc byte[8];
        foreach (ulong value in values)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
            Memory.Write(address, bytes);
            address += 8;
        }
    }

    /// <summary>Makes a LIST_ENTRY field an empty list.</summary>
    public void InitializeListHead(string type, ulong address, string path)
    {
        if (Types.Field(type, path) is { } field)
            LinkList(address + (ulong)field.Offset, []);
    }

    /// <summary>Links LIST_ENTRYs into a ring behind their head.</summary>
    public void LinkList(ulong head, IEnumerable<ulong> entries)
    {
        ulong last = head;
        foreach (ulong entry in entries)
        {
            SetQuads(last, entry);
            SetQuads(entry + 8, last);
            last = entry;
        }
        SetQuads(last, head);
        SetQuads(head + 8, last);
    }

    /// <summary>Puts a LIST_ENTRY at the end of a ring.</summary>
    public void AppendToList(ulong head, ulong entry)
    {
        ulong last = GetQuad(head + 8);
        SetQuads(entry, head, last);
        SetQuads(last, entry);
        SetQuads(head + 8, entry);
    }

    /// <summary>Writes a UNICODE_STRING whose characters lie at another address.</summary>
    public void SetUnicodeString(ulong address, string text, ulong characters)
    {
        byte[] bytes = Encoding.Unicode.GetBytes(text);
        Memory.Write(characters, bytes);
        SetQuads(address, (uint)bytes.Length * 0x10001u, characters);
    }

    private ulong ReadNumber(ulong address, int size)
    {
        Span<byte> bytes = stackalloc byte[8];
        Memory.Read(address, bytes[..Math.Min(size, 8)]);
        return BinaryPrimitives.ReadUInt64LittleEndian(bytes);
    }
}
