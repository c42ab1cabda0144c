using System.Buffers.Binary;
using LockLeak.Target;

namespace LockLeak.Kernel;

/// <summary>
/// Reads kernel memory for one command and counts what that costs. A live KD link pays a round trip for each question,
/// so a pointer that cannot be one is never asked for, and nothing is asked for twice.
/// </summary>
/// <param name="target">The machine under the debugger.</param>
internal sealed class KernelMemory(ITarget target)
{
    private const int PageShift = 12;

    /// <summary>More than any structure or table that is read at once; a larger size comes from damaged symbols or counts.</summary>
    private const int LargestRead = 1 << 20;

    private readonly Dictionary<ulong, List<(ulong Address, ReadOnlyMemory<byte> Bytes)>> known = [];
    private readonly HashSet<(ulong Address, int Size)> unreadable = [];
    private readonly bool isArm64 = target.Facts.Machine == Machine.Arm64;

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

    /// <summary>Reads <paramref name="size"/> bytes of a structure from <paramref name="offset"/> on.</summary>
    /// <param name="structure">Address of the structure.</param>
    /// <param name="offset">Bytes from there to the first one to read.</param>
    /// <param name="size">Bytes to read.</param>
    /// <param name="atLeast">
    /// Bytes that are enough: a small dump may lack a structure's last ones. 0 asks for all of them.
    /// </param>
    /// <returns>Null when not enough of them can be read.</returns>
    public Window? TryReadWindow(ulong structure, int offset, int size, int atLeast = 0)
    {
        ulong address = structure + (ulong)offset;
        if (!MayBeRead(address, size))
        {
            return null;
        }

        byte[] bytes = new byte[size];
        if (TryCopyKnown(address, bytes))
        {
            return new Window(structure, offset, bytes, size);
        }

        int count = Ask(address, bytes, atLeast);
        if (count == 0)
        {
            return null;
        }

        Keep(address, bytes.AsMemory(0, count));
        return new Window(structure, offset, bytes, count);
    }

    /// <summary>Reads what nobody will look at again, such as a first look at each of many threads; it is not kept.</summary>
    /// <param name="address">Where to begin.</param>
    /// <param name="buffer">Filled from its start.</param>
    /// <param name="atLeast">Bytes that are enough.</param>
    /// <returns>Bytes read; 0 when not enough of them can be.</returns>
    public int Look(ulong address, Span<byte> buffer, int atLeast) =>
        !MayBeRead(address, buffer.Length) ? 0 : TryCopyKnown(address, buffer) ? buffer.Length : Ask(address, buffer, atLeast);

    /// <summary>The first bytes of a structure out of what was read before; null when not all of them were.</summary>
    public Window? InHand(ulong structure, int size)
    {
        byte[] bytes = new byte[Math.Clamp(size, 0, LargestRead)];
        return TryCopyKnown(structure, bytes) ? new Window(structure, 0, bytes, bytes.Length) : null;
    }

    /// <summary>Reads an unsigned 64-bit value.</summary>
    public bool TryReadUInt64(ulong address, out ulong value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        bool isRead = TryRead(address, bytes);
        value = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        return isRead;
    }

    /// <summary>Reads an unsigned 32-bit value.</summary>
    public bool TryReadUInt32(ulong address, out uint value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        bool isRead = TryRead(address, bytes);
        value = BinaryPrimitives.ReadUInt32LittleEndian(bytes);
        return isRead;
    }

    /// <summary>Reads one byte; null when it cannot be read.</summary>
    public byte? TryReadByte(ulong address)
    {
        Span<byte> one = stackalloc byte[1];
        return TryRead(address, one) ? one[0] : null;
    }

    /// <summary>Reads a pointer and makes it canonical.</summary>
    public bool TryReadPointer(ulong address, out ulong pointer)
    {
        bool read = TryReadUInt64(address, out ulong value);
        pointer = Canonical(value);
        return read;
    }

    /// <summary>Keeps what was read with the intention to throw it away.</summary>
    public void Keep(Window window) => Keep(window.Structure + (ulong)window.Start, window.All.ToArray());

    /// <summary>Adds to the costs those of another look at the same machine.</summary>
    public void AddCostOf(KernelMemory other) => AddCost(other.Reads, other.Bytes);

    /// <summary>Counts what was read past this.</summary>
    /// <param name="reads">Read requests.</param>
    /// <param name="bytes">Bytes asked for.</param>
    public void AddCost(int reads, long bytes)
    {
        Reads += reads;
        Bytes += bytes;
    }

    private bool MayBeRead(ulong address, int size) =>
        size is > 0 and <= LargestRead && IsKernelAddress(address) && IsKernelAddress(address + (ulong)size - 1) &&
        (unreadable.Count == 0 || !unreadable.Contains((address, size)));

    /// <summary>Asks the target, and gives the bytes that it read; 0 when they are fewer than enough.</summary>
    private int Ask(ulong address, Span<byte> bytes, int atLeast)
    {
        Reads++;
        Bytes += bytes.Length;
        int read = target.Read(address, bytes);
        if (read >= (atLeast == 0 ? bytes.Length : atLeast))
        {
            return Math.Min(read, bytes.Length);
        }

        unreadable.Add((address, bytes.Length));
        return 0;
    }

    /// <summary>Reads a number, which is kept.</summary>
    private bool TryRead(ulong address, Span<byte> bytes)
    {
        bytes.Clear();
        if (!MayBeRead(address, bytes.Length))
        {
            return false;
        }

        if (TryCopyKnown(address, bytes))
        {
            return true;
        }

        if (Ask(address, bytes, atLeast: 0) == 0)
        {
            bytes.Clear();
            return false;
        }

        Keep(address, bytes.ToArray());
        return true;
    }

    private bool TryCopyKnown(ulong address, Span<byte> bytes)
    {
        if (known.TryGetValue(address >> PageShift, out List<(ulong Address, ReadOnlyMemory<byte> Bytes)>? windows))
        {
            foreach ((ulong start, ReadOnlyMemory<byte> read) in windows)
            {
                if (address >= start && address - start + (ulong)bytes.Length <= (ulong)read.Length)
                {
                    read.Span.Slice((int)(address - start), bytes.Length).CopyTo(bytes);
                    return true;
                }
            }
        }

        return false;
    }

    private void Keep(ulong address, ReadOnlyMemory<byte> bytes)
    {
        for (ulong page = address >> PageShift; bytes.Length > 0 && page <= address + (ulong)bytes.Length - 1 >> PageShift; page++)
        {
            if (!known.TryGetValue(page, out List<(ulong Address, ReadOnlyMemory<byte> Bytes)>? windows))
            {
                known.Add(page, windows = []);
            }

            windows.Add((address, bytes));
        }
    }
}
