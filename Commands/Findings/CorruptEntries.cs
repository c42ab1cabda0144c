using LockLeak.Kernel;
using LockLeak.Locks;

namespace LockLeak.Findings;

/// <summary>Lock entries that lead to another thread than the one they lie in.</summary>
internal sealed class CorruptEntries : Finder
{
    public override FindingKind Kind { get; } = new("corrupt-entry", "CORRUPT ENTRY", Certainty.Certain);

    public override IEnumerable<Finding> Find(FindingContext context)
    {
        foreach (KernelThread thread in context.View.KnownThreads())
        {
            foreach (LockEntry entry in thread.Entries.Where(entry => entry is { IsInUse: true, IsUser: false, IsCorrupt: true }))
            {
                LockNode? node = entry.Lock.Value == 0 ? null : context.Graph.Inspect(entry.Lock);
                yield return New(
                    $"Lock entry {entry.Address} lies in thread {context.Describe(thread.Address)} but leads to {Address.Text(entry.ComputedThread.GetValueOrDefault().Value)}.")
                    with
                {
                    Thread = thread.Address,
                    Entry = entry.Address,
                    Lock = node,
                    Waiters = node is null ? [] : FindingContext.WaitersOf(node),
                    Owners = node is null ? [] : FindingContext.OwnersOf(node),
                    Reason = $"The entry was overwritten; the thread's other entries may be damaged as well.",
                };
            }
        }
    }
}
