using LockLeak.Kernel;

namespace LockLeak.Analysis.Findings;

/// <summary>Threads that wait for each other in a circle, over any mix of lock kinds.</summary>
public static class Deadlocks
{
    /// <summary>Each circle once.</summary>
    public static IEnumerable<Finding> Find(FindingContext context)
    {
        foreach ((IReadOnlyList<ulong> threads, IReadOnlyList<ulong> locks) in new WaitChains(context.Graph).Cycles())
        {
            string message = threads.Count == 1
                ? $"Thread {context.Describe(threads[0])} waits for {FindingContext.Describe(context.Graph.Inspect(locks[0]))}, which it owns itself."
                : $"{threads.Count} threads wait for each other in a circle: {string.Join(", ", threads.Select(Address.Text))}.";
            yield return new Finding(FindingKind.Deadlock, message) { Threads = threads, Locks = locks };
        }
    }
}
