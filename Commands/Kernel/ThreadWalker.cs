using System.Runtime.CompilerServices;
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

    private readonly List<ThreadWalk> walks = [];
    private readonly ThreadFields fields = layout.Thread;
    private readonly TypeField listEntry = layout.Thread.ThreadListEntry, waitReason = layout.Thread.WaitReason,
        terminated = layout.Thread.Terminated, mutants = layout.Thread.MutantListHead ?? default;

    private readonly EntryGlance entries = new(memory, layout.Entries);
    private readonly Glance glance = new(memory);

    // A thread is on one list. A damaged one that leads into others would be walked again for every process. As long as each
    // thread points back to the one before it, none can come twice, and nothing is looked up.
    private Dictionary<ThreadAddress, ThreadWalk>? owners;

    // Measured on 22621: the part from KernelApcDisable to CrossThreadFlags is 896 bytes, so that a thread costs 1.22 packets
    // of a KD link on average (a read that crosses a page takes two).
    private readonly (int Offset, int End) part = Span(
        [layout.Thread.KernelApcDisable, layout.Thread.WaitReason, layout.Thread.ThreadListEntry, layout.Thread.Terminated,
            layout.Entries?.FreeSummary, layout.Entries?.OrphanedSummary,
         layout.Entries?.FreeCount, layout.Entries?.Block?.Kernel]);

    /// <summary>Goes on to the next thread of a process.</summary>
    /// <param name="walk">The process, and how far the walk is; takes in what it comes to.</param>
    /// <param name="thread">The part that tells whether the thread deserves a second look; it is gone with the next one.</param>
    /// <returns>False at the end of the list, and where it breaks, which a note says.</returns>
    public bool TryNext(ThreadWalk walk, out Window thread)
    {
        thread = default;
        ulong link = walk.Next;
        if (link == walk.Process.ThreadListHead)
        {
            return false;
        }

        if (walk.Threads == 0)
        {
            walks.Add(walk);
        }

        var address = new ThreadAddress(link - (ulong)listEntry.Offset);
        int size = Math.Max(part.End, entries.End) - part.Offset;
        if (walk.Threads == Limit || (owners is not null && IsOnAnother(address, walk)) ||
            !glance.TryLook(address.Value, part.Offset, size, atLeast: part.End - part.Offset, out thread))
        {
            return Break(walk);
        }

        bool isMisled = memory.Canonical(thread.Link(in listEntry, ListEntry.Blink.Offset)) != walk.Before;
        if (isMisled)
        {
            owners ??= Owners();
            if (IsOnAnother(address, walk))
            {
                return Break(walk);
            }
        }

        if (owners is not null)
        {
            owners[address] = walk;
        }

        walk.Add(address, memory.Canonical(thread.Link(in listEntry)), isMisled, thread.IsSet(in terminated));
        return true;
    }

    /// <summary>Keeps what was looked at of a thread, as far as it goes beyond what is read of a whole one.</summary>
    public void Keep(in Window thread)
    {
        if (thread.Length > layout.ThreadSize)
        {
            memory.Keep(thread);
        }
    }

    /// <summary>True when the thread may hold or wait for a lock, or has ended.</summary>
    public bool DeservesALook(in Window thread)
    {
        byte reason = (byte)thread.Value(in waitReason);
        return thread.IsSet(in terminated) || WaitReasons.IsLock(reason) || OwnsAMutant(in thread) || entries.MayBeInUse(in thread) ||
            (reason == WaitReasons.WrAlertByThreadId && IsInARegion(in thread));
    }

    private bool Break(ThreadWalk walk)
    {
        notes.AddGap($"The thread list of {walk.Process.ImageFileName} ({walk.Process.UniqueProcessId:x}) breaks after {walk.Threads} " +
            $"threads at {Address.Text(walk.Next)}; threads behind it were not seen.");
        return false;
    }

    /// <summary>The walk that came to each thread last.</summary>
    private Dictionary<ThreadAddress, ThreadWalk> Owners()
    {
        Dictionary<ThreadAddress, ThreadWalk> walkOf = [];
        foreach (ThreadWalk walk in walks)
        {
            foreach (ThreadAddress thread in walk.Addresses)
            {
                walkOf[thread] = walk;
            }
        }

        return walkOf;
    }

    /// <summary>True for a thread that this walk has seen before, or that of another process.</summary>
    private bool IsOnAnother(ThreadAddress thread, ThreadWalk walk) =>
        owners!.TryGetValue(thread, out ThreadWalk? known) && (known == walk || known.Process.Address != walk.Process.Address);

    /// <summary>Of a thread that waits in user mode: it is inside a critical or guarded region.</summary>
    private bool IsInARegion(in Window thread) => thread.IsSet(fields.KernelApcDisable) || thread.IsSet(fields.SpecialApcDisable);

    /// <summary>
    /// Mutants are hardly ever tracked by lock entries, and kernel threads wait for them with reason Executive: the list in
    /// their owner is what leads to them.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)] // for each thread of a machine; built for size, it would be a call
    private bool OwnsAMutant(in Window thread) =>
        mutants.Size > 0 && memory.Canonical(thread.Link(in mutants)) is var first and not 0 &&
        first != thread.Structure + (ulong)mutants.Offset;

    private static (int Offset, int End) Span(ReadOnlySpan<TypeField?> parts)
    {
        int first = int.MaxValue, end = 0;
        foreach (TypeField? part in parts)
        {
            if (part is { } field)
            {
                first = Math.Min(first, field.Offset);
                end = Math.Max(end, field.End);
            }
        }

        return (first, end);
    }
}
