using LockLeak.Analysis;
using LockLeak.Findings;
using LockLeak.Kernel;
using LockLeak.Target;

namespace LockLeak.Reports;

/// <summary>Puts a hang into words: who holds it up, what that thread does, and whose code it is.</summary>
/// <param name="context">The machine, and who owns and who waits.</param>
/// <param name="stacks">Where threads are.</param>
/// <param name="waitsOn">What threads at the end of a chain wait for.</param>
internal sealed class HangBuilder(FindingContext context, ThreadStacks stacks, IReadOnlyDictionary<ThreadAddress, WaitReport> waitsOn)
{
    private KernelView View => context.View;

    /// <summary>The thread that holds up a hang.</summary>
    public BlockerReport Blocker(Blocker blocker)
    {
        int blocked = blocker.Chain.Blocked;
        string indirectly = blocker.Chain.Threads.Count > 2 ? ", directly or not," : "";
        Sentence message = FindingContext.Text(
            $"{FindingContext.Waiting(blocked)}{indirectly} for thread " +
            $"{context.Describe(blocker.Thread)}{(blocked > 1 ? ", the longest" : "")} for " +
            $"{Phrases.Waited(blocker.Longest.Milliseconds, blocker.Longest.IsLowerBound)}.");
        (Sentence does, string? module) =
            View.Thread(blocker.Thread) is { } thread ? Does(thread) : (FindingContext.Text($"It cannot be read"), null);
        return new BlockerReport(
            blocker.Thread, blocked, blocker.Longest.Thread, blocker.Longest.Milliseconds, blocker.Longest.IsLowerBound, module, message,
            FindingContext.Text($"{does}."));
    }

    /// <summary>A lock with long waits.</summary>
    public static ContentionReport Contention(LongContention found) => new(
        found.Lock.Address, found.Lock.Waiters.Count, found.Longest.Thread, found.Longest.Milliseconds, found.Longest.IsLowerBound,
        found.Lock.ContentionCount);

    private (Sentence Words, string? Module) Does(KernelThread thread)
    {
        IReadOnlyList<(StackFrame Frame, SymbolName? Symbol)> stack = stacks.Of(thread);
        if (View.Target.RunningThreads.Index().FirstOrDefault(running => running.Item == thread.Address.Value) is { Item: not 0 } running)
        {
            return Runs(running.Index, thread.Address);
        }

        string? driver = CodeLocation.Driver(stack.Select(frame => frame.Symbol));
        WaitReport? wait = waitsOn.GetValueOrDefault(thread.Address);
        // Whoever has its request or its message holds it up, and not who has sent it.
        bool isItsOwn = wait is not { Driver: not null } and not { Server: not null };
        string place = CodeLocation.Of(stack) is { } at && !thread.HasEnded && wait?.Server is null
            ? $" at {Phrases.Place($"{at}", at.Source)}" : "";
        string whose = driver is not null
            ? $"; the first driver in its stack is {driver}" : stack.Count > 0 && isItsOwn ? "; no driver is in its stack" : "";
        Sentence what = context.Graph.WaitsFor(thread.Address) is { } node
            ? FindingContext.Text($"waits for {FindingContext.Describe(node)}, whose owner is not known")
            : FindingContext.Text($"{wait?.Words ?? $"is {ThreadStates.Name(thread.State)}"}");
        string since = View.WaitMilliseconds(thread) is { } waited ? $"For {Phrases.Duration(waited)} it" : "It";
        return (FindingContext.Text($"{since} {what}{place}{whose}"), driver);
    }

    private (Sentence Words, string? Module) Runs(int processor, ThreadAddress thread)
    {
        ulong instruction = View.Target.InstructionPointer(processor);
        SymbolName? at = KernelMemory.IsKernelAddress(instruction) ? View.Target.Symbols.At(instruction) : null;
        string where = instruction == 0 ? "" : at is not null ? $" at {Phrases.Place($"{at}", at.Source)}"
            : KernelMemory.IsKernelAddress(instruction) ? "" : " in user mode";
        string interrupted = Processors.IsInDpc(View, processor, thread) ? ", where DPC routines interrupt it" : "";
        return (FindingContext.Text($"It runs on processor {processor}{where}{interrupted}{Spins(processor, thread)}"),
            CodeLocation.Driver([at]));
    }

    private Sentence Spins(int processor, ThreadAddress thread)
    {
        if (QueuedSpinLocks.WaitedFor(View, processor, thread) is not { } spin)
        {
            return FindingContext.Text($"");
        }

        string name = View.Target.Symbols.At(spin.Lock) is { } symbol ? $"{spin.Name} ({symbol})" : spin.Name;
        return spin.Owner is { } owner
            ? FindingContext.Text($", where it spins for queued spin lock {name}, which processor {owner} owns in thread " +
                $"{context.Describe(new ThreadAddress(View.Target.RunningThreads[owner]))}")
            : FindingContext.Text($", where it spins for queued spin lock {name}, which no processor is seen to own");
    }
}
