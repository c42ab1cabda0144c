using LockLeak.Target;

namespace LockLeak.Kernel;

/// <summary>Fields of _EPROCESS.</summary>
/// <param name="UniqueProcessId">Process ID.</param>
/// <param name="ActiveProcessLinks">Link in nt!PsActiveProcessHead.</param>
/// <param name="ImageFileName">First 14 characters of the image's name, 8-bit.</param>
/// <param name="ThreadListHead">List of all _ETHREAD.ThreadListEntry, terminated threads included.</param>
internal sealed record ProcessFields(TypeField UniqueProcessId, TypeField ActiveProcessLinks, TypeField ImageFileName,
    TypeField ThreadListHead)
{
    /// <summary>Number of threads that have not ended, 32 bits.</summary>
    public TypeField? ActiveThreads { get; init; }

    /// <summary>Offset of the smallest part of the structure that holds all fields.</summary>
    public int WindowOffset { get; } =
        Math.Min(Math.Min(UniqueProcessId.Offset, ActiveProcessLinks.Offset), Math.Min(ImageFileName.Offset, ThreadListHead.Offset));

    /// <summary>Size of that part in bytes.</summary>
    public int WindowSize => Math.Max(Math.Max(ImageFileName.End, ThreadListHead.End), ActiveThreads?.End ?? 0) - WindowOffset;

    /// <summary>Looks the fields up.</summary>
    public static ProcessFields? TryResolve(ITypes types) =>
        types.Field("_EPROCESS", "UniqueProcessId") is { } id && types.Field("_EPROCESS", "ActiveProcessLinks") is { } links &&
        types.Field("_EPROCESS", "ImageFileName") is { } name && types.Field("_EPROCESS", "ThreadListHead") is { } threads
            ? new ProcessFields(id, links, name, threads) { ActiveThreads = types.Field("_EPROCESS", "ActiveThreads") }
            : null;
}
