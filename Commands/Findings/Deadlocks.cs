using LockLeak.Analysis;
using LockLeak.Kernel;
using LockLeak.Locks;

namespace LockLeak.Findings;

/// <summary>Threads that wait for each other in a circle, over any mix of locks, threads and processes.</summary>
internal sealed class Deadlocks : Finder
{
    public override FindingKind Kind { get; } = new("deadlock", "DEADLOCK", Certainty.Certain);

    /// <summary>Each circle once.</summary>
    public override IEnumerable<Finding> Find(FindingContext context)
    {
        var chains = new WaitChains(context.Graph);
        foreach ((IReadOnlyList<ThreadAddress> threads, IReadOnlyList<LockNode> locks) in chains.Circles())
        {
            IReadOnlyList<ThreadAddress> others = chains.BlockedBy(threads);
            Sentence message = threads.Count == 1
                ? FindingContext.Text($"Thread {context.Describe(threads[0])} waits for {FindingContext.Describe(locks[0])}, which it " +
                $"owns itself")
                : Circle(threads);
            string behind = others.Count switch
            {
                0 => "",
                1 => "; 1 more thread waits for them",
                _ => $"; {others.Count} more threads wait for them",
            };
            bool isCertain = locks.All(node => node.Kind != LockKinds.AlpcMessage);
            yield return New($"{message}{behind}.") with
            {
                Threads = threads,
                Locks = locks,
                Waiters = others,
                Certainty = isCertain ? Certainty.Certain : Certainty.Suspect,
                Reason = isCertain ? new Sentence() : FindingContext.Text($"Another thread of the server may answer the ALPC message."),
            };
        }
    }

    private static Sentence Circle(IReadOnlyList<ThreadAddress> threads)
    {
        Sentence circle = FindingContext.Text($"{threads.Count} threads wait for each other in a circle: ");
        foreach ((int index, ThreadAddress thread) in threads.Index())
        {
            circle.AppendLiteral(index == 0 ? "" : ", ");
            circle.AppendFormatted(thread);
        }

        return circle;
    }
}
