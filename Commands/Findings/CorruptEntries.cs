using LockLeak.Kernel;

namespace LockLeak.Findings;

/// <summary>Lock entries that lead to another thread than the one they lie in.</summary>
internal sealed class CorruptEntries : Finder
{
    public override FindingKind Kind { get; } = new("corrupt-entry", "CORRUPT ENTRY", Certainty.Certain);

    public override IEnumerable<Finding> Find(FindingContext context)
    {
        foreach (KernelThread thread in context.View.KnownThreads())
        {
            foreach (LockEntry entry in thread.EntriesInUse)
            {
                if (entry.IsUser || !entry.IsCorrupt)
                {
                    continue;
                }

                Sentence message =
                    FindingContext.Text($"Lock entry {entry.Address} lies in thread {context.Describe(thread.Address)} but leads to " +
                    $"{Address.Text(entry.ComputedThread.GetValueOrDefault().Value)}.");
                yield return (entry.Lock.Value == 0 ? New(message) : About(context.Graph.Inspect(entry.Lock), message))
                    with
                {
                    Thread = thread.Address,
                    Entry = entry.Address,
                    Reason = $"The entry was overwritten; the thread's other entries may be damaged as well.",
                };
            }
        }
    }
}
