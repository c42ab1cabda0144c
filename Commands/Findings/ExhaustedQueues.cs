using LockLeak.Analysis;
using LockLeak.Kernel;
using LockLeak.Locks;

namespace LockLeak.Findings;

/// <summary>Work queues of the kernel whose workers have all waited for seconds, for something else than work, while work waits.</summary>
/// <remarks>Only the queues of workers that wait for a lock are looked at: what other workers wait for nobody has read.</remarks>
internal sealed class ExhaustedQueues : Finder
{
    public override FindingKind Kind { get; } = new("exhausted-work-queue", "WORK QUEUE EXHAUSTED", Certainty.Certain);

    public override IEnumerable<Finding> Find(FindingContext context)
    {
        KernelView view = context.View;
        HashSet<ulong> queues = [];
        foreach (KernelThread thread in view.KnownThreads())
        {
            ulong address = context.Graph.WaitsFor(thread.Address) is null ? 0 : WorkQueue.Of(view, thread);
            if (address == 0 || view.IsInterrupted || !queues.Add(address) || WorkQueue.TryReadFull(view, address) is not { } queue ||
                !queue.Workers.All(worker => Hangs.IsLong(view, worker) && !WaitReasons.IsQueue(worker.WaitReason)))
            {
                continue;
            }

            string workers = $"All {queue.Workers.Count} worker threads of work queue {Address.Text(queue.Address)}";
            string items = queue.WorkItems == 1 ? "1 work item waits" : $"{queue.WorkItems} work items wait";
            yield return New($"{workers} have waited for seconds, and {items} for one of them.") with
            {
                Waiters = [.. queue.Workers.Select(worker => worker.Address)],
                Reason = MostWaitedFor(context, queue),
            };
        }
    }

    /// <summary>The lock that most of the workers wait for.</summary>
    private static Sentence MostWaitedFor(FindingContext context, WorkQueue queue)
    {
        LockNode? most = null;
        int waiting = 0;
        foreach (KernelThread worker in queue.Workers)
        {
            LockNode? node = context.Graph.WaitsFor(worker.Address);
            int count = node is null || node == most ? 0 : queue.Workers.Count(other => context.Graph.WaitsFor(other.Address) == node);
            (most, waiting) = count > waiting ? (node, count) : (most, waiting);
        }

        return most is null ? new Sentence()
            : FindingContext.Text($"{waiting} of them {(waiting == 1 ? "waits" : "wait")} for {FindingContext.Describe(most)}.");
    }
}
