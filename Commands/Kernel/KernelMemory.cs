using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using LockLeak.Target;

namespace LockLeak.Kernel;

/// <summary>
/// Reads kernel memory for one command and counts what that costs. A live KD link pays a round trip for each question,
/// so a pointer that cannot be one is never asked for, and nothing is asked for twice.
/// </summary>
/// <param name="target">The machine under the debugger.</param>
internal sealed class KernelMemory(ITarget target)
{
    private const int PageShift = 12, NothingBefore = -1;

    /// <summary>More than any structure or table that is read at once; a larger size comes from damaged symbols or counts.</summary>
    private const int LargestRead = 1 << 20;

    /// <summary>Bytes of the arrays that hold what was read: few and large ones, for many small ones would be copied as they age.</summary>
    private const int SmallestRoom = 1 << 14, LargestRoom = 1 << 20;

    // What was read, and the last of it in each page. One list in place of an object for each: those would be copied as they age.
    private readonly List<Kept> kept = [];
    private readonly Dictionary<ulong, int> known = [];
    private readonly PageFilter pages = new();
    private readonly HashSet<(ulong Address, int Size)> unreadable = [];
    private byte[] room = [];
    private int used;
    private readonly bool isArm64 = target.Facts.Machine == Machine.Arm64;

    /// <summary>Read requests so far.</summary>
    public int Reads { get; private set; }

    /// <summary>Bytes asked for so far.</summary>
    public long Bytes { get; private set; }

    /// <summary>True for an address of the kernel half, whose top byte is 0xFF with 48, 52 (ARM64 LVA) and 57 bits (x64 LA57).</summary>
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

        if (TryFind(address, size, out Kept read))
        {
            return new Window(structure, offset, read.Bytes, read.IndexOf(address), size);
        }

        int count = Ask(address, Room(size), atLeast);
        if (count == 0)
        {
            return null;
        }

        int first = used;
        KeepRoom(address, count);
        return new Window(structure, offset, room, first, count);
    }

    /// <summary>Reads what nobody will look at again, such as a first look at each of many threads; it is not kept.</summary>
    /// <param name="address">Where to begin.</param>
    /// <param name="buffer">Filled from its start.</param>
    /// <param name="atLeast">Bytes that are enough.</param>
    /// <returns>Bytes read; 0 when not enough of them can be.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)] // for each thread of a machine; built for size, it would be a call
    public int Look(ulong address, Span<byte> buffer, int atLeast) =>
        !MayBeRead(address, buffer.Length) ? 0 : TryCopyKnown(address, buffer) ? buffer.Length : Ask(address, buffer, atLeast);

    /// <summary>The first bytes of a structure out of what was read before; null when not all of them were.</summary>
    public Window? InHand(ulong structure, int size)
    {
        size = Math.Clamp(size, 0, LargestRead);
        return TryFind(structure, size, out Kept read) ? new Window(structure, 0, read.Bytes, read.IndexOf(structure), size) : null;
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
    public void Keep(Window window) => Keep(window.Structure + (ulong)window.Start, window.All);

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

    [MethodImpl(MethodImplOptions.AggressiveInlining)] // for each thread of a machine; built for size, it would be a call
    private bool MayBeRead(ulong address, int size) =>
        size is > 0 and <= LargestRead && IsKernelAddress(address) && IsKernelAddress(address + (ulong)size - 1) &&
        (unreadable.Count == 0 || !unreadable.Contains((address, size)));

    /// <summary>Asks the target, and gives the bytes that it read; 0 when they are fewer than enough.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)] // for each thread of a machine; built for size, it would be a call
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

        Keep(address, bytes);
        return true;
    }

    private bool TryCopyKnown(ulong address, Span<byte> bytes)
    {
        if (!TryFind(address, bytes.Length, out Kept read))
        {
            return false;
        }

        read.Bytes.AsSpan(read.IndexOf(address), bytes.Length).CopyTo(bytes);
        return true;
    }

    /// <summary>What holds a range that was read before.</summary>
    private bool TryFind(ulong address, int size, out Kept read)
    {
        // Of most pages nothing was read, and to look each of them up showed in a profile of the walk over idle threads.
        ulong page = address >> PageShift;
        int last = pages.MayHave(page) && known.TryGetValue(page, out int number) ? number : NothingBefore;
        for (; last != NothingBefore; last = read.Earlier)
        {
            read = kept[last];
            if (read.Holds(address, size))
            {
                return true;
            }
        }

        read = default;
        return false;
    }

    private void Keep(ulong address, ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Room(bytes.Length));
        KeepRoom(address, bytes.Length);
    }

    /// <summary>Room for what is about to be read. It is given away again unless it is kept.</summary>
    private Span<byte> Room(int size)
    {
        if (room.Length - used < size)
        {
            room = GC.AllocateUninitializedArray<byte>(Math.Max(size, Math.Clamp(2 * room.Length, SmallestRoom, LargestRoom)));
            used = 0;
        }

        return room.AsSpan(used, size);
    }

    /// <summary>Keeps the first bytes of <see cref="Room"/>.</summary>
    private void KeepRoom(ulong address, int count)
    {
        for (ulong page = address >> PageShift; count > 0 && page <= address + (ulong)count - 1 >> PageShift; page++)
        {
            int earlier = known.TryGetValue(page, out int number) ? number : NothingBefore;
            known[page] = kept.Count;
            pages.Add(page);
            kept.Add(new Kept(address, room, used, count, earlier));
        }

        used += count;
    }
}
