namespace KdTarget.Machine;

/// <summary>Physical memory, in pages of which most are not there.</summary>
public sealed class PhysicalMemory
{
    /// <summary>Bytes in a page.</summary>
    public const int PageSize = 0x1000;

    private readonly Dictionary<ulong, byte[]> _pages = [];

    /// <summary>Adds a page.</summary>
    /// <param name="frame">Its page frame number.</param>
    /// <param name="bytes">Its content, <see cref="PageSize"/> bytes.</param>
    public void Add(ulong frame, byte[] bytes) => _pages.Add(frame, bytes);

    /// <summary>The bytes of a page from a physical address to the page's end; empty when the page is not there.</summary>
    public Span<byte> At(ulong address) =>
        _pages.TryGetValue(address / PageSize, out byte[]? page) ? page.AsSpan((int)(address % PageSize)) : [];
}
