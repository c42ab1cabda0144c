namespace KernelImages.Dump;

/// <summary>DUMP_TYPE_*: how a dump holds the memory.</summary>
public enum DumpFormat
{
    /// <summary>All frames as runs.</summary>
    Full = 1,

    /// <summary>A small dump, which has no address space: no process list, no other threads.</summary>
    Triage = 4,

    /// <summary>A bitmap of frames, the default of Windows 8 and later.</summary>
    Bitmap = 5,
}
