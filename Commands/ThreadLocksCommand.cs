using LockLeak.Analysis;
using LockLeak.Kernel;
using LockLeak.Reports;
using LockLeak.Target;

namespace LockLeak;

/// <summary><c>!threadlocks</c>: what threads hold and wait for; with a thread, all of its lock entries.</summary>
internal sealed class ThreadLocksCommand : ICommand
{
    public string Name => "threadlocks";

    public string Usage => "!threadlocks [thread] [-p <pid | image | EPROCESS>] [-wr <reason,...>] [-s] [-a] [-v] [-json | -text] [-nosym]";

    public int Run(ITarget target, IConsole console, CommandOptions options)
    {
        List<byte> reasons = [.. options.WaitReasons.Select(name =>
            WaitReasons.Parse(name) ?? throw new CommandException(CommandResult.InvalidArgument,
                $"'{name}' is no wait reason of _KWAIT_REASON."))];
        var context = new CommandContext(target, console, options);
        if (options.Expression.Length > 0)
        {
            OneThread(context, new ThreadAddress(context.Evaluate(options.Expression)));
        }
        else
        {
            AllThreads(context, reasons);
        }

        return 0;
    }

    private void OneThread(CommandContext context, ThreadAddress address)
    {
        KernelView view = context.View;
        if (view.Thread(address) is not { } thread)
        {
            throw new CommandException(CommandResult.Failed,
                $"{address} is no thread that can be read. Give an _ETHREAD address, such as @$thread.");
        }

        LockGraph graph = LockGraph.Build(view);
        graph.InspectLocksOf(thread);
        view.Phases.Begin(Phase.Output);
        ThreadReport threadReport =
            new ReportBuilder(view, graph, new ThreadStacks(view))
            .Thread(address, ThreadDetail.AllEntries | (context.Options.Verbose ? ThreadDetail.Stack : ThreadDetail.Location));
        ThreadLocksReport report = Report(context, scan: null, [threadReport], processes: null);
        context.Write(report, writer => new ThreadText(report, writer, view.Layout.Family, context.Options.Verbose).Write());
    }

    private void AllThreads(CommandContext context, List<byte> reasons)
    {
        KernelView view = context.View;
        CommandOptions options = context.Options;
        bool everyThread = options.All || options.Summary || reasons.Exists(reason => !WaitReasons.IsLock(reason));
        MachineScan scan = context.Scan(view, everyThread);
        LockGraph graph = LockGraph.Build(view);
        view.Phases.Begin(Phase.Output);
        var builder = new ReportBuilder(view, graph, new ThreadStacks(view));
        var seen = scan.Threads.ToHashSet();
        List<KernelThread> threads = [.. view.KnownThreads().Where(thread => seen.Contains(thread.Address))];
        IEnumerable<KernelThread> wanted = reasons.Count > 0
            ? threads.Where(thread => thread.IsWaiting && reasons.Contains(thread.WaitReason))
            : threads.Where(thread =>
                options.All || thread.WaitsForLock || graph.WaitsFor(thread.Address) is not null ||
                graph.OwnedWithoutEntry(thread.Address).Any() || thread.EntriesInUse.Length > 0);
        ThreadDetail detail = options.Verbose ? ThreadDetail.Stack : ThreadDetail.Plain;
        ThreadLocksReport report = Report(
            context,
            scan,
            options.Summary ? [] : [.. wanted.Select(thread => builder.Thread(thread.Address, detail))],
            options.Summary ? Summaries(threads) : null);
        context.Write(report, writer => new ThreadListText(report, writer, options.WaitReasons).Write());
    }

    private ThreadLocksReport Report(CommandContext context, MachineScan? scan, IReadOnlyList<ThreadReport> threads,
        IReadOnlyList<ProcessReport>? processes) =>
        new(Name, ReportBuilder.Target(context.View))
        {
            Threads = threads,
            Processes = processes,
            Cost = context.Cost(scan),
            Complete = context.IsComplete(),
            Notes = context.View.Notes.Lines,
        };

    private static List<ProcessReport> Summaries(IEnumerable<KernelThread> threads) =>
    [
        .. threads.GroupBy(thread => thread.Process).Where(group => group.Key is not null).Select(group => new ProcessReport(
            group.Key!.Address,
            group.Key.ImageFileName,
            (long)group.Key.UniqueProcessId,
            group.Count(),
            group.Count(thread => thread.IsTerminated),
            group.Count(thread => thread.State == ThreadStates.Running),
            group.Count(thread => ThreadStates.IsReady(thread.State)),
            group.Count(thread => thread.IsWaiting),
            group.Count(thread => thread.WaitsForLock),
            group.Count(thread => thread.EntriesInUse.Any(entry => entry is { Relation: LockRelation.Owns, IsUser: false })))),
    ];
}
