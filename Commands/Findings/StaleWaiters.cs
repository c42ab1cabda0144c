using LockLeak.Analysis;
using LockLeak.Kernel;
using LockLeak.Locks;
using LockLeak.Target;

namespace LockLeak.Findings;

/// <summary>Threads of an unloaded driver that wait for a push lock which went away with it: nobody can ever wake them.</summary>
/// <remarks>
/// A lock that is 0 while threads wait is no sign by itself: the wake-up takes the whole queue off and then signals one
/// waiter after the other. What tells is that the lock does not know them and that their driver is gone.
/// </remarks>
internal sealed class StaleWaiters : Finder
{
    public override FindingKind Kind { get; } = new("stale-waiter", "STALE WAITER", Certainty.Suspect);

    /// <summary>Suspects, one for each lock.</summary>
    public override IEnumerable<Finding> Find(FindingContext context)
    {
        foreach (LockNode node in context.Graph.Locks.Where(HasWaitersThatItDoesNotKnow))
        {
            List<ThreadAddress> waiters =
                [.. node.Waiters.Where(waiter =>
                waiter.Known is { IsWaiting: true, WaitReason: WaitReasons.WrPushLock })
                    .Select(waiter => waiter.Thread)];
            if (waiters.Count == 0)
            {
                continue;
            }

            if (UnloadedModule(context, node, waiters[0]) is not { } module)
            {
                context.View.Notes.Add(node.Value is null
                    ? $"Push lock {node.Address}, which {FindingContext.Waiting(waiters.Count)} for, cannot be read: it is paged out, " +
                    "not in the dump, or freed."
                    : $"Push lock {node.Address} does not know of " +
                        $"{(waiters.Count == 1 ? "the thread that waits" : "the threads that wait")} for it: " +
                        $"{(waiters.Count == 1 ? "it is" : "they are")} just being woken, or the lock was freed or overwritten.");
                continue;
            }

            string state = node.Value switch
            {
                null => "cannot be read",
                0 => "is zero",
                _ => "holds something else",
            };
            Sentence who = waiters.Count == 1 ? FindingContext.Text($"Thread {context.Describe(waiters[0])} waits")
                : FindingContext.Text($"{FindingContext.Waiting(waiters.Count)}");
            yield return New($"{who} for push lock {node.Address}, whose memory {state}.")
                with
            {
                Thread = waiters[0],
                Lock = node,
                Waiters = waiters,
                Reason = $"Driver {module} was unloaded while the thread waited.",
            };
        }
    }

    private static bool HasWaitersThatItDoesNotKnow(LockNode node) =>
        node is { Kind: PushLock, IsRead: true, IsChanging: false, Waiters.Count: > 0 } && !node.Waiters.Any(waiter => waiter.IsQueued);

    /// <summary>The unloaded driver that the lock lay in, or else the one that the waiting thread runs in.</summary>
    private static string? UnloadedModule(FindingContext context, LockNode node, ThreadAddress waiter)
    {
        ISymbols symbols = context.View.Target.Symbols;
        IEnumerable<ulong> places =
            [node.Address.Value, context.View.Thread(waiter)?.StartAddress ?? 0,
                .. symbols.Stack(waiter.Value, CodeLocation.MostFrames).Select(frame => frame.Instruction)];
        return places.Where(KernelMemory.IsKernelAddress).Select(symbols.At)
            .FirstOrDefault(symbol => symbol is { IsUnloaded: true })?.Module;
    }
}
