using System.Buffers.Binary;
using KernelImages.Kernel;
using KernelImages.Memory;

namespace KernelImages.Damaged;

/// <summary>Writes over the pages where a machine keeps processes, threads, locks, entries and wait blocks, and puts them back.</summary>
public sealed class MachineDamage
{
    private readonly SyntheticKernel _kernel;
    private readonly ulong[] _pages;
    private readonly ulong[] _pointers;
    private readonly Dictionary<ulong, ulong> _frames;
    private readonly Dictionary<ulong, byte[]> _originals = [];

    /// <summary>Prepares a machine, which must be one's own.</summary>
    public MachineDamage(SyntheticKernel kernel)
    {
        _kernel = kernel;
        ulong[] structures =
        [
            .. kernel.Threads.Select(thread => thread.Address), .. kernel.Processes.Select(process => process.Address),
            .. kernel.Scenario.Locks.Select(item => kernel.Lock(item.Name)),
            .. kernel.Threads.SelectMany(thread => thread.Entries).Select(entry => entry.Address),
            .. kernel.Threads.Select(thread => thread.Stack?.WaitBlock ?? 0),
        ];
        _pointers = [.. structures.Where(address => address != 0)];
        _frames = kernel.Memory.Pages.ToDictionary();
        IEnumerable<ulong> covered = _pointers.SelectMany(address => new[] { address, address + 0x800 });
        _pages = [.. covered.Select(address => address / AddressSpace.PageSize).Where(_frames.ContainsKey).Distinct()];
    }

    /// <summary>Does some damage: a few words, a stretch of bytes, or a whole page.</summary>
    public void Do(Random random)
    {
        for (int i = random.Next(1, 12); i > 0; i--) Hurt(Keep(_pages[random.Next(_pages.Length)]), random);
    }

    /// <summary>Overwrites a pointer that is there: random words seldom hit one.</summary>
    public void Redirect(Random random)
    {
        byte[] page = Keep(_pages[random.Next(_pages.Length)]);
        int[] places =
        [
            .. Enumerable.Range(0, page.Length / 8).Select(i => i * 8)
                .Where(at => BinaryPrimitives.ReadUInt64LittleEndian(page.AsSpan(at)) >> 48 == 0xffff),
        ];
        if (places.Length > 0) BinaryPrimitives.WriteUInt64LittleEndian(page.AsSpan(places[random.Next(places.Length)]), Value(random));
    }

    /// <summary>A page that could be missing.</summary>
    public (ulong Start, ulong End) Page(Random random)
    {
        ulong start = _pages[random.Next(_pages.Length)] * AddressSpace.PageSize;
        return (start, start + AddressSpace.PageSize);
    }

    /// <summary>Whether some of these bytes are not what they were.</summary>
    /// <param name="address">Where they begin.</param>
    /// <param name="size">How many.</param>
    public bool Touches(ulong address, int size)
    {
        while (size > 0)
        {
            ulong page = address / AddressSpace.PageSize;
            int offset = (int)(address % AddressSpace.PageSize);
            int count = Math.Min(AddressSpace.PageSize - offset, size);
            if (_originals.TryGetValue(page, out byte[]? original)
                && !original.AsSpan(offset, count).SequenceEqual(_kernel.Memory.Frame(_frames[page]).AsSpan(offset, count)))
                return true;
            address += (uint)count;
            size -= count;
        }
        return false;
    }

    /// <summary>Makes the machine what it was.</summary>
    public void Undo()
    {
        foreach ((ulong page, byte[] bytes) in _originals) _kernel.Memory.Write(page * AddressSpace.PageSize, bytes);
        _originals.Clear();
    }

    /// <summary>Damages a page, wherever it lies.</summary>
    internal void Hurt(Span<byte> page, Random random)
    {
        switch (random.Next(20))
        {
            case 0:
                random.NextBytes(page);
                break;
            case <= 3:
                int start = random.Next(page.Length);
                random.NextBytes(page.Slice(start, Math.Min(random.Next(1, 200), page.Length - start)));
                break;
            case <= 6:
                page[random.Next(page.Length)] ^= (byte)(1 << random.Next(8));
                break;
            default:
                BinaryPrimitives.WriteUInt64LittleEndian(page[(random.Next(page.Length / 8) * 8)..], Value(random));
                break;
        }
    }

    /// <summary>What links and counts could hold by the worst of luck.</summary>
    internal ulong Value(Random random) => random.Next(9) switch
    {
        0 => 0,
        1 => ulong.MaxValue,
        2 => (ulong)random.Next(300),
        3 => (ulong)random.NextInt64(),
        4 => 0xffffdead_0000c0d0,
        5 => _pointers[random.Next(_pointers.Length)] | (uint)random.Next(16),
        6 => _pages[random.Next(_pages.Length)] * AddressSpace.PageSize + (uint)random.Next(AddressSpace.PageSize),
        _ => _pointers[random.Next(_pointers.Length)] + 8 * (uint)random.Next(0x100),
    };

    private byte[] Keep(ulong page)
    {
        byte[] frame = _kernel.Memory.Frame(_frames[page]);
        _originals.TryAdd(page, [.. frame]);
        return frame;
    }
}
