using LockLeak.DbgEng.DataModel;
using LockLeak.Kernel;
using LockLeak.Reports;

namespace LockLeak.Extension.DataModel;

/// <summary>The shapes of a report's records. Keys have the names of the JSON schema "lockleak/1", in Pascal case.</summary>
internal sealed class LockShapes(ModelHost host) : IDisposable
{
    /// <summary>Milliseconds of a thread that does not wait, processor of one that does not run. LINQ can order and compare it.</summary>
    private const long NotThere = -1;

    private readonly List<IDisposable> shapes = [];

    /// <summary>@$lockgraph().</summary>
    public Shape<LockLeakReport> Graph => field ??= WithReport(New<LockLeakReport>(report => $"{Phrases.Count(report.Findings.Count, "finding")}, {Phrases.Count(report.Locks.Count, "lock")}, {Phrases.Count(report.Threads.Count, "thread")}")
        .Key("Findings", (answer, report) => answer.List(report.Findings, "finding", Finding))
        .Key("Chains", (answer, report) => answer.List(report.Chains, "chain", Chain))
        .Key("Threads", (answer, report) => answer.List(report.Threads, "thread", Thread))
        .Key("Locks", (answer, report) => answer.List(report.Locks, "lock", Lock)));

    /// <summary>@$lockat().</summary>
    public Shape<PushLockReport> PushLock => field ??= WithReport(New<PushLockReport>(report => Text(report.Node))
        .Key("Lock", (answer, report) => answer.Lock(report.Lock))
        .Key("Kind", (answer, report) => answer.Target.Text(report.Kind))
        .Key("Symbol", (answer, report) => answer.Target.Text(report.Symbol))
        .Key("Value", (answer, report) => answer.Target.Raw(report.Value))
        .Key("Locked", (answer, report) => answer.Target.Flag(report.Locked))
        .Key("Waiting", (answer, report) => answer.Target.Flag(report.Waiting))
        .Key("Waking", (answer, report) => answer.Target.Flag(report.Waking))
        .Key("MultipleShared", (answer, report) => answer.Target.Flag(report.MultipleShared))
        .Key("SharedOwners", (answer, report) => answer.Target.Count(report.SharedOwners))
        .Key("Exclusive", (answer, report) => answer.Target.Flag(report.Exclusive))
        .Key("Owners", (answer, report) => Owners(answer, report.Owners))
        .Key("Waiters", (answer, report) => Waiters(answer, report.Waiters))
        .Key("Threads", (answer, report) => answer.List(report.Threads, "thread", Thread)));

    /// <summary>A thread's part in a lock: the elements of Locks on thread and process objects.</summary>
    private Shape<LockUse> Use => field ??= New<LockUse>(Text)
        .Key("Thread", (answer, use) => answer.Thread(use.Thread))
        .Key("Relation", (answer, use) => answer.Target.Text(use.Relation))
        .Key("Kind", (answer, use) => answer.Target.Text(use.Kind))
        .Key("Lock", (answer, use) => answer.Lock(use.Lock))
        .Key("Entry", (answer, use) => answer.Entry(use.Entry?.Entry));

    /// <summary>"owns push lock ffffc788`3a0f6f70".</summary>
    public static string Text(LockUse use) => Text(use.Relation, use.Kind, use.Lock);

    /// <summary>Locks of a thread, with a line such as "owns 2, waits 1".</summary>
    public ModelObject Uses(Answer answer, IReadOnlyList<LockUse> uses) => answer.Target.List(
        uses,
        uses.Count == 0 ? "none" : string.Join(", ", uses.GroupBy(use => use.Relation).Select(group => $"{group.Key} {Phrases.Count(group.Count())}")),
        use => Use.Make(answer, use));

    /// <summary>Locks of many threads, which are not looked for before somebody walks over them.</summary>
    public ModelObject Uses(Snapshot target, Func<(Answer Answer, IReadOnlyList<LockUse> Uses)> find) => target.LazyList<(Answer Answer, LockUse Use)>(
        () =>
        {
            (Answer answer, IReadOnlyList<LockUse> uses) = find();
            return [.. uses.Select(use => (answer, use))];
        },
        found => Use.Make(found.Answer, found.Use));

    /// <summary>Locks of the whole machine, which are not looked for before somebody walks over them.</summary>
    public ModelObject Locks(Snapshot target, Func<(Answer Answer, IReadOnlyList<LockReport> Locks)> find) => target.LazyList<(Answer Answer, LockReport Lock)>(
        () =>
        {
            (Answer answer, IReadOnlyList<LockReport> locks) = find();
            return [.. locks.Select(node => (answer, node))];
        },
        found => Lock.Make(found.Answer, found.Lock));

    /// <summary>Owners of a lock.</summary>
    public ModelObject Owners(Answer answer, IReadOnlyList<OwnerReport> owners) => answer.List(owners, "thread", Owner);

    /// <summary>Threads that wait for a lock.</summary>
    public ModelObject Waiters(Answer answer, IReadOnlyList<WaiterReport> waiters) => answer.List(waiters, "thread", Waiter);

