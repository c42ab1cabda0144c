using LockLeak.Target;

namespace LockLeak.Kernel;

/// <summary>_LIST_ENTRY, the kernel's doubly linked list, and what begins as one does: { Flink, Blink } (ntdef.h).</summary>
internal static class ListEntry
{
    /// <summary>The next one.</summary>
    public static readonly TypeField Flink = new(0, sizeof(ulong), 0, 0, IsPointer: true);

    /// <summary>The one before.</summary>
    public static readonly TypeField Blink = new(sizeof(ulong), sizeof(ulong), 0, 0, IsPointer: true);
}
