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
internal sealed class ThreadWalker(KernelMemory memory, KernelLayout layout, Notes notes)
{
    /// <summary>More than a process has; ends a list that was overwritten with a long one.</summary>
    private const int Limit = 1_000_000;

    // A thread is on one list. A damaged one that leads into others would be walked again for every process.
    private readonly Dictionary<ulong, (ProcessAddress Process, int Walk)> owners = [];
    private readonly ThreadFields fields = layout.Thread;
    private int walks;
    private readonly EntryGlance entries = new(memory, layout.Entries);

    // Measured on 22621: the part from KernelApcDisable to CrossThreadFlags is 896 bytes, so that a thread costs 1.22 packets
    // of a KD link on average (a read that crosses a page takes two).
    private readonly (int Offset, int End) glance = Span(
        [layout.Thread.KernelApcDisable, layout.Thread.WaitReason, layout.Thread.ThreadListEntry, layout.Thread.Terminated, layout.Entries?.FreeSummary, layout.Entries?.OrphanedSummary,
         layout.Entries?.FreeCount, layout.Entries?.Block?.Kernel]);

    /// <summary>The threads of a process, each as the part that tells whether it deserves a second look.</summary>
    public IEnumerable<Window> Walk(KernelProcess process)
    {
        ulong link = process.FirstThread;
        int walk = ++walks, count = 0;
        while (link != process.ThreadListHead)
        {
            ulong address = link - (ulong)fields.ThreadListEntry.Offset;
            int size = Math.Max(glance.End, entries.End) - glance.Offset;
            bool isOnAnother = owners.TryGetValue(link, out (ProcessAddress Process, int Walk) before) && (before.Walk == walk || before.Process != process.Address);
            if (count == Limit || isOnAnother ||
                memory.TryReadWindow(address, glance.Offset, size, keep: false, atLeast: glance.End - glance.Offset) is not { } window)
            {
                notes.AddGap(
                    $"The thread list of {process.ImageFileName} ({process.UniqueProcessId:x}) breaks after {count} threads at {Address.Text(link)}; " +
                    "threads behind it were not seen.");
                yield break;
            }

            owners[link] = (process.Address, walk);
            count++;
            yield return window;
            link = memory.Canonical(window.Value(fields.ThreadListEntry with { Size = sizeof(ulong) }));
        }
    }

    /// <summary>True when the thread may hold or wait for a lock, or has ended.</summary>
    public bool DeservesALook(Window thread) =>
        thread.IsSet(fields.Terminated) || WaitReasons.IsLock((byte)thread.Value(fields.WaitReason)) || OwnsAMutant(thread) || entries.MayBeInUse(thread) ||
        IsInARegion(thread);

    /// <summary>A thread that waits in user mode inside a critical or guarded region.</summary>
    private bool IsInARegion(Window thread) =>
        thread.Value(fields.WaitReason) == WaitReasons.WrAlertByThreadId && (thread.IsSet(fields.KernelApcDisable) || thread.IsSet(fields.SpecialApcDisable));

    /// <summary>
    /// Mutants are hardly ever tracked by lock entries, and kernel threads wait for them with reason Executive: the list in
    /// their owner is what leads to them.
    /// </summary>
    private bool OwnsAMutant(Window thread) =>
        fields.MutantListHead is { } head && memory.Canonical(thread.Value(head with { Size = sizeof(ulong) })) is var first and not 0 &&
        first != thread.Structure + (ulong)head.Offset;

    private static (int Offset, int End) Span(ReadOnlySpan<TypeField?> parts)
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

        return (first, end);
    }
}
