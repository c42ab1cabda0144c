using LockLeak.Kernel;
using LockLeak.Target;

namespace LockLeak.Analysis.Findings;

/// <summary>Threads that wait for a push lock that is zero, or that went away with its driver: nobody can ever wake them.</summary>
public static class StaleWaiters
{
    /// <summary>Suspects, one for each lock.</summary>
    public static IEnumerable<Finding> Find(FindingContext context)
    {
        foreach (LockNode node in context.Graph.Locks.Where(IsGone).ToList())
        {
            List<ulong> waiters = [.. node.Waiters.Where(waiter => context.View.Thread(waiter.Thread) is { IsWaiting: true, WaitReason: WaitReasons.WrPushLock }).Select(waiter => waiter.Thread)];
            if (waiters.Count == 0)
            {
                continue;
            }

            string? module = UnloadedModule(context, node, waiters[0]);
            if (node.Value is null && module is null)
            {
                // Memory that is paged out or was left out of the dump is no sign of anything.
                context.View.Notes.Add($"Push lock {Address.Text(node.Address)}, which {FindingContext.Waiting(waiters.Count)} for, cannot be read: it is paged out, not in the dump, or freed.");
                continue;
            }

            string state = node.Value is null ? "cannot be read" : "is zero";
            string who = waiters.Count == 1 ? $"Thread {context.Describe(waiters[0])} waits" : FindingContext.Waiting(waiters.Count);
            yield return new Finding(FindingKind.StaleWaiter, $"{who} for push lock {Address.Text(node.Address)}, whose memory {state}.")
            {
                Thread = waiters[0],
                Lock = node.Address,
                Waiters = waiters,
                Reason = module is not null
                    ? $"Driver {module} was unloaded while the thread waited."
                    : "The lock was freed or overwritten while the thread waited.",
            };
        }
    }

    private static bool IsGone(LockNode node) => node is { Kind: LockKind.PushLock, IsInspected: true, Value: null or 0, Waiters.Count: > 0 };

    /// <summary>The unloaded driver that the lock lay in, or else the one that the waiting thread runs in.</summary>
    private static string? UnloadedModule(FindingContext context, LockNode node, ulong waiter)
    {
        ISymbols symbols = context.View.Target.Symbols;
        IEnumerable<ulong> places = [node.Address, context.View.Thread(waiter)?.StartAddress ?? 0, .. symbols.Stack(waiter, CodeLocation.MostFrames).Select(frame => frame.Instruction)];
        return places.Where(KernelMemory.IsKernelAddress).Select(symbols.At).FirstOrDefault(symbol => symbol is { IsUnloaded: true })?.Module;
    }
}