    private Shape<FindingReport> Finding => field ??= New<FindingReport>(finding => finding.Message)
        .Key("Kind", (answer, finding) => answer.Target.Text(finding.Kind))
        .Key("Certainty", (answer, finding) => answer.Target.Text(finding.Certainty))
        .Key("Thread", (answer, finding) => answer.Thread(finding.Thread))
        .Key("Entry", (answer, finding) => answer.Entry(finding.Entry))
        .Key("Lock", (answer, finding) => answer.Lock(finding.Lock))
        .Key("Waiters", (answer, finding) => answer.Threads(finding.Waiters))
        .Key("Owners", (answer, finding) => answer.Threads(finding.Owners))
        .Key("Threads", (answer, finding) => answer.Threads(finding.Threads))
        .Key("Locks", (answer, finding) => answer.Locks(finding.Locks))
        .Key("Message", (answer, finding) => answer.Target.Text(finding.Message))
        .Key("Reason", (answer, finding) => answer.Target.Text(finding.Reason));

    private Shape<ChainReport> Chain => field ??= New<ChainReport>(chain => string.Join(" waits for ", chain.Threads.Select(Address.Text)))
        .Key("Threads", (answer, chain) => answer.Threads(chain.Threads))
        .Key("Locks", (answer, chain) => answer.Locks(chain.Locks))
        .Key("Blocked", (answer, chain) => answer.Target.Count(chain.Blocked))
        .Key("Owners", (answer, chain) => answer.Target.Count(chain.Owners));

    private Shape<ThreadReport> Thread => field ??= New<ThreadReport>(thread => $"{thread.Image ?? "?"} {thread.Cid} {Phrases.State(thread)} {Phrases.Reason(thread)}".TrimEnd())
        .Key("Thread", (answer, thread) => answer.Thread(thread.Thread))
        .Key("Process", (answer, thread) => answer.Process(thread.Process))
        .Key("Image", (answer, thread) => answer.Target.Text(thread.Image))
        .Key("Pid", (answer, thread) => answer.Target.Raw((ulong?)thread.Pid))
        .Key("Tid", (answer, thread) => answer.Target.Raw((ulong?)thread.Tid))
        .Key("Name", (answer, thread) => answer.Target.Text(thread.Name))
        .Key("State", (answer, thread) => answer.Target.Text(thread.State))
        .Key("WaitReason", (answer, thread) => answer.Target.Text(thread.WaitReason))
        .Key("WaitMilliseconds", (answer, thread) => answer.Target.Count(thread.WaitMilliseconds ?? NotThere))
        .Key("Terminated", (answer, thread) => answer.Target.Flag(thread.Terminated))
        .Key("Exhausted", (answer, thread) => answer.Target.Flag(thread.Exhausted))
        .Key("Start", (answer, thread) => answer.Target.Raw(thread.Start ?? 0))
        .Key("StartSymbol", (answer, thread) => answer.Target.Text(thread.StartSymbol))
        .Key("At", (answer, thread) => answer.Target.Text(Whole(thread).At))
        .HiddenKey("Source", "Source line of At", (answer, thread) => answer.Target.Text(Whole(thread).Source))
        .HiddenKey("Stack", "The kernel stack, newest frame first", (answer, thread) => answer.List(Whole(thread).Stack, "frame", answer.Target.Text))
        .Key("WaitsFor", (answer, thread) => answer.Lock(thread.WaitsFor))
        .Key("Processor", (answer, thread) => answer.Target.Count(thread.Processor ?? NotThere))
        .Key("Priority", (answer, thread) => answer.Target.Count(thread.Priority ?? NotThere))
        .Key("BasePriority", (answer, thread) => answer.Target.Count(thread.BasePriority ?? NotThere))
        .Key("ContextSwitches", (answer, thread) => answer.Target.Count(thread.ContextSwitches ?? NotThere))
        .Key("Entries", (answer, thread) => answer.List(thread.Entries, "entry", Entry));

    private Shape<EntryReport> Entry => field ??= New<EntryReport>(entry => Text(entry.Relation, entry.Kind, entry.Lock))
        .Key("Entry", (answer, entry) => answer.Entry(entry.Entry))
        .Key("Index", (answer, entry) => answer.Target.Count(entry.Index))
        .Key("Lock", (answer, entry) => answer.Lock(entry.Lock))
        .Key("Kind", (answer, entry) => answer.Target.Text(entry.Kind))
        .Key("Relation", (answer, entry) => answer.Target.Text(entry.Relation))
        .Key("InTree", (answer, entry) => answer.Target.Flag(entry.InTree))
        .Key("Head", (answer, entry) => answer.Target.Flag(entry.Head))
        .Key("Busy", (answer, entry) => answer.Target.Flag(entry.Busy))
        .Key("CrossThreadReleasable", (answer, entry) => answer.Target.Flag(entry.CrossThreadReleasable))
        .Key("SessionId", (answer, entry) => answer.Target.Count(entry.SessionId))
        .Key("User", (answer, entry) => answer.Target.Flag(entry.User))
        .Key("LockUnsafe", (answer, entry) => answer.Target.Raw(entry.LockUnsafe))
        .Key("LeadsTo", (answer, entry) => answer.Thread(entry.LeadsTo));

