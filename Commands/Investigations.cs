using LockLeak.Analysis;
using LockLeak.Checks;
using LockLeak.Findings;
using LockLeak.Kernel;
using LockLeak.Locks;
using LockLeak.Reports;
using LockLeak.Target;

namespace LockLeak;

/// <summary>The questions that commands and scripts ask, answered as reports.</summary>
internal static class Investigations
{
    /// <summary>What leaked, who owns it, who waits.</summary>
    /// <param name="context">The machine, and what the user wants.</param>
    /// <param name="detail">How much of each thread.</param>
    /// <param name="withName">Ask for the computer's name: a debugger that loads symbols for it may say something about them.</param>
    /// <exception cref="CommandException">No process is the one that was asked for.</exception>
    public static LockLeakReport Machine(CommandContext context, ThreadDetail detail, bool withName = false)
    {
        KernelView view = context.View;
        BugCheckText? bugCheck = view.Target.BugCheck is { } raw ? BugChecks.Describe(raw, view.Target.Facts.Build) : null;
        MachineScan scan = context.Scan(view, everyThread: bugCheck?.Cid is not null);
        bugCheck = WithThread(view, bugCheck);
        if (bugCheck is { Thread.Value: not 0 })
        {
            // The thread of a bug check may be on no list any more.
            view.Thread(bugCheck.Thread);
        }

        bool isWholeMachine = context.Options is { Process: null, Fast: false } && !view.Target.Facts.IsTriageDump;
        foreach (ulong running in view.Target.RunningThreads.Where(thread => isWholeMachine && thread != 0))
        {
            view.Thread(new ThreadAddress(running));
        }

        LockGraph graph = LockGraph.Build(view);
        if (bugCheck is { Lock.Value: not 0 })
        {
            graph.Inspect(bugCheck.Lock, bugCheck.Kind);
        }

        // A walk over all resources takes a read for each of thousands: on a live machine only if there is nothing else to tell.
        bool isLive = view.Target.Facts.Kind == TargetKind.Live;
        if (isWholeMachine && (!isLive || context.Options.All))
        {
            graph.InspectHeldResources();
        }

        SelfCheck check = SelfCheck.Run(new CheckContext(view, graph, scan.Walks, context.Options.Check),
            isLive ? () => LookAgain(context) : null);
        check.Tell(view.Notes);
        var looked = new FindingContext(view, graph, bugCheck, isWholeMachine);
        List<Finding> findings = Finders.Run(looked);
        if (isWholeMachine && isLive && findings.Count == 0)
        {
            graph.InspectHeldResources();
            findings = Finders.Run(looked);
        }

        if (isLive && findings.Count > 0)
        {
            findings = SecondLook.StillTrue(context, findings, bugCheck, isWholeMachine);
        }

        findings = check.Weigh(findings);
        var waits = new WaitChains(graph);
        IReadOnlyList<WaitChain> chains = waits.Chains();
        var hangs = new Hangs(view, graph);
        // Whoever waits for a thread that a finding accuses waits for what the finding says.
        HashSet<ThreadAddress> accused = [.. findings.SelectMany(finding => finding.Accused)];
        Blocker? blocker = hangs.Find(waits, chains.Where(chain => !chain.Threads.Any(accused.Contains)));
        chains = blocker is null ? chains : [blocker.Chain, .. chains.Where(chain => chain != blocker.Chain)];
        IReadOnlyList<LongContention> contentions = hangs.Contentions();
        List<LockNode> nodes = LocksOf(context, graph, findings,
            [.. chains.SelectMany(chain => chain.Locks), .. contentions.Select(found => found.Lock)], bugCheck);
        HashSet<ThreadAddress> threads =
        [
            .. findings.SelectMany(finding => finding.Accused.Concat(finding.Waiters).Concat(finding.Owners)),
            .. chains.SelectMany(chain => chain.Threads),
            .. nodes.SelectMany(node => node.Owners.Select(owner => owner.Thread).Concat(node.Waiters.Select(waiter => waiter.Thread))),
            bugCheck?.Thread ?? default,
        ];
        threads.Remove(default);

        HashSet<ThreadAddress> located = Located(context, findings, chains, bugCheck?.Thread ?? default);
        view.Phases.Begin(Phase.Output);
        var stacks = new ThreadStacks(view);
        var sites = new LockSites(view, stacks);
        var guilty = new GuiltyCode(view, stacks);
        var builder = new ReportBuilder(view, graph, stacks);
        int explained = context.Options.Verbose || context.Options.All ? chains.Count : Math.Min(chains.Count, LockLeakText.MostChains);
        Dictionary<ThreadAddress, WaitReport> waitsOn = WaitsOn(view, graph, stacks, chains.Take(explained));
        var hang = new HangBuilder(looked, stacks, waitsOn);
        return new LockLeakReport("lockleak", ReportBuilder.Target(view, bugCheck, withName))
        {
            Findings = [.. findings.Select(finding => builder.Finding(finding, sites.Of(finding), guilty.Of(finding)))],
            Blocker = blocker is null ? null : hang.Blocker(blocker),
            Contentions = [.. contentions.Select(HangBuilder.Contention)],
            IsContention = hangs.AllAreShort,
            Chains = [.. chains.Select((chain, index) =>
                builder.Chain(chain, index < LockLeakText.MostChains ? sites.Of(chain) : FoundSites.None))],
            Threads = [.. threads.OrderBy(thread => thread.Value)
                .Select(thread => builder.Thread(thread, located.Contains(thread) ? detail : ThreadDetail.Plain,
                    waitsOn.GetValueOrDefault(thread)))],
            Locks = [.. nodes.Select(builder.Lock)],
            Checks = context.Options.Check ? CheckReport.Of(check) : null,
            Complete = context.IsComplete(),
            Cost = context.Cost(scan),
            Notes = view.Notes.Lines,
        };
    }

