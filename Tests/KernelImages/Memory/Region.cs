namespace KernelImages.Memory;

/// <summary>A stretch of addresses that is handed out from its start.</summary>
public sealed class Region(ulong start)
{
    private ulong _next = start;

    /// <summary>The next free address that suits.</summary>
    /// <param name="size">Bytes.</param>
    /// <param name="alignment">A power of two.</param>
    public ulong Allocate(int size, ulong alignment = 16)
    {
        ulong address = Next(alignment);
        _next = address + (ulong)size;
        return address;
    }

    /// <summary>Where the next allocation with this alignment would lie.</summary>
    public ulong Next(ulong alignment) => (_next + alignment - 1) & ~(alignment - 1);
}
