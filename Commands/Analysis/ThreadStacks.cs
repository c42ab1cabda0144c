using LockLeak.Kernel;
using LockLeak.Target;

namespace LockLeak.Analysis;

/// <summary>The stacks of threads, each walked once: on a live machine the engine reads unwind data piece by piece.</summary>
/// <param name="view">The machine.</param>
internal sealed class ThreadStacks(KernelView view)
{
    private readonly Dictionary<ThreadAddress, IReadOnlyList<(StackFrame Frame, SymbolName? Symbol)>> known = [];

    /// <summary>
    /// A thread's stack, newest frame first; empty when it cannot be walked, and for a thread that runs: what the kernel saved of it
    /// is old.
    /// </summary>
    public IReadOnlyList<(StackFrame Frame, SymbolName? Symbol)> Of(KernelThread thread)
    {
        if (thread.State == ThreadStates.Running || view.IsInterrupted)
        {
            return [];
        }

        if (!known.TryGetValue(thread.Address, out IReadOnlyList<(StackFrame Frame, SymbolName? Symbol)>? stack))
        {
            view.Progress($"walking the stack of thread {thread.Address}");
            Phase before = view.Phases.Begin(Phase.Stacks);
            stack = CodeLocation.Stack(view.Target.Symbols, thread.Address.Value);
            view.Phases.Begin(before);
            known.Add(thread.Address, stack);
        }

        return stack;
    }
}