    private Shape<LockReport> Lock => field ??= New<LockReport>(Text)
        .Key("Lock", (answer, node) => answer.Lock(node.Lock))
        .Key("Kind", (answer, node) => answer.Target.Text(node.Kind))
        .Key("Symbol", (answer, node) => answer.Target.Text(node.Symbol))
        .Key("Value", (answer, node) => answer.Target.Raw(node.Value))
        .Key("Locked", (answer, node) => answer.Target.Flag(node.Locked))
        .Key("SharedOwners", (answer, node) => answer.Target.Count(node.SharedOwners))
        .Key("Exclusive", (answer, node) => answer.Target.Flag(node.Exclusive))
        .Key("Abandoned", (answer, node) => answer.Target.Flag(node.Abandoned))
        .Key("Owners", (answer, node) => Owners(answer, node.Owners))
        .Key("Waiters", (answer, node) => Waiters(answer, node.Waiters));

    private Shape<OwnerReport> Owner => field ??= New<OwnerReport>(owner => Address.Text(owner.Thread))
        .Key("Thread", (answer, owner) => answer.Thread(owner.Thread))
        .Key("Entry", (answer, owner) => answer.Entry(owner.Entry))
        .Key("FoundBy", (answer, owner) => answer.Target.Text(owner.FoundBy));

    private Shape<WaiterReport> Waiter => field ??= New<WaiterReport>(waiter => $"{Address.Text(waiter.Thread ?? 0)} {waiter.Mode}")
        .Key("Thread", (answer, waiter) => answer.Thread(waiter.Thread))
        .Key("WaitBlock", (answer, waiter) => answer.WaitBlock(waiter.WaitBlock))
        .Key("Mode", (answer, waiter) => answer.Target.Text(waiter.Mode))
        .Key("FoundBy", (answer, waiter) => answer.List(waiter.FoundBy, "way", answer.Target.Text));

    private Shape<TargetReport> Target => field ??= New<TargetReport>(target => $"{target.Kind}, build {target.Build}, types: {target.LayoutSource}")
        .Key("Kind", (answer, target) => answer.Target.Text(target.Kind))
        .Key("Build", (answer, target) => answer.Target.Count(target.Build))
        .Key("PointerSize", (answer, target) => answer.Target.Count(target.PointerSize))
        .Key("Layout", (answer, target) => answer.Target.Text(target.Layout))
        .Key("BugCheck", (answer, target) => target.BugCheck is { } bugCheck ? BugCheck.Make(answer, bugCheck) : answer.Target.Nothing());

    private Shape<BugCheckReport> BugCheck => field ??= New<BugCheckReport>(bugCheck => $"{bugCheck.Code} {bugCheck.Name}".TrimEnd())
        .Key("Code", (answer, bugCheck) => answer.Target.Text(bugCheck.Code))
        .Key("Name", (answer, bugCheck) => answer.Target.Text(bugCheck.Name))
        .Key("Parameters", (answer, bugCheck) => answer.List(bugCheck.Parameters, "parameter", parameter => answer.Target.Raw(parameter)));

    private Shape<CostReport> Cost => field ??= New<CostReport>(cost => $"{Phrases.Count(cost.Reads, "read")}, {cost.Milliseconds} ms")
        .Key("Processes", (answer, cost) => answer.Target.Count(cost.Processes))
        .Key("Threads", (answer, cost) => answer.Target.Count(cost.Threads))
        .Key("ThreadsWithEntries", (answer, cost) => answer.Target.Count(cost.ThreadsWithEntries))
        .Key("Reads", (answer, cost) => answer.Target.Count(cost.Reads))
        .Key("Bytes", (answer, cost) => answer.Target.Count(cost.Bytes))
        .Key("Milliseconds", (answer, cost) => answer.Target.Count(cost.Milliseconds));

    public void Dispose()
    {
        shapes.ForEach(shape => shape.Dispose());
        shapes.Clear();
    }

    /// <summary>Stacks are walked when somebody looks at one: on a live machine that is dear.</summary>
    private ThreadReport Whole(ThreadReport thread) => host.Ask((target, console) => Queries.Thread(target, console, thread.Thread));

    private static string Text(string relation, string kind, ulong? address) => address is { } there ? $"{relation} {kind} {Address.Text(there)}" : relation;

    private static string Text(LockReport node) => $"{node.Kind} {Address.Text(node.Lock)} {Phrases.LockState(node)}";

    /// <summary>Adds what every report ends with.</summary>
    private Shape<T> WithReport<T>(Shape<T> shape)
        where T : Report => shape
        .Key("Target", (answer, report) => Target.Make(answer, report.Target))
        .Key("Cost", (answer, report) => Cost.Make(answer, report.Cost))
        .Key("Complete", (answer, report) => answer.Target.Flag(report.Complete))
        .Key("Notes", (answer, report) => answer.List(report.Notes, "note", answer.Target.Text));

    private Shape<T> New<T>(Func<T, string> preview)
        where T : class
    {
        var shape = new Shape<T>(host, preview);
        shapes.Add(shape);
        return shape;
    }
}
