using System.Buffers.Binary;
using LockLeak.Target;

namespace LockLeak.Code.Images;

/// <summary>
/// Reads an image in the target's memory for one question, half a page at a time: one packet of the KD protocol, which
/// carries at most 0xF68 bytes and never crosses a page. Nothing is read twice.
/// </summary>
/// <param name="target">The machine under the debugger.</param>
/// <param name="budget">What the question may cost.</param>
/// <param name="blocks">What earlier questions have read.</param>
internal sealed class CodeMemory(ITarget target, CodeBudget budget, Dictionary<ulong, byte[]> blocks)
{
    private const int BlockSize = 2048;

    /// <summary>Requests made so far.</summary>
    public int Reads { get; private set; }

    /// <summary>The bytes from an address to the end of their block; empty when the first cannot be read.</summary>
    public ReadOnlySpan<byte> At(ulong address)
    {
        ulong start = address & ~(ulong)(BlockSize - 1);
        int offset = (int)(address - start);
        if (!blocks.TryGetValue(start, out byte[]? block))
        {
            // The kernel half of the address space alone: user memory is another process's by now.
            if (start >> 56 != 0xFF || !budget.TryTakeBytes(BlockSize))
            {
                return [];
            }

            block = Fetch(start);
            blocks.Add(start, block);
        }

        return offset < block.Length ? block.AsSpan(offset) : [];
    }

    /// <summary>Fills a buffer.</summary>
    /// <returns>False when not all of it can be read.</returns>
    public bool TryRead(ulong address, Span<byte> buffer)
    {
        while (buffer.Length > 0)
        {
            ReadOnlySpan<byte> part = At(address);
            int count = Math.Min(part.Length, buffer.Length);
            if (count == 0)
            {
                return false;
            }

            part[..count].CopyTo(buffer);
            buffer = buffer[count..];
            address += (ulong)count;
        }

        return true;
    }

    /// <summary>Reads an unsigned 16-bit number.</summary>
    public bool TryReadUInt16(ulong address, out ushort value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ushort)];
        bool read = TryRead(address, bytes);
        value = BinaryPrimitives.ReadUInt16LittleEndian(bytes);
        return read;
    }

    /// <summary>Reads an unsigned 32-bit number.</summary>
    public bool TryReadUInt32(ulong address, out uint value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        bool read = TryRead(address, bytes);
        value = BinaryPrimitives.ReadUInt32LittleEndian(bytes);
        return read;
    }

    /// <summary>Reads an unsigned 64-bit number.</summary>
    public bool TryReadUInt64(ulong address, out ulong value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        bool read = TryRead(address, bytes);
        value = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        return read;
    }

    private byte[] Fetch(ulong start)
    {
        byte[] block = new byte[BlockSize];
        Reads++;
        int count = target.Read(start, block);
        return count == BlockSize ? block : block[..Math.Clamp(count, 0, BlockSize)];
    }
}
