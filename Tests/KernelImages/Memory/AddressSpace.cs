namespace KernelImages.Memory;

/// <summary>The machine's memory: virtual pages that lie in physical frames. Writing to a page maps it.</summary>
public sealed class AddressSpace
{
    /// <summary>Bytes of a page and of a frame.</summary>
    public const int PageSize = 0x1000;

    /// <summary>The number of the first physical frame. Page 0 upwards is left out, as real machines leave it to firmware.</summary>
    public const ulong FirstFrame = 0x100;

    private readonly List<byte[]> _frames = [];
    private readonly Dictionary<ulong, ulong> _pages = [];
    private readonly HashSet<ulong> _absent = [];

    /// <summary>An empty machine with nothing but a top-level page table.</summary>
    public AddressSpace() => DirectoryTableBase = AddFrame() * PageSize;

    /// <summary>Physical address of the top-level page table (CR3). One table serves all processes.</summary>
    public ulong DirectoryTableBase { get; }

    /// <summary>The frames in order, the first of which has the number <see cref="FirstFrame"/>.</summary>
    public IReadOnlyList<byte[]> Frames => _frames;

    /// <summary>Virtual page number to frame number, for every mapped page.</summary>
    public IEnumerable<KeyValuePair<ulong, ulong>> Pages => _pages;

    /// <summary>True for a page whose mapping is valid and whose frame is in no dump.</summary>
    public bool IsAbsent(ulong page) => _absent.Contains(page);

    /// <summary>Adds a zeroed physical frame that no virtual page maps, and gives its number.</summary>
    public ulong AddFrame()
    {
        _frames.Add(new byte[PageSize]);
        return FirstFrame + (ulong)_frames.Count - 1;
    }

    /// <summary>The bytes of a frame.</summary>
    public byte[] Frame(ulong number) => _frames[(int)(number - FirstFrame)];

    /// <summary>Writes virtual memory, mapping what is not mapped yet.</summary>
    public void Write(ulong address, ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            int offset = (int)(address % PageSize);
            int count = Math.Min(PageSize - offset, bytes.Length);
            bytes[..count].CopyTo(FrameOf(address / PageSize).AsSpan(offset));
            bytes = bytes[count..];
            address += (uint)count;
        }
    }

    /// <summary>Maps the pages of a range; what they hold stays as it is, new pages are zero.</summary>
    public void Map(ulong address, int size)
    {
        for (ulong page = address / PageSize; page <= (address + (ulong)size - 1) / PageSize; page++)
            FrameOf(page);
    }

    /// <summary>Takes the page at an address away: its mapping becomes invalid, as for a page in the page file.</summary>
    public void Unmap(ulong address) => _pages.Remove(address / PageSize);

    /// <summary>Leaves the frame of a page out of the dump while its mapping stays valid.</summary>
    public void MarkAbsent(ulong address)
    {
        FrameOf(address / PageSize);
        _absent.Add(address / PageSize);
    }

    /// <summary>Reads virtual memory.</summary>
    /// <returns>Bytes read up to the first page that cannot be read.</returns>
    public int Read(ulong address, Span<byte> buffer)
    {
        int done = 0;
        while (done < buffer.Length)
        {
            ulong page = address / PageSize;
            if (!_pages.TryGetValue(page, out ulong frame) || _absent.Contains(page)) break;
            int offset = (int)(address % PageSize);
            int count = Math.Min(PageSize - offset, buffer.Length - done);
            Frame(frame).AsSpan(offset, count).CopyTo(buffer[done..]);
            done += count;
            address += (uint)count;
        }
        return done;
    }

    /// <summary>Reads physical memory.</summary>
    /// <returns>Bytes read up to the end of the machine's memory.</returns>
    public int ReadPhysical(ulong address, Span<byte> buffer)
    {
        int done = 0;
        while (done < buffer.Length)
        {
            ulong frame = address / PageSize;
            if (frame < FirstFrame || frame - FirstFrame >= (ulong)_frames.Count) break;
            int offset = (int)(address % PageSize);
            int count = Math.Min(PageSize - offset, buffer.Length - done);
            Frame(frame).AsSpan(offset, count).CopyTo(buffer[done..]);
            done += count;
            address += (uint)count;
        }
        return done;
    }

    private byte[] FrameOf(ulong page)
    {
        if (!_pages.TryGetValue(page, out ulong frame)) _pages[page] = frame = AddFrame();
        return Frame(frame);
    }
}
