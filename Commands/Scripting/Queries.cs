using LockLeak.Analysis;
using LockLeak.Kernel;
using LockLeak.Locks;
using LockLeak.Reports;
using LockLeak.Target;

namespace LockLeak.Scripting;

/// <summary>
/// What scripts ask about the machine. Each call looks at the machine anew and keeps nothing of it.
/// </summary>
/// <remarks>
/// All of them throw a <see cref="CommandException"/> when the question cannot be answered, show their progress on the
/// console, and stop when it says so: with what was found by then.
/// </remarks>
public static class Queries
{
    /// <summary>
    /// Every lock in use with its owners and waiters, and all findings: what <c>!lockleak -a</c> answers, but for the threads' stacks.
    /// </summary>
    public static ScriptAnswer Machine(ITarget target, IConsole console)
    {
        LockLeakReport report = Investigations.Machine(new CommandContext(target, console, CommandOptions.None with { All = true }),
            ThreadDetail.Plain);
        return new ScriptAnswer(report, report.Locks.Select(node => (node.Lock, node.Kind)));
    }

    /// <summary>One push lock with its owners and waiters: what <c>!pushlock</c> answers, but for the threads' stacks.</summary>
    /// <param name="target">The machine.</param>
    /// <param name="console">The user's.</param>
    /// <param name="address">_EX_PUSH_LOCK.</param>
    public static ScriptAnswer PushLock(ITarget target, IConsole console, ulong address)
    {
        PushLockReport report = Investigations.Lock(new CommandContext(target, console, CommandOptions.None), new LockAddress(address),
            ThreadDetail.Plain);
        return new ScriptAnswer(report, [(report.Lock, report.Kind)]);
    }

    /// <summary>What the value of a push lock says by itself: "Locked Waiting". Nothing is read.</summary>
    public static string PushLockState(ulong value) => Phrases.PushLockFlags(new PushLockValue(value));

    /// <summary>The locks of one thread, as a list of uses. Reads that thread and the locks that it names, nothing else.</summary>
    /// <param name="target">The machine.</param>
    /// <param name="console">The user's.</param>
    /// <param name="thread">_ETHREAD.</param>
    public static ScriptAnswer LocksOfThread(ITarget target, IConsole console, ulong thread)
    {
        KernelView view = FreshLook.At(target, console);
        return view.Thread(new ThreadAddress(thread)) is { } known
            ? Answer(LocksOf(view, [known]))
            : throw new CommandException(CommandResult.Failed, $"{Address.Text(thread)} is no thread that can be read.");
    }

    /// <summary>The locks of all threads of one process, as a list of uses.</summary>
    /// <param name="target">The machine.</param>
    /// <param name="console">The user's.</param>
    /// <param name="process">_EPROCESS.</param>
    public static ScriptAnswer LocksOfProcess(ITarget target, IConsole console, ulong process)
    {
        KernelView view = FreshLook.At(target, console);
        MachineScan scan = MachineScan.Run(view, ProcessFilter.Only(new ProcessAddress(process)), everyThread: true);
        return Answer(LocksOf(view, [.. scan.Threads.Select(view.Thread).Present()]));
    }

    /// <summary>One lock entry as a use, whatever its state, by way of the thread that it belongs to.</summary>
    /// <param name="target">The machine.</param>
    /// <param name="console">The user's.</param>
    /// <param name="entry">_KLOCK_ENTRY.</param>
    public static ScriptAnswer Entry(ITarget target, IConsole console, ulong entry)
    {
        KernelView view = FreshLook.At(target, console);
        if (view.ThreadOfEntry(new EntryAddress(entry)) is not { } address || view.Thread(address) is not { } thread ||
            thread.EntryAt(new EntryAddress(entry)) is not { } found)
        {
            throw new CommandException(CommandResult.Failed, $"{Address.Text(entry)} is no lock entry that belongs to a thread.");
        }

        LockGraph graph = LockGraph.Build(view);
        graph.InspectLocksOf(thread);
        var use = new LockUse(address, new ReportBuilder(view, graph, new ThreadStacks(view)).Entry(found));
        return new ScriptAnswer(use, [(use.Lock.GetValueOrDefault(), use.Kind)]);
    }

    private static ScriptAnswer Answer(List<LockUse> uses)
    {
        string line = uses.Count == 0
            ? "none"
            : string.Join(", ", uses.GroupBy(use => use.Relation).Select(group => $"{Words.Of(group.Key)} {Phrases.Count(group.Count())}"));
        return new ScriptAnswer(new ScriptList(line, [.. uses]), uses.Select(use => (use.Lock.GetValueOrDefault(), use.Kind)));
    }

    private static List<LockUse> LocksOf(KernelView view, IReadOnlyList<KernelThread> threads)
    {
        LockGraph graph = LockGraph.Build(view);
        var builder = new ReportBuilder(view, graph, new ThreadStacks(view));
        var uses = new List<LockUse>();
        foreach (KernelThread thread in threads)
        {
            graph.InspectLocksOf(thread);
            LockEntry[] entries = thread.Entries.Taken();
            uses.AddRange(entries.Select(entry => new LockUse(thread.Address, builder.Entry(entry))));

            // A wait that no entry tells of: a mutant without AutoBoost, a kernel without entries, a thread that ran out of them.
            if (graph.WaitsFor(thread.Address) is { } node &&
                !Array.Exists(entries, entry => entry.Relation == LockRelation.Waits && entry.Lock == node.Address))
            {
                uses.Add(new LockUse(thread.Address, LockRelation.Waits, node.Kind, node.Address, Entry: null));
            }

            uses.AddRange(graph.OwnedWithoutEntry(thread.Address)
                .Select(owned => new LockUse(thread.Address, LockRelation.Owns, owned.Kind, owned.Address, Entry: null)));
        }

        return uses;
    }
}
