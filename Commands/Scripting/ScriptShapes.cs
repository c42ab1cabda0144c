using LockLeak.Kernel;
using LockLeak.Locks;
using LockLeak.Reports;

namespace LockLeak.Scripting;

/// <summary>What the metadata of the JSON does not say of the records: a word and a line for each, and the keys that are special.</summary>
public static class ScriptShapes
{
    private static readonly Dictionary<Type, ScriptShape> All = new()
    {
        [typeof(LockLeakReport)] = New<LockLeakReport>(
            "report", report => $"{Phrases.Count(report.Findings.Count, "finding")}, {Phrases.Count(report.Locks.Count, "lock")}, " +
            $"{Phrases.Count(report.Threads.Count, "thread")}"),
        [typeof(PushLockReport)] = New<PushLockReport>("report", report => Line(report.Node)),
        [typeof(FindingReport)] = New<FindingReport>("finding", finding => finding.Message.ToString()),
        [typeof(SiteReport)] = New<SiteReport>("site", site => $"{Words.Of(site.Verdict)} {site.Symbol} {site.Routine}"),
        [typeof(ReferenceReport)] = New<ReferenceReport>("instruction", reference => reference.Symbol ?? ""),
        [typeof(BlockerReport)] = New<BlockerReport>("thread", blocker => blocker.Message.ToString()),
        [typeof(WaitReport)] = New<WaitReport>("wait", wait => wait.Words),
        [typeof(ContentionReport)] = New<ContentionReport>("lock", found => $"{found.Lock} {Phrases.Count(found.Waiters, "waiter")}"),
        [typeof(ChainReport)] = New<ChainReport>("chain", chain => string.Join(" waits for ", chain.Threads)),
        [typeof(ThreadReport)] = New<ThreadReport>(
            "thread",
            thread => $"{thread.Image ?? "?"} {thread.Cid} {Phrases.State(thread)} {Phrases.Reason(thread)}".TrimEnd(),
            Hexadecimal<ThreadReport>("Pid", thread => thread.Pid),
            Hexadecimal<ThreadReport>("Tid", thread => thread.Tid),
            OfStack("At", thread => thread.At),
            OfStack("Source", thread => thread.Source, "Source line of At"),
            OfStack("Stack", thread => thread.Stack, "The kernel stack, newest frame first")),
        [typeof(EntryReport)] = New<EntryReport>("entry", entry => Line(entry.Relation, entry.Kind, entry.Lock)),
        [typeof(LockReport)] = New<LockReport>("lock", Line),
        [typeof(HeldLock)] = New<HeldLock>("lock", held => $"{held.Kind} {held.Lock}"),
        [typeof(OwnerReport)] = New<OwnerReport>("thread", owner => $"{owner.Thread}"),
        [typeof(WaiterReport)] = New<WaiterReport>(
            "thread",
            waiter => $"{waiter.Thread.GetValueOrDefault()} {(waiter.Mode is { } mode ? Words.Of(mode) : "")}".TrimEnd(),
            // Only the symbols of Windows 7 have the type.
            new ScriptKey("WaitBlock", typeof(ulong?),
                waiter => new ScriptPointer("_EX_PUSH_LOCK_WAIT_BLOCK", ((WaiterReport)waiter).WaitBlock ?? 0))),
        [typeof(LockUse)] = New<LockUse>("lock", use => Line(use.Relation, use.Kind, use.Lock)),
        [typeof(ToolReport)] = New<ToolReport>("tool", tool => $"{tool.Name} {tool.Version}"),
        [typeof(TargetReport)] =
            New<TargetReport>("target", target => $"{target.Kind}, build {target.Build}, types: {target.LayoutSource}"),
        [typeof(BugCheckReport)] = New<BugCheckReport>("bug check", bugCheck => $"{bugCheck.Code} {bugCheck.Name}".TrimEnd()),
        [typeof(CostReport)] = New<CostReport>("cost", cost => $"{Phrases.Count(cost.Reads, "read")}, {cost.Milliseconds} ms"),
    };

    /// <summary>How a record that was found in an answer looks.</summary>
    public static ScriptShape Of(object record) => All[record.GetType()];

    /// <summary>The word for one value of a list.</summary>
    internal static string Word(Type type) =>
        All.TryGetValue(type, out ScriptShape? shape) ? shape.Word
        : type == typeof(ThreadAddress) ? "thread"
        : type == typeof(LockAddress) ? "lock"
        : type == typeof(string) ? "line"
        : "value";

    private static ScriptShape New<T>(string word, Func<T, string> line, params ScriptKey[] special) =>
        new(typeof(T), word, record => line((T)record), special);

    /// <summary>A process or thread ID, which debuggers print in hexadecimal.</summary>
    private static ScriptKey Hexadecimal<T>(string name, Func<T, long?> get) => new(name, typeof(ulong?), record => (ulong?)get((T)record));

    /// <summary>
    /// A value from a thread's stack, which is walked when somebody looks at the value: on a live machine that takes long.
    /// </summary>
    private static ScriptKey OfStack(string name, Func<ThreadReport, object?> get, string? help = null) =>
        new(name, name == "Stack" ? typeof(IReadOnlyList<string>) : typeof(string), thread => get((ThreadReport)thread))
        {
            Help = help,
            Complete = (target, console, thread) => FreshLook.Thread(target, console, ((ThreadReport)thread).Thread),
        };

    private static string Line(LockRelation relation, LockKind kind, LockAddress? address) =>
        address is { } there ? $"{Words.Of(relation)} {kind} {there}" : Words.Of(relation);

    private static string Line(LockReport node) => $"{node.Kind} {node.Lock} {Phrases.LockState(node)}";
}
