using System.Globalization;
using LockLeak.Analysis;
using LockLeak.Code;
using LockLeak.Findings;
using LockLeak.Kernel;
using LockLeak.Locks;
using LockLeak.Target;

namespace LockLeak.Reports;

/// <summary>How much of a thread goes into a report.</summary>
[Flags]
internal enum ThreadDetail
{
    /// <summary>What was read anyway.</summary>
    Plain = 0,

    /// <summary>Free entries too.</summary>
    AllEntries = 1,

    /// <summary>Where in the code it is: a stack walk, which is dear on a live machine.</summary>
    Location = 2,

    /// <summary>The whole stack.</summary>
    Stack = 4 | Location,
}

/// <summary>Turns what the analysis found into the data of a report, looking up names on the way.</summary>
/// <param name="view">The machine.</param>
/// <param name="graph">Who owns and who waits.</param>
/// <param name="stacks">Where threads are.</param>
internal sealed class ReportBuilder(KernelView view, LockGraph graph, ThreadStacks stacks)
{
    private readonly SymbolNames symbols = new(view.Target.Symbols);
    private readonly Lazy<PoolTags> poolTags = new(() => new PoolTags(view));
    private readonly Lazy<Dictionary<ulong, int>> running = new(() =>
        view.Target.RunningThreads.Select((thread, processor) => (thread, processor)).Where(pair => pair.thread != 0)
            .DistinctBy(pair => pair.thread)
            .ToDictionary(pair => pair.thread, pair => pair.processor));

