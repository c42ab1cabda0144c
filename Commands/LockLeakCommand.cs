using LockLeak.Analysis;
using LockLeak.Analysis.Findings;
using LockLeak.Reports;
using LockLeak.Target;

namespace LockLeak;

/// <summary><c>!lockleak</c>: what leaked, who owns it, who waits.</summary>
internal sealed class LockLeakCommand : ICommand
{
    public string Name => "lockleak";

    public string Usage => "!lockleak [-p <pid | image | EPROCESS>] [-a] [-v] [-dot <file>] [-json | -text] [-nosym]";

    public IReadOnlySet<string> Options { get; } = new HashSet<string> { "-p", "-a", "-v", "-dot", "-json", "-text", "-nosym" };

    public int Run(ITarget target, IConsole console, CommandOptions options)
    {
        if (options.Expression.Length > 0)
        {
            throw new CommandException(CommandResult.InvalidArgument, $"Unexpected argument '{options.Expression}'.");
        }

        var context = new CommandContext(target, console, options);
        LockLeakReport report = Investigate(context, options.Verbose ? ThreadDetail.Stack : ThreadDetail.Location);
        context.Write(report, writer => new LockLeakText(report, writer, options.Verbose, isWholeMachine: options.Process is null).Write());
        if (options.DotFile is { } file)
        {
            WriteDot(file, report);
            console.Write(options.Json ? "" : $"The wait-for graph is in {file}.\n");
        }

        return report.Findings.Count;
    }

    /// <summary>The whole question, as data.</summary>
    /// <param name="context">The machine, and what the user wants.</param>
    /// <param name="detail">How much of each thread.</param>
    public LockLeakReport Investigate(CommandContext context, ThreadDetail detail)
    {
        KernelView view = context.View;
        MachineScan scan = MachineScan.Run(view, context.ProcessFilter(), everyThread: false);
        BugCheckText? bugCheck = view.Target.BugCheck is { } raw ? BugChecks.Describe(raw) : null;
        if (bugCheck?.Thread is { } named and not 0)
        {
            // The thread of a bug check may be on no list any more.
            view.Thread(named);
        }

        LockGraph graph = LockGraph.Build(view);
        if (bugCheck?.Lock is { } address and not 0)
        {
            graph.Inspect(address, bugCheck.Kind);
        }

        List<Finding> findings = FindAll(new FindingContext(view, scan, graph, IsWholeMachine(context)));
        IReadOnlyList<WaitChain> chains = new WaitChains(graph).Chains();
        var builder = new ReportBuilder(view, graph);
        bool everyLock = context.Options.All || context.Options.DotFile is not null;
        HashSet<ulong> locks =
        [
            .. findings.SelectMany(finding => finding.Locks.Append(finding.Lock)), .. chains.SelectMany(chain => chain.Locks), bugCheck?.Lock ?? 0,
            .. graph.Locks.Where(node => node is { Waiters.Count: > 0, Owners.Count: 0 }).Select(node => node.Address),
        ];
        List<LockNode> nodes = [.. graph.Locks.Where(node => everyLock || locks.Contains(node.Address)).OrderBy(node => node.Address)];
        foreach (LockNode node in nodes.TakeWhile(_ => !view.IsInterrupted))
        {
            // A lock that nobody waits for has not been looked at yet.
            graph.Inspect(node.Address);
        }

        HashSet<ulong> threads =
        [
            .. findings.SelectMany(finding => finding.Threads.Append(finding.Thread).Concat(finding.Waiters).Concat(finding.Owners)),
            .. chains.SelectMany(chain => chain.Threads),
            .. nodes.SelectMany(node => node.Owners.Select(owner => owner.Thread).Concat(node.Waiters.Select(waiter => waiter.Thread))),
            bugCheck?.Thread ?? 0,
        ];
        threads.Remove(0);

        HashSet<ulong> located = Located(context, findings, chains, bugCheck?.Thread ?? 0);
        return new LockLeakReport(Name, ReportBuilder.Target(view.Target, view.Layout))
        {
            Findings = [.. findings.Select(ReportBuilder.Finding)],
            Chains = [.. chains.Select(chain => new ChainReport(chain.Threads, chain.Locks, chain.Blocked, chain.Owners))],
            Threads = [.. threads.Order().Select(thread => builder.Thread(thread, located.Contains(thread) ? detail : ThreadDetail.Plain))],
            Locks = [.. nodes.Select(builder.Lock)],
            Cost = context.Cost(scan),
            Complete = context.IsComplete(),
            Notes = view.Notes.Lines,
        };
    }

    /// <summary>
    /// The threads whose stacks are walked: those that the text shows, and with -v all. A walk is dear on a live machine, where
    /// the engine reads unwind data piece by piece, and a busy machine has hundreds of chains.
    /// </summary>
    private static HashSet<ulong> Located(CommandContext context, List<Finding> findings, IReadOnlyList<WaitChain> chains, ulong bugCheckThread)
    {
        bool all = context.Options.Verbose;
        int shownChains = all ? chains.Count : LockLeakText.MostChains;
        return
        [
            .. findings.SelectMany(finding => finding.Threads.Append(finding.Thread)),
            .. findings.SelectMany(finding => finding.Waiters.Take(all ? int.MaxValue : LockLeakText.MostWaiters)),
            .. findings.SelectMany(finding => finding.Owners.Take(all ? int.MaxValue : LockLeakText.MostWaiters)),
            .. chains.Take(shownChains).SelectMany(chain => chain.Threads),
            bugCheckThread,
        ];
    }

    private static bool IsWholeMachine(CommandContext context) =>
        context.Options.Process is null && !context.View.Target.Facts.IsTriageDump && !context.View.Notes.HasBreaks;

    private static List<Finding> FindAll(FindingContext context)
    {
        List<Finding> findings =
        [
            .. InvalidReleases.Find(context), .. LeakedEntries.Find(context), .. CorruptEntries.Find(context), .. Deadlocks.Find(context),
            .. OwnerlessLocks.Find(context), .. StaleWaiters.Find(context), .. UserModeOwners.Find(context),
        ];
        return context.View.Target.Facts.Kind == TargetKind.Live ? [.. Recheck.StillTrue(context.View, findings)] : findings;
    }

    private static void WriteDot(string file, LockLeakReport report)
    {
        try
        {
            File.WriteAllText(file, DotRenderer.Render(report));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new CommandException(CommandResult.Failed, $"The graph cannot be written to {file}: {e.Message}");
        }
    }
}
