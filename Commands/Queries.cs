using LockLeak.Analysis;
using LockLeak.Kernel;
using LockLeak.Locks;
using LockLeak.Reports;
using LockLeak.Target;

namespace LockLeak;

/// <summary>
/// The answers of the commands as data, for callers that are no command line. Each call looks at the machine anew and
/// keeps nothing of it.
/// </summary>
/// <remarks>
/// All of them throw a <see cref="CommandException"/> when the question cannot be answered, show their progress on the
/// console, and stop when it says so: with what was found by then.
/// </remarks>
public static class Queries
{
    /// <summary>Every lock in use with its owners and waiters, and all findings: what <c>!lockleak -a</c> answers, but for the threads' stacks.</summary>
    public static LockLeakReport Machine(ITarget target, IConsole console) =>
        Investigations.Machine(new CommandContext(target, console, CommandOptions.None with { All = true }), ThreadDetail.Plain);

    /// <summary>One push lock with its owners and waiters: what <c>!pushlock</c> answers, but for the threads' stacks.</summary>
    /// <param name="target">The machine.</param>
    /// <param name="console">The user's.</param>
    /// <param name="address">_EX_PUSH_LOCK.</param>
    public static PushLockReport PushLock(ITarget target, IConsole console, LockAddress address) =>
        Investigations.Lock(new CommandContext(target, console, CommandOptions.None), address, ThreadDetail.Plain);

    /// <summary>One thread with its whole stack.</summary>
    /// <param name="target">The machine.</param>
    /// <param name="console">The user's.</param>
    /// <param name="thread">_ETHREAD.</param>
    public static ThreadReport Thread(ITarget target, IConsole console, ThreadAddress thread)
    {
        KernelView view = View(target, console);
        view.Thread(thread);
        return new ReportBuilder(view, LockGraph.Build(view)).Thread(thread, ThreadDetail.Stack);
    }

    /// <summary>The locks of one thread. Reads that thread and the locks that it names, nothing else.</summary>
    /// <param name="target">The machine.</param>
    /// <param name="console">The user's.</param>
    /// <param name="thread">_ETHREAD.</param>
    public static IReadOnlyList<LockUse> LocksOfThread(ITarget target, IConsole console, ThreadAddress thread)
    {
        KernelView view = View(target, console);
        return view.Thread(thread) is { } known
            ? LocksOf(view, [known])
            : throw new CommandException(CommandResult.Failed, $"{thread} is no thread that can be read.");
    }

    /// <summary>The locks of all threads of one process.</summary>
    /// <param name="target">The machine.</param>
    /// <param name="console">The user's.</param>
    /// <param name="process">_EPROCESS.</param>
    public static IReadOnlyList<LockUse> LocksOfProcess(ITarget target, IConsole console, ProcessAddress process)
    {
        KernelView view = View(target, console);
        MachineScan scan = MachineScan.Run(view, ProcessFilter.Only(process), everyThread: true);
        return LocksOf(view, [.. scan.Threads.Select(view.Thread).OfType<KernelThread>()]);
    }

    /// <summary>One lock entry, whatever its state, by way of the thread that it belongs to.</summary>
    /// <param name="target">The machine.</param>
    /// <param name="console">The user's.</param>
    /// <param name="entry">_KLOCK_ENTRY.</param>
    public static LockUse Entry(ITarget target, IConsole console, EntryAddress entry)
    {
        KernelView view = View(target, console);
        if (view.ThreadOfEntry(entry) is not { } address || view.Thread(address) is not { } thread ||
            thread.Entries.FirstOrDefault(candidate => candidate.Address == entry) is not { } found)
        {
            throw new CommandException(CommandResult.Failed, $"{entry} is no lock entry that belongs to a thread.");
        }

        LockGraph graph = LockGraph.Build(view);
        graph.InspectLocksOf(thread);
        return new LockUse(address, new ReportBuilder(view, graph).Entry(found));
    }

    private static KernelView View(ITarget target, IConsole console) => new(target, KernelLayouts.Resolve(target, builtIn: false), console);

    private static List<LockUse> LocksOf(KernelView view, IReadOnlyList<KernelThread> threads)
    {
        LockGraph graph = LockGraph.Build(view);
        var builder = new ReportBuilder(view, graph);
        var uses = new List<LockUse>();
        foreach (KernelThread thread in threads)
        {
            graph.InspectLocksOf(thread);
            List<LockEntry> entries = [.. thread.Entries.Where(entry => entry.Relation != LockRelation.Free)];
            uses.AddRange(entries.Select(entry => new LockUse(thread.Address, builder.Entry(entry))));

            // A wait that no entry tells of: a mutant without AutoBoost, a kernel without entries, a thread that ran out of them.
            if (graph.WaitsFor(thread.Address) is { } node && !entries.Exists(entry => entry.Relation == LockRelation.Waits && entry.Lock == node.Address))
            {
                uses.Add(new LockUse(thread.Address, node.Address, node.Kind, LockRelation.Waits, Entry: null));
            }

            uses.AddRange(graph.OwnedWithoutEntry(thread.Address).Select(owned => new LockUse(thread.Address, owned.Address, owned.Kind, LockRelation.Owns, Entry: null)));
        }

        return uses;
    }
}

/// <summary>A thread's part in one lock.</summary>
/// <param name="Thread">_ETHREAD.</param>
/// <param name="Lock">The lock; null in a free or orphaned entry.</param>
/// <param name="Kind">Kind of the lock.</param>
/// <param name="Relation">What the thread has to do with it.</param>
/// <param name="Entry">The lock entry that says so; null for a wait that only the thread's wait block tells of.</param>
public sealed record LockUse(ThreadAddress Thread, LockAddress? Lock, LockKind Kind, LockRelation Relation, EntryReport? Entry)
{
    internal LockUse(ThreadAddress thread, EntryReport entry)
        : this(thread, entry.Lock, entry.Kind, entry.Relation, entry)
    {
    }
}
