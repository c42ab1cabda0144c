namespace LockLeak.Kernel;

/// <summary>
/// Where a generation of Windows keeps a thread's lock entries. Told by the types and fields that the kernel has,
/// never by an offset: Windows Server 2022 and Windows 11 21H2 share the offset 0x6a0 and have different entries.
/// </summary>
internal enum LockEntryFamily
{
    /// <summary>Windows 7 and 8: there are no lock entries.</summary>
    None,

    /// <summary>Windows 8.1 to 10 1903: an array inside _KTHREAD.</summary>
    A0,

    /// <summary>Windows 10 2004 to 22H2 and Server 2022: _KTHREAD points to an array inside _ETHREAD.</summary>
    A1,

    /// <summary>Windows 11 21H2 to 23H2: an array inside _ETHREAD, new entry layout.</summary>
    B,

    /// <summary>Windows 11 24H2 and Server 2025: _KTHREAD.KernelAbEntries points to a _KLOCK_ENTRIES block.</summary>
    C,

    /// <summary>Later kernels where nt!KiAbpGlobalState bit 0 is set: two blocks with small entries.</summary>
    D,

    /// <summary>A kernel whose types fit none of the above.</summary>
    Unknown,
}
