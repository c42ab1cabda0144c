using System.Buffers.Binary;
using LockLeak.Target;

namespace LockLeak.Kernel;

/// <summary>
/// Reads kernel memory for one command and counts what that costs. Every read checks its address first: a live KD
/// link pays a round trip for each question, so a pointer that cannot be one is never asked for.
/// </summary>
/// <param name="target">The machine under the debugger.</param>
public sealed class KernelMemory(ITarget target)
{
    /// <summary>IMAGE_FILE_MACHINE_ARM64 (winnt.h).</summary>
    private const uint MachineArm64 = 0xAA64;

    private readonly bool isArm64 = target.Facts.Machine == MachineArm64;

    /// <summary>Read requests so far.</summary>
    public int Reads { get; private set; }

    /// <summary>Bytes asked for so far.</summary>
    public long Bytes { get; private set; }

    /// <summary>
    /// True for an address of the kernel half. The top byte decides: it is 0xFF with 48-bit, 52-bit (ARM64 LVA) and
    /// 57-bit (x64 LA57) addresses alike.
    /// </summary>
    public static bool IsKernelAddress(ulong address) => address >> 56 == 0xFF && address < ulong.MaxValue - 0xFFFF;

    /// <summary>
    /// The address that a stored pointer means. On ARM64 the bits above a 52-bit address may hold a pointer
    /// authentication code; bit 55 tells the kernel half (Arm ARM D8.9) and the other bits follow from it.
    /// </summary>
    public ulong Canonical(ulong pointer) =>
        isArm64 && (pointer & 1UL << 55) != 0 ? pointer | 0xFFF0_0000_0000_0000 : pointer;

    /// <summary>Fills the whole buffer, or answers false.</summary>
    public bool TryRead(ulong address, Span<byte> buffer)
    {
        if (!IsKernelAddress(address))
        {
            return false;
        }

        Reads++;
        Bytes += buffer.Length;
        return target.Read(address, buffer) == buffer.Length;
    }

    /// <summary>Reads <paramref name="size"/> bytes of a structure from <paramref name="offset"/> on.</summary>
    /// <returns>Null when not all of them can be read.</returns>
    public Window? TryReadWindow(ulong structure, int offset, int size)
    {
        var bytes = new byte[size];
        return TryRead(structure + (ulong)offset, bytes) ? new Window(structure, offset, bytes) : null;
    }

    /// <summary>Reads an unsigned 64-bit value.</summary>
    public bool TryReadUInt64(ulong address, out ulong value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        bool read = TryRead(address, bytes);
        value = read ? BinaryPrimitives.ReadUInt64LittleEndian(bytes) : 0;
        return read;
    }

    /// <summary>Reads an unsigned 32-bit value.</summary>
    public bool TryReadUInt32(ulong address, out uint value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        bool read = TryRead(address, bytes);
        value = read ? BinaryPrimitives.ReadUInt32LittleEndian(bytes) : 0;
        return read;
    }

    /// <summary>Reads a pointer and makes it canonical.</summary>
    public bool TryReadPointer(ulong address, out ulong pointer)
    {
        bool read = TryReadUInt64(address, out ulong value);
        pointer = Canonical(value);
        return read;
    }
}
