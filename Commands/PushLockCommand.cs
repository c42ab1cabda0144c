using LockLeak.Analysis;
using LockLeak.Kernel;
using LockLeak.Reports;
using LockLeak.Target;

namespace LockLeak;

/// <summary><c>!pushlock</c>: one push lock with its wait blocks, owners and waiters.</summary>
internal sealed class PushLockCommand : ICommand
{
    public string Name => "pushlock";

    public string Usage => "!pushlock <address> [-v] [-json | -text] [-nosym]";

    public IReadOnlySet<string> Options { get; } = new HashSet<string> { "-v", "-json", "-text", "-nosym" };

    public int Run(ITarget target, IConsole console, CommandOptions options)
    {
        if (options.Expression.Length == 0)
        {
            throw new CommandException(CommandResult.InvalidArgument, "Which push lock? Give its address.");
        }

        var context = new CommandContext(target, console, options);
        PushLockReport report = Investigate(context, context.Evaluate(options.Expression), options.Verbose ? ThreadDetail.Stack : ThreadDetail.Location);
        context.Write(report, writer => new PushLockText(report, writer, options.Verbose).Write());
        return 0;
    }

    /// <summary>The whole question, as data.</summary>
    /// <param name="context">The machine.</param>
    /// <param name="address">The lock.</param>
    /// <param name="detail">How much of each thread.</param>
    /// <exception cref="CommandException">There is no memory at the address.</exception>
    public PushLockReport Investigate(CommandContext context, ulong address, ThreadDetail detail)
    {
        KernelView view = context.View;
        if (!KernelMemory.IsKernelAddress(address) || !view.Memory.TryReadUInt64(address, out _))
        {
            throw new CommandException(CommandResult.Failed, $"The memory at {Address.Text(address)} cannot be read: it is not mapped, paged out or not in the dump.");
        }

        MachineScan scan = MachineScan.Run(view, ProcessFilter.All, everyThread: false);
        LockGraph graph = LockGraph.Build(view);
        return Report(context, scan, graph, graph.Inspect(address, LockKind.PushLock), detail);
    }

    private PushLockReport Report(CommandContext context, MachineScan scan, LockGraph graph, LockNode node, ThreadDetail detail)
    {
        var builder = new ReportBuilder(context.View, graph);
        LockReport facts = builder.Lock(node);
        IEnumerable<ulong> threads = node.Owners.Select(owner => owner.Thread).Concat(node.Waiters.Select(waiter => waiter.Thread)).Where(thread => thread != 0).Distinct();
        bool isPushLock = node.Kind == LockKind.PushLock;
        PushLockValue value = isPushLock ? node.PushLock : default;
        return new PushLockReport(Name, ReportBuilder.Target(context.View.Target, context.View.Layout))
        {
            Lock = node.Address,
            Kind = facts.Kind,
            TypeName = facts.TypeName,
            Symbol = facts.Symbol,
            Value = node.Value,
            Locked = isPushLock ? value.IsLocked : node.IsLocked == true,
            Waiting = isPushLock ? value.IsWaiting : node.Waiters.Count > 0,
            Waking = value.IsWaking,
            MultipleShared = value.IsMultipleShared,
            SharedOwners = facts.SharedOwners,
            Exclusive = facts.Exclusive,
            Owners = facts.Owners,
            Waiters = facts.Waiters,
            Threads = [.. threads.Select(thread => builder.Thread(thread, detail))],
            Cost = context.Cost(scan),
            Complete = context.IsComplete(),
            Notes = context.View.Notes.Lines,
        };
    }
}