    /// <summary>What the threads at the end of chains wait for besides locks, and who has to answer the messages on the way.</summary>
    private static Dictionary<ThreadAddress, WaitReport> WaitsOn(KernelView view, LockGraph graph, ThreadStacks stacks,
        IEnumerable<WaitChain> chains)
    {
        var ends = new WaitEnds(view, stacks);
        Dictionary<ThreadAddress, WaitReport> waitsOn = [];
        foreach (ThreadAddress address in chains.SelectMany(chain => chain.Threads))
        {
            if (!view.IsInterrupted && graph.WaitsFor(address)?.Kind is null or AlpcMessage && view.Thread(address) is { } thread &&
                ends.Of(thread) is { } end)
            {
                waitsOn[address] = WaitReport.Of(view, thread, end);
            }
        }

        return waitsOn;
    }

    /// <summary>The machine anew, for what disagrees on one that may run on.</summary>
    private static CheckContext LookAgain(CommandContext context)
    {
        var view = new KernelView(context.View.Target, context.View.Layout, context.Console);
        MachineScan scan = context.Scan(view);
        LockGraph graph = LockGraph.Build(view);
        return new CheckContext(view, graph, scan.Walks, context.Options.Check);
    }

    /// <summary>Finds the thread of a bug check that does not name it by its address.</summary>
    private static BugCheckText? WithThread(KernelView view, BugCheckText? bugCheck)
    {
        if (bugCheck is not { Thread.Value: 0 })
        {
            return bugCheck;
        }

        ThreadAddress thread = bugCheck.IsAboutTheCaller ? new(view.Target.CurrentThread)
            : bugCheck.Processor is { } processor && processor < view.Target.RunningThreads.Count
                ? new(view.Target.RunningThreads[processor])
            : bugCheck.Cid is { } cid
                ? view.KnownThreads().FirstOrDefault(known => (known.UniqueProcess, known.UniqueThread) == cid)?.Address ?? default
            : default;
        return bugCheck with { Thread = thread };
    }

