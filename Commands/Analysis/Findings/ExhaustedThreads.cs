using LockLeak.Target;

namespace LockLeak.Analysis.Findings;

/// <summary>
/// Threads that ran out of lock entries and may own locks that no entry names. Asked only when an owner is missing,
/// since the flag lies outside the part of a thread that the scan reads.
/// </summary>
public static class ExhaustedThreads
{
    /// <summary>All of them, by one small read for each thread.</summary>
    public static List<ulong> Find(FindingContext context)
    {
        if (context.View.Layout.Thread.AutoBoostEntriesExhausted is not { } flag)
        {
            return [];
        }

        return [.. context.Scan.Threads.Where(thread => IsSet(context.View, thread, flag))];
    }

    private static bool IsSet(KernelView view, ulong thread, TypeField flag) =>
        view.Memory.TryReadWindow(thread, flag.Offset, flag.Size) is { } window && window.IsSet(flag);
}
