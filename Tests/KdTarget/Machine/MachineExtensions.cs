using System.Buffers.Binary;

namespace KdTarget.Machine;

/// <summary>Small reads and writes.</summary>
public static class MachineExtensions
{
    /// <summary>_KPRCB.CurrentThread, at this offset in every x64 build.</summary>
    private const ulong CurrentThreadOffset = 8;

    /// <summary>Reads a little-endian 64-bit value; 0 when it is not there.</summary>
    public static ulong ReadUInt64(this IMachine machine, ulong address)
    {
        Span<byte> bytes = stackalloc byte[8];
        return machine.ReadVirtual(address, bytes) == bytes.Length ? BinaryPrimitives.ReadUInt64LittleEndian(bytes) : 0;
    }

    /// <summary>Reads a little-endian 32-bit value; 0 when it is not there.</summary>
    public static uint ReadUInt32(this IMachine machine, ulong address)
    {
        Span<byte> bytes = stackalloc byte[4];
        return machine.ReadVirtual(address, bytes) == bytes.Length ? BinaryPrimitives.ReadUInt32LittleEndian(bytes) : 0;
    }

    /// <summary>Reads a little-endian 16-bit value; 0 when it is not there.</summary>
    public static ushort ReadUInt16(this IMachine machine, ulong address)
    {
        Span<byte> bytes = stackalloc byte[2];
        return machine.ReadVirtual(address, bytes) == bytes.Length ? BinaryPrimitives.ReadUInt16LittleEndian(bytes) : (ushort)0;
    }

    /// <summary>Writes a little-endian 64-bit value.</summary>
    public static void WriteUInt64(this IMachine machine, ulong address, ulong value)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        if (machine.WriteVirtual(address, bytes) != bytes.Length)
            throw new ArgumentException($"The machine has no memory at {address:x16}.", nameof(address));
    }

    /// <summary>The KTHREAD that a processor runs, as its KPRCB says now.</summary>
    public static ulong CurrentThread(this IMachine machine, Processor processor) =>
        machine.ReadUInt64(processor.Prcb + CurrentThreadOffset);
}
