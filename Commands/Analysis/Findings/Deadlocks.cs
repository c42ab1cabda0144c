using LockLeak.Kernel;

namespace LockLeak.Analysis.Findings;

/// <summary>Threads that wait for each other in a circle, over any mix of lock kinds.</summary>
public static class Deadlocks
{
    /// <summary>Each circle once.</summary>
    public static IEnumerable<Finding> Find(FindingContext context)
    {
        var chains = new WaitChains(context.Graph);
        foreach ((IReadOnlyList<ulong> threads, IReadOnlyList<ulong> locks) in chains.Cycles())
        {
            IReadOnlyList<ulong> others = chains.BlockedBy(threads);
            string message = threads.Count == 1
                ? $"Thread {context.Describe(threads[0])} waits for {FindingContext.Describe(context.Graph.Inspect(locks[0]))}, which it owns itself"
                : $"{threads.Count} threads wait for each other in a circle: {string.Join(", ", threads.Select(Address.Text))}";
            string behind = others.Count switch
            {
                0 => "",
                1 => "; 1 more thread waits for them",
                _ => $"; {others.Count} more threads wait for them",
            };
            yield return new Finding(FindingKind.Deadlock, $"{message}{behind}.") { Threads = threads, Locks = locks, Waiters = others };
        }
    }
}
