using LockLeak.Kernel;

namespace LockLeak.Analysis.Findings;

/// <summary>Lock entries that lead to another thread than the one they lie in.</summary>
public static class CorruptEntries
{
    /// <summary>All of them among the threads that were looked at.</summary>
    public static IEnumerable<Finding> Find(FindingContext context)
    {
        foreach (KernelThread thread in context.View.KnownThreads.ToList())
        {
            foreach (LockEntry entry in thread.Entries.Where(entry => entry is { IsInUse: true, IsUser: false, IsCorrupt: true }))
            {
                LockNode? node = entry.Lock == 0 ? null : context.Graph.Inspect(entry.Lock);
                yield return new Finding(
                    FindingKind.CorruptEntry,
                    $"Lock entry {Address.Text(entry.Address)} lies in thread {context.Describe(thread.Address)} but leads to {Address.Text(entry.ComputedThread.GetValueOrDefault())}.")
                {
                    Thread = thread.Address,
                    Entry = entry.Address,
                    Lock = entry.Lock,
                    Waiters = node is null ? [] : FindingContext.WaitersOf(node),
                    Owners = node is null ? [] : FindingContext.OwnersOf(node),
                    Reason = "The entry was overwritten; the thread's other entries may be damaged as well.",
                };
            }
        }
    }
}
