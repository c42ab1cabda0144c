using LockLeak.Kernel;

namespace LockLeak.Checks;

/// <summary>How many of a thread's lock entries wait.</summary>
/// <remarks>
/// AbWaitEntryCount counts linked entries alone (KiAbEntryGetLockedHeadEntry in https://github.com/nohuto/decompiled-pseudocode,
/// 11-24H2/ntoskrnl), and entries are linked as their thread is switched out: it is compared for threads that are asleep. Whether those for
/// locks of user mode count is not known, nor what 26H1 does with its own entries.
/// </remarks>
internal sealed class WaitEntryCounts : Check, IThreadCheck
{
    public override string Name => "wait-entries";

    public override string Compares => "AbWaitEntryCount of a thread, and its linked lock entries that wait";

    public override IReadOnlyList<string> Fields { get; } =
    [
        "_KTHREAD.AbWaitEntryCount", "_KLOCK_ENTRY.WaitingByte", "_KLOCK_ENTRY.WaitingBit", "_KLOCK_ENTRY_LOCK_STATE.Waiting",
        "_KLOCK_ENTRY.LockUnsafe",
        "_KTHREAD.AbEntrySummary", "_KTHREAD.LockEntries", "_ETHREAD.LockEntries", "_KTHREAD.KernelAbEntries",
        "_KLOCK_ENTRIES.AvailableEntryBitmap",
    ];

    public void Compare(CheckContext context, KernelThread thread, CheckResult result)
    {
        if (context.View.Layout is not
            {
                Thread.WaitEntryCount: { } field,
                Family: not (LockEntryFamily.D or LockEntryFamily.None or LockEntryFamily.Unknown)
            } ||
            !context.IsAsleep(thread) || (thread.Entries.Count == 0 && KernelMemory.IsKernelAddress(SetOf(context, thread))))
        {
            return;
        }

        int said = (int)thread.Window.Value(field);
        int kernel = thread.EntriesInUse.Count(entry => entry is { Relation: LockRelation.Waits, InTree: true, IsUser: false });
        int user = thread.EntriesInUse.Count(entry => entry is { Relation: LockRelation.Waits, InTree: true, IsUser: true });
        result.Compare(
            said >= kernel && said <= kernel + user,
            $"Thread {thread.Address} has {kernel} linked lock entries that wait, and AbWaitEntryCount is {said}.",
            thread.Address.Value);
    }

    /// <summary>
    /// Where a thread's entries should be: entries that are paged out or not in the dump say nothing, a pointer that is none does.
    /// </summary>
    private static ulong SetOf(CheckContext context, KernelThread thread) => context.View.Layout.Entries switch
    {
        { Block: { } block } => context.View.Memory.Canonical(thread.Window.Value(block.Kernel)),
        { ArrayPointer: { } pointer } => context.View.Memory.Canonical(thread.Window.Value(pointer)),
        _ => thread.Address.Value,
    };
}
