namespace KernelImages.Memory;

/// <summary>
/// The kernel's pool: what is smaller than a page does not cross one, what is larger begins with one
/// (https://learn.microsoft.com/windows-hardware/drivers/ddi/wdm/nf-wdm-exallocatepool2).
/// </summary>
public sealed class Pool(ulong start)
{
    /// <summary>Bytes of the headers in front of an object: WinDbg shows most threads and processes at ...080 of a page.</summary>
    /// <remarks>
    /// Public output of <c>!process</c>: https://github.com/nohuto/windbg-notes/blob/main/threads/thread-activity.md (Windows 11), and of
    /// Windows 8.1 https://learn.microsoft.com/windows-hardware/drivers/debugger/getting-started-with-windbg--kernel-mode- .
    /// </remarks>
    private const int ObjectHeaders = 0x80;
    private const ulong ObjectAlignment = 0x40;

    private readonly Region _region = new(start);

    /// <summary>The next free address that suits.</summary>
    /// <param name="size">Bytes.</param>
    /// <param name="alignment">A power of two, at most a page.</param>
    public ulong Allocate(int size, ulong alignment = 16)
    {
        bool crosses = _region.Next(alignment) % AddressSpace.PageSize + (ulong)size > AddressSpace.PageSize;
        return _region.Allocate(size, crosses ? AddressSpace.PageSize : alignment);
    }

    /// <summary>The address of an object's body, with its headers in front of it.</summary>
    /// <param name="size">Bytes of the body.</param>
    public ulong AllocateObject(int size) => Allocate(ObjectHeaders + size, ObjectAlignment) + ObjectHeaders;
}
