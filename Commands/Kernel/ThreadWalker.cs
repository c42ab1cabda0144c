using LockLeak.Target;

namespace LockLeak.Kernel;

/// <summary>Walks the threads of a process with one small read for each.</summary>
/// <remarks>
/// The list is _EPROCESS.ThreadListHead, not the one of _KPROCESS: only the first keeps threads that have ended until
/// their last reference goes, and those are the ones that leak.
/// </remarks>
/// <param name="memory">The target's memory.</param>
/// <param name="layout">Where the fields lie.</param>
/// <param name="notes">Gets a line when a list ends before its end.</param>
public sealed class ThreadWalker(KernelMemory memory, KernelLayout layout, Notes notes)
{
    /// <summary>More than a process has; ends a list that was overwritten with a long one.</summary>
    private const int Limit = 1_000_000;

    private readonly ThreadFields fields = layout.Thread;

    // Measured on 22621: the part from WaitReason to CrossThreadFlags is 737 bytes, so that a thread costs 1.18 packets
    // of a KD link on average (a read that crosses a page takes two).
    private readonly (int Offset, int Size) glance = Span(
        [layout.Thread.WaitReason, layout.Thread.ThreadListEntry, layout.Thread.Terminated, layout.Entries?.FreeSummary, layout.Entries?.OrphanedSummary,
         layout.Entries?.FreeCount, layout.Entries?.Block is null ? null : layout.Entries.WaitCount, layout.Entries?.Block is null ? null : layout.Entries.OwnedCount]);

    /// <summary>The threads of a process, each as the part that tells whether it deserves a second look.</summary>
    public IEnumerable<Window> Walk(KernelProcess process)
    {
        ulong link = process.FirstThread;
        var seen = new HashSet<ulong>();
        while (link != process.ThreadListHead)
        {
            ulong address = link - (ulong)fields.ThreadListEntry.Offset;
            if (seen.Count == Limit || seen.Contains(link) || memory.TryReadWindow(address, glance.Offset, glance.Size, keep: false) is not { } window)
            {
                notes.AddBreak(
                    $"The thread list of {process.ImageFileName} ({process.UniqueProcessId:x}) breaks after {seen.Count} threads at {Address.Text(link)}; " +
                    "threads behind it were not seen.");
                yield break;
            }

            seen.Add(link);
            yield return window;
            link = memory.Canonical(window.Value(fields.ThreadListEntry with { Size = sizeof(ulong) }));
        }
    }

    /// <summary>True when the thread may hold or wait for a lock, or has ended.</summary>
    public bool DeservesALook(Window thread) =>
        IsTerminated(thread) || WaitReasons.IsLock((byte)thread.Value(fields.WaitReason)) || layout.Entries?.MayBeInUse(thread, IsTerminated(thread)) == true;

    private bool IsTerminated(Window thread) => thread.IsSet(fields.Terminated);

    private static (int Offset, int Size) Span(ReadOnlySpan<TypeField?> parts)
    {
        int first = int.MaxValue, end = 0;
        foreach (TypeField? part in parts)
        {
            if (part is { } field)
            {
                first = Math.Min(first, field.Offset);
                end = Math.Max(end, field.Offset + field.Size);
            }
        }

        return (first, end - first);
    }
}