    /// <summary>The machine.</summary>
    public static TargetReport Target(KernelView view, BugCheckText? described = null, bool withName = false)
    {
        (ITarget target, KernelLayout layout) = (view.Target, view.Layout);
        MachineDescription machine = MachineDescription.Read(view, withName);
        return new TargetReport(
            Words.Of(target.Facts.Kind),
            target.Facts.Build,
            target.Facts.PointerSize,
            Words.OfLayout(layout.IsBuiltIn),
            layout.Source,
            target.BugCheck is { } bugCheck ? BugCheck(bugCheck, described ?? BugChecks.Describe(bugCheck, target.Facts.Build)) : null)
        {
            Revision = machine.Revision,
            Lab = machine.Lab,
            Machine = machine.Name,
            StopTime = machine.Time?.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture),
            UptimeMilliseconds = machine.UptimeMilliseconds,
            Processors = target.RunningThreads.Count is > 0 and var processors ? processors : null,
            Dump = Words.Of(target.Facts.Dump),
        };
    }

    /// <summary>A thread; of one that cannot be read only the address, and a note.</summary>
    /// <param name="address">_ETHREAD.</param>
    /// <param name="detail">How much of it.</param>
    /// <param name="waitsOn">What it waits for besides locks.</param>
    public ThreadReport Thread(ThreadAddress address, ThreadDetail detail, WaitReport? waitsOn = null)
    {
        if (view.Thread(address) is not { } thread)
        {
            view.Notes.Add($"No thread can be read at {address}: it is gone, paged out or not in the dump.");
            return ThreadReport.Unknown(address);
        }

        if (thread.Process is null)
        {
            view.Notes.Add($"The process of thread {address} cannot be read, so its name is not known.");
        }

        // An ended thread always stands in the kernel's own end of a thread.
        var stack = detail.HasFlag(ThreadDetail.Location) ? stacks.Of(thread) : [];
        SymbolName? at = thread.HasEnded ? null : CodeLocation.Of(stack);
        return new ThreadReport(
            address,
            thread.Process?.Address,
            thread.Process?.ImageFileName,
            (long)thread.UniqueProcess,
            (long)thread.UniqueThread,
            thread.Name,
            ThreadStates.Name(thread.State),
            view.Layout.WaitReasonName(thread.WaitReason),
            view.WaitMilliseconds(thread),
            thread.IsTerminated,
            thread.IsExhausted,
            Optional(thread.StartAddress),
            symbols.Text(thread.StartAddress),
            Entries(thread, detail.HasFlag(ThreadDetail.AllEntries)))
        {
            WaitIsLowerBound = thread.IsWaiting ? thread.WaitReason == WaitReasons.WrResource : null,
            WaitsFor = graph.WaitsFor(address)?.Address,
            WaitsOn = waitsOn,
            Holds = [.. graph.OwnedWithoutEntry(address).Select(node => new HeldLock(node.Address, node.Kind))],
            Processor = running.Value.TryGetValue(address.Value, out int processor) ? processor : null,
            At = at?.ToString(),
            Source = at?.Source,
            Stack = detail.HasFlag(ThreadDetail.Stack)
                ? [.. stack.Select(frame =>
                $"{Address.Text(frame.Frame.Stack)} {frame.Symbol?.ToString() ?? Address.Text(frame.Frame.Instruction)}")] : [],
            Priority = thread.Priority,
            BasePriority = thread.BasePriority,
            ContextSwitches = thread.ContextSwitches,
        };
    }

    /// <summary>A lock with its owners and waiters.</summary>
    public LockReport Lock(LockNode node) => new(
        node.Address,
        node.Kind,
        symbols.Text(node.Address.Value),
        node.Value,
        node.IsLocked,
        node.SharedOwners,
        node.IsExclusive,
        [.. node.Owners.Select(owner => new OwnerReport(owner.Thread, owner.Entry?.Address, owner.FoundBy))],
        [.. node.Waiters.Select(Waiter)])
    {
        Abandoned = node.IsAbandoned,
        OwnerPointers = node.OwnerPointers,
        Detail = node.Detail,
        Pool = node.Kind.IsLock && symbols.Of(node.Address.Value) is null ? poolTags.Value.Of(node.Address.Value) : null,
    };

    /// <summary>A finding.</summary>
    public FindingReport Finding(Finding finding, FoundSites sites, Culprit culprit) => new(
        finding.Kind, finding.Certainty, Optional(finding.Thread), Optional(finding.Entry), finding.Lock?.Address,
        finding.Waiters, finding.Owners, finding.Threads, [.. finding.Locks.Select(node => node.Address)], finding.Message, finding.Reason)
    {
        Owner = Optional(finding.Owner),
        Module = culprit.Module,
        ModuleVersion = culprit.ModuleVersion,
        Function = culprit.Function,
        Signature = culprit.Signature,
        Sites = Sites(sites),
        SiteNotes = sites.Notes,
        LacksAnImage = sites.LacksAnImage,
    };

    /// <summary>A wait chain.</summary>
    public ChainReport Chain(WaitChain chain, FoundSites sites) =>
        new(chain.Threads, [.. chain.Locks.Select(node => node.Address)], chain.Blocked, chain.Owners) { Sites = Sites(sites) };

    /// <summary>Places in the code.</summary>
    public IReadOnlyList<SiteReport> Sites(FoundSites found) => [.. found.Sites.Select(Site)];

    /// <summary>Instructions that refer to a lock.</summary>
    public IReadOnlyList<ReferenceReport> References(IEnumerable<ulong> instructions) =>
        [.. instructions.Select(address => new ReferenceReport(address, symbols.Text(address), symbols.Of(address)?.Source))];

    private SiteReport Site(LockSite found) => new(
        found.Site.Verdict,
        found.Thread,
        found.Lock.Address,
        found.Site.Address,
        found.Site.Symbol?.ToString(),
        found.Site.Symbol?.Source,
        found.Site.Routine,
        found.Lock.Kind,
        found.Site.Exclusive ? LockMode.Exclusive : LockMode.Shared)
    {
        SameLock = found.Site.Match == LockMatch.Same,
        ReturnsAt = found.Site.ReturnsAt,
        Branch = found.Site.Branch,
        Raises = found.Site.Raises,
        Unless = found.Site.Unless,
        Through = found.Site.Through,
        Symbols = new ulong?[] { found.Site.ReturnsAt, found.Site.Branch, found.Site.Raises }.Present().Concat(found.Site.Unless)
            .Concat(found.Site.Through).Distinct()
            .ToDictionary(address => address, address => symbols.Of(address)),
    };

    /// <summary>Null for 0.</summary>
    private static ulong? Optional(ulong address) => address == 0 ? null : address;

    private static T? Optional<T>(T address)
        where T : struct, IKernelAddress => address.Value == 0 ? null : address;

    private static BugCheckReport BugCheck(BugCheck bugCheck, BugCheckText text)
    {
        return new BugCheckReport(
            $"0x{bugCheck.Code:x}",
            text.Name,
            [bugCheck.Parameter1, bugCheck.Parameter2, bugCheck.Parameter3, bugCheck.Parameter4],
            [.. text.Parameters.Where(parameter => parameter.Length > 0)])
        {
            Thread = Optional(text.Thread),
            Lock = Optional(text.Lock),
        };
    }

    private EntryReport[] Entries(KernelThread thread, bool withFree) =>
        Array.ConvertAll(withFree ? [.. thread.Entries.All()] : thread.Entries.Taken(), Entry);

    private static WaiterReport Waiter(LockWaiter waiter) => new(
        Optional(waiter.Thread), Optional(waiter.WaitBlock), waiter.Mode, waiter.FoundBy);

    /// <summary>A lock entry.</summary>
    public EntryReport Entry(LockEntry entry)
    {
        bool hasLock = entry.Relation != LockRelation.Free && entry.Lock.Value != 0;
        return new EntryReport(
            entry.Address,
            entry.Index,
            hasLock ? entry.Lock : null,
            hasLock && !entry.IsUser ? graph.Find(entry.Lock)?.Kind ?? LockKind.Unknown : LockKind.Unknown,
            entry.Relation,
            entry.InTree, entry.IsHead, entry.IsBusy, entry.IsCrossThreadReleasable, entry.SessionId)
        {
            User = entry.IsUser,
            LockUnsafe = entry.LockUnsafe,
            EntryFlags = entry.EntryFlags,
            CrossThreadFlags = entry.CrossThreadFlags,
            CpuPriorityKey = entry.CpuPriorityKey,
            Boosts = entry.Boosts,
            LeadsTo = entry.IsCorrupt ? entry.ComputedThread : null,
        };
    }
}