    /// <summary>One lock with its owners and waiters.</summary>
    /// <param name="context">The machine.</param>
    /// <param name="address">The lock, a push lock unless something else is there.</param>
    /// <param name="detail">How much of each thread.</param>
    /// <exception cref="CommandException">There is no memory at the address.</exception>
    public static PushLockReport Lock(CommandContext context, LockAddress address, ThreadDetail detail)
    {
        KernelView view = context.View;
        if (!KernelMemory.IsKernelAddress(address.Value) || !view.Memory.TryReadUInt64(address.Value, out _))
        {
            throw new CommandException(CommandResult.Failed,
                $"The memory at {address} cannot be read: it is not mapped, paged out or not in the dump.");
        }

        MachineScan scan = context.Options.Fast ? MachineScan.OfTable(view, address)
            : MachineScan.Run(view, ProcessFilter.All, everyThread: false);
        LockGraph graph = LockGraph.Build(view);
        LockNode node = graph.Inspect(address, LockKinds.PushLock);
        view.Phases.Begin(Phase.Output);
        var stacks = new ThreadStacks(view);
        var sites = new LockSites(view, stacks);
        var builder = new ReportBuilder(view, graph, stacks);
        PushLockValue value = node.Kind == LockKinds.PushLock ? new PushLockValue(node.Value.GetValueOrDefault()) : default;
        IEnumerable<ThreadAddress> threads =
            node.Owners.Select(owner => owner.Thread).Concat(node.Waiters.Select(waiter => waiter.Thread))
            .Where(thread => thread.Value != 0).Distinct();
        return new PushLockReport("pushlock", ReportBuilder.Target(view), builder.Lock(node))
        {
            Waiting = value.IsWaiting || (node.Kind != LockKinds.PushLock && node.Waiters.Count > 0),
            Waking = value.IsWaking,
            MultipleShared = value.IsMultipleShared,
            Sites = builder.Sites(sites.Of(node)),
            References = context.Options.Verbose ? builder.References(sites.ReferencesTo(address)) : [],
            Threads = [.. threads.Select(thread => builder.Thread(thread, detail))],
            Complete = context.IsComplete(),
            Cost = context.Cost(scan),
            Notes = view.Notes.Lines,
        };
    }

    /// <summary>The locks that a report shows: those of findings and chains, contended ones without an owner, and on demand all.</summary>
    private static List<LockNode> LocksOf(CommandContext context, LockGraph graph, List<Finding> findings, IEnumerable<LockNode> waitedFor,
        BugCheckText? bugCheck)
    {
        HashSet<LockNode> wanted = [.. findings.SelectMany(finding => finding.AllLocks), .. waitedFor];
        List<LockNode> nodes =
        [
            .. graph.Locks.Where(node =>
            context.Options.All || node.Address == bugCheck?.Lock || node is { Waiters.Count: > 0, Owners.Count: 0 } ||
                wanted.Contains(node))
                .OrderBy(node => node.Address.Value),
        ];
        foreach (LockNode node in nodes.TakeWhile(_ => !context.View.IsInterrupted))
        {
            // A lock that nobody waits for has not been looked at yet.
            graph.Inspect(node.Address);
        }

        return nodes;
    }

    /// <summary>
    /// The threads whose stacks are walked: those that the text shows, and with -v all. A walk is expensive on a live machine,
    /// where the engine reads unwind data piece by piece, and a busy machine has hundreds of chains.
    /// </summary>
    private static HashSet<ThreadAddress> Located(CommandContext context, List<Finding> findings, IReadOnlyList<WaitChain> chains,
        ThreadAddress bugCheckThread)
    {
        bool all = context.Options.Verbose;
        int shownChains = all ? chains.Count : LockLeakText.MostChains;
        int shownThreads = all ? int.MaxValue : ThreadLines.Most;
        return
        [
            .. findings.SelectMany(finding => finding.Accused),
            .. findings.SelectMany(finding => finding.Waiters.Take(shownThreads)),
            .. findings.SelectMany(finding => finding.Owners.Take(shownThreads)),
            .. chains.Take(shownChains).SelectMany(chain => chain.Threads),
            bugCheckThread,
        ];
    }
}
