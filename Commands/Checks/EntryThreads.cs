using LockLeak.Kernel;

namespace LockLeak.Checks;

/// <summary>The thread that a lock entry leads to by the kernel's way, and the thread in whose set it lies.</summary>
internal sealed class EntryThreads : Check, IThreadCheck
{
    public override string Name => "entry-threads";

    public override string Compares => "the thread that a lock entry leads to, and the one that it lies in";

    public override IReadOnlyList<string> Fields { get; } =
    [
        "_KLOCK_ENTRY.EntryIndex", "_KLOCK_ENTRY.EntryOffset", "_KLOCK_ENTRY.ThreadUnsafe", "_KLOCK_ENTRIES.Thread", "_ETHREAD.LockEntries",
        "_KTHREAD.LockEntries",
        "_KTHREAD.KernelAbEntries",
    ];

    public override IReadOnlyList<string> Proves { get; } =
        ["_KLOCK_ENTRY.EntryIndex", "_KLOCK_ENTRY.EntryOffset", "_KLOCK_ENTRY.ThreadUnsafe", "_KLOCK_ENTRIES.Thread"];

    public override string ToldBy => "corrupt-entry";

    public void Compare(CheckContext context, KernelThread thread, CheckResult result)
    {
        foreach (LockEntry entry in thread.EntriesInUse)
        {
            if (entry.ComputedThread is not { } computed)
            {
                continue;
            }

            result.Compare(
                computed == thread.Address,
                $"Lock entry {entry.Address} lies in thread {thread.Address} and leads to {computed}.",
                thread.Address.Value, entry.Address.Value);
        }
    }
}
