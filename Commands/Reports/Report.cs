using System.Text.Json.Serialization;
using LockLeak.Code;
using LockLeak.Findings;
using LockLeak.Kernel;
using LockLeak.Locks;
using LockLeak.Target;

namespace LockLeak.Reports;

/// <summary>
/// The answer to a command, as data: what the renderers turn into text, DML or JSON and what scripts see. The names are
/// those of the JSON schema "lockleak/1" (docs/json.md). An address that does not exist is null.
/// </summary>
/// <param name="Command">The command that was asked.</param>
/// <param name="Target">The machine.</param>
internal abstract record Report(
    [property: JsonPropertyOrder(-3)] string Command,
    [property: JsonPropertyOrder(-2)] TargetReport Target)
{
    /// <summary>Name and version of the schema.</summary>
    [JsonPropertyOrder(-4)]
    public string Schema { get; } = "lockleak/1";

    /// <summary>What has made the answer.</summary>
    [JsonPropertyOrder(-1)]
    public ToolReport Tool { get; } = ToolReport.This;

    /// <summary>What the answer cost.</summary>
    [JsonPropertyOrder(10)]
    public required CostReport Cost { get; init; }

    /// <summary>False when the user stopped the command, with -fast, or when something could not be read that the answer needs.</summary>
    [JsonPropertyOrder(11)]
    public required bool Complete { get; init; }

    /// <summary>What could not be read, and why.</summary>
    [JsonPropertyOrder(12)]
    public required IReadOnlyList<string> Notes { get; init; }
}

/// <summary>The program that has made an answer.</summary>
/// <param name="Name">"lockleak".</param>
/// <param name="Version">Its version.</param>
internal sealed record ToolReport(string Name, string Version)
{
    /// <summary>This one.</summary>
    internal static ToolReport This { get; } = new("lockleak", typeof(ToolReport).Assembly.GetName().Version?.ToString(3) ?? "0");
}

/// <summary>Answer of <c>!lockleak</c>.</summary>
internal sealed record LockLeakReport(string Command, TargetReport Target) : Report(Command, Target)
{
    /// <summary>What is wrong, worst first.</summary>
    public required IReadOnlyList<FindingReport> Findings { get; init; }

    /// <summary>
    /// The thread that most threads of a hang wait for, unless a finding says why; null when no thread has waited for seconds behind
    /// another one.
    /// </summary>
    public required BlockerReport? Blocker { get; init; }

    /// <summary>Who waits for whom without a circle: the chain of <see cref="Blocker"/> first, then most waiters first.</summary>
    public required IReadOnlyList<ChainReport> Chains { get; init; }

    /// <summary>The locks that somebody has waited for since seconds, most waiters first.</summary>
    public required IReadOnlyList<ContentionReport> Contentions { get; init; }

    /// <summary>True when threads wait for locks and none has done so for seconds.</summary>
    [JsonIgnore]
    public bool IsContention { get; init; }

    /// <summary>All threads that take part in a finding or a chain; with -a all that hold or wait for a lock.</summary>
    public required IReadOnlyList<ThreadReport> Threads { get; init; }

    /// <summary>All locks that take part in a finding or a chain; with -a all that a thread holds or waits for.</summary>
    public required IReadOnlyList<LockReport> Locks { get; init; }

    /// <summary>What the kernel says twice, with -check.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<CheckReport>? Checks { get; init; }
}

/// <summary>Answer of <c>!threadlocks</c>.</summary>
internal sealed record ThreadLocksReport(string Command, TargetReport Target) : Report(Command, Target)
{
    /// <summary>The threads, in list order.</summary>
    public required IReadOnlyList<ThreadReport> Threads { get; init; }

    /// <summary>Counts for each process, with -s.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<ProcessSummary>? Processes { get; init; }
}

/// <summary>Answer of <c>!pushlock</c>: the lock, the bits of its value, then who has to do with it.</summary>
/// <param name="Command">The command that was asked.</param>
/// <param name="Target">The machine.</param>
/// <param name="Node">The lock as other reports have it; its fields are the first ones of the answer.</param>
internal sealed record PushLockReport(string Command, TargetReport Target, [property: JsonIgnore] LockReport Node) : Report(Command, Target)
{
    /// <summary>Address of the lock.</summary>
    public LockAddress Lock => Node.Lock;

    /// <inheritdoc cref="LockReport.Kind"/>
    public LockKind Kind => Node.Kind;

    /// <inheritdoc cref="LockReport.Symbol"/>
    public string? Symbol => Node.Symbol;

    /// <inheritdoc cref="LockReport.Value"/>
    public ulong? Value => Node.Value;

    /// <summary>Somebody owns it.</summary>
    public bool Locked => Node.Locked == true;

    /// <summary>Threads wait for it.</summary>
    public required bool Waiting { get; init; }

    /// <summary>A releasing thread is just waking waiters.</summary>
    public required bool Waking { get; init; }

    /// <summary>Shared owners while threads wait.</summary>
    public required bool MultipleShared { get; init; }

    /// <inheritdoc cref="LockReport.SharedOwners"/>
    public long SharedOwners => Node.SharedOwners;

    /// <inheritdoc cref="LockReport.Exclusive"/>
    public bool? Exclusive => Node.Exclusive;

    /// <inheritdoc cref="LockReport.Abandoned"/>
    public bool Abandoned => Node.Abandoned;

    /// <inheritdoc cref="LockReport.OwnerPointers"/>
    public IReadOnlyList<ulong> OwnerPointers => Node.OwnerPointers;

    /// <inheritdoc cref="LockReport.Detail"/>
    public string? Detail => Node.Detail;

    /// <inheritdoc cref="LockReport.PoolTag"/>
    public string? PoolTag => Node.PoolTag;

    /// <inheritdoc cref="LockReport.Owners"/>
    public IReadOnlyList<OwnerReport> Owners => Node.Owners;

    /// <inheritdoc cref="LockReport.Waiters"/>
    public IReadOnlyList<WaiterReport> Waiters => Node.Waiters;

    /// <summary>The places in the code where its owners took it, for each what fits best first; empty on a live machine.</summary>
    public IReadOnlyList<SiteReport> Sites { get; init; } = [];

    /// <summary>With -v, the instructions that refer to it, where it lies in a driver's data; else empty.</summary>
    public IReadOnlyList<ReferenceReport> References { get; init; } = [];

    /// <summary>All threads named above.</summary>
    public required IReadOnlyList<ThreadReport> Threads { get; init; }
}

/// <summary>An instruction that refers to a lock in its driver's data.</summary>
/// <param name="Address">The instruction.</param>
/// <param name="Symbol">module!function+offset of it.</param>
/// <param name="Source">Its source line.</param>
internal sealed record ReferenceReport(ulong Address, string? Symbol, string? Source);

/// <summary>The machine.</summary>
/// <param name="Kind">"dump" or "live".</param>
/// <param name="Build">Windows build number.</param>
/// <param name="PointerSize">8.</param>
/// <param name="Layout">"pdb" or "built-in".</param>
/// <param name="LayoutSource">The same with more words: "PDB", "built-in (22621)".</param>
/// <param name="BugCheck">The bug check; null when there is none.</param>
internal sealed record TargetReport(string Kind, long Build, long PointerSize, string Layout, [property: JsonIgnore] string LayoutSource,
    BugCheckReport? BugCheck)
{
    /// <summary>Build and revision, "22621.2506"; null when the kernel does not say.</summary>
    public string? Revision { get; init; }

    /// <summary>nt!NtBuildLab: the build and the branch that it comes from.</summary>
    public string? Lab { get; init; }

    /// <summary>The computer's name.</summary>
    public string? Machine { get; init; }

    /// <summary>When it stopped, or for a live machine when it was asked: "2023-12-24T17:17:43.713Z".</summary>
    public string? StopTime { get; init; }

    /// <summary>How long it had run then.</summary>
    public long? UptimeMilliseconds { get; init; }

    /// <summary>Number of processors.</summary>
    public long? Processors { get; init; }

    /// <summary>"small", "kernel", "active" or "full"; null for a live machine and when it is not known.</summary>
    public string? Dump { get; init; }
}

/// <summary>A bug check.</summary>
/// <param name="Code">"0x153".</param>
/// <param name="Name">Its symbolic name; null for one that does not concern locks.</param>
/// <param name="Parameters">Its four parameters.</param>
/// <param name="Meaning">The parameters in words, without the reserved ones.</param>
internal sealed record BugCheckReport(string Code, string? Name, IReadOnlyList<ulong> Parameters,
    [property: JsonIgnore] IReadOnlyList<string> Meaning)
{
    /// <summary>What the parameters say, in one line.</summary>
    public string Words => string.Join("; ", Meaning);

    /// <summary>The thread that it names.</summary>
    [JsonIgnore]
    public ThreadAddress? Thread { get; init; }

    /// <summary>The lock that it names.</summary>
    [JsonIgnore]
    public LockAddress? Lock { get; init; }
}

/// <summary>One thing that is wrong.</summary>
/// <param name="Kind">What it is: the name of the kind in JSON.</param>
/// <param name="Certainty">"certain" or "suspect".</param>
/// <param name="Thread">The thread that it is about.</param>
/// <param name="Entry">The lock entry that it is about.</param>
/// <param name="Lock">The lock that it is about.</param>
/// <param name="Waiters">Threads that wait for the lock, oldest first; of a deadlock those that wait for its threads from outside.</param>
/// <param name="Owners">Threads that own the lock.</param>
/// <param name="Threads">A deadlock's threads, in the order of the circle.</param>
/// <param name="Locks">A deadlock's locks: the thread at the same index waits for it.</param>
/// <param name="Message">One sentence for people.</param>
/// <param name="Reason">Why it is only a suspicion, or what else there is to know; may be empty.</param>
internal sealed record FindingReport(
    FindingKind Kind, Certainty Certainty, ThreadAddress? Thread, EntryAddress? Entry, LockAddress? Lock,
    IReadOnlyList<ThreadAddress> Waiters,
    IReadOnlyList<ThreadAddress> Owners, IReadOnlyList<ThreadAddress> Threads, IReadOnlyList<LockAddress> Locks, Sentence Message,
    Sentence Reason)
{
    /// <summary>The owner field's raw value, where the finding is about one; else null.</summary>
    public ulong? Owner { get; init; }

    /// <summary>The driver that it is about; null when no driver takes part.</summary>
    public string? Module { get; init; }

    /// <summary>Which build of the driver: file version, else time stamp and size of the image; null when neither is known.</summary>
    public string? ModuleVersion { get; init; }

    /// <summary>The driver's function; null without symbols.</summary>
    public string? Function { get; init; }

    /// <summary>The same text for the same defect, with and without symbols and on whatever build of Windows.</summary>
    public required string Signature { get; init; }

    /// <summary>The places in the code that took its locks, what fits best first; empty where the code says nothing.</summary>
    public IReadOnlyList<SiteReport> Sites { get; init; } = [];

    /// <summary>What the code does not say, and why; each a line.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> SiteNotes { get; init; } = [];

    /// <summary>True when no place was found and the notes say which image the user can provide.</summary>
    [JsonIgnore]
    public bool LacksAnImage { get; init; }
}

/// <summary>
/// A place in a driver's code that takes a lock. It is evidence, and no proof: docs/commands.md says what each word promises.
/// </summary>
/// <param name="Verdict">What can be said of the lock that is taken here.</param>
/// <param name="Thread">The thread that holds the lock, or ended with it.</param>
/// <param name="Lock">The lock that is asked about.</param>
/// <param name="Address">The call of the routine that takes a lock.</param>
/// <param name="Symbol">module!function+offset of the call.</param>
/// <param name="Source">Its source line.</param>
/// <param name="Routine">The routine that is called.</param>
/// <param name="Kind">Kind of the lock.</param>
/// <param name="Mode">How the routine takes it.</param>
internal sealed record SiteReport(
    SiteVerdict Verdict, ThreadAddress Thread, LockAddress Lock, ulong Address, string? Symbol, string? Source, string Routine,
    LockKind Kind, LockMode Mode)
{
    /// <summary>True when the address that the code computes is that of the lock; false when it cannot be followed.</summary>
    public bool SameLock { get; init; }

    /// <summary>The return, or the call that ends the thread, that is reached with the lock held.</summary>
    public ulong? ReturnsAt { get; init; }

    /// <summary>The last branch from which a release could still have been reached.</summary>
    public ulong? Branch { get; init; }

    /// <summary>The call that has to raise an exception for that.</summary>
    public ulong? Raises { get; init; }

    /// <summary>Calls that were not looked into: it is so unless one of them gives the lock back.</summary>
    public IReadOnlyList<ulong> Unless { get; init; } = [];

    /// <summary>The calls from the thread's function to the place, outermost first; empty when it stands there itself.</summary>
    public IReadOnlyList<ulong> Through { get; init; } = [];

    /// <summary>The symbols at the addresses above.</summary>
    [JsonIgnore]
    internal IReadOnlyDictionary<ulong, SymbolName?> Symbols { get; init; } = new Dictionary<ulong, SymbolName?>();
}

/// <summary>A line of threads, each waiting for a lock of the next.</summary>
/// <param name="Threads">From the outermost waiter to the thread that all wait for.</param>
/// <param name="Locks">The lock that the thread at the same index waits for.</param>
/// <param name="Blocked">Number of threads that wait for the last one, directly or not.</param>
/// <param name="Owners">Number of threads that own the last lock; the last thread is one of them.</param>
internal sealed record ChainReport(IReadOnlyList<ThreadAddress> Threads, IReadOnlyList<LockAddress> Locks, long Blocked, long Owners)
{
    /// <summary>The places in the code where the chain's owners took its locks; empty in chains that text without -v leaves out.</summary>
    public IReadOnlyList<SiteReport> Sites { get; init; } = [];
}

/// <summary>A thread. Of one that cannot be read only the address is there.</summary>
/// <param name="Thread">_ETHREAD.</param>
/// <param name="Process">_EPROCESS.</param>
/// <param name="Image">Image name of the process.</param>
/// <param name="Pid">Process ID.</param>
/// <param name="Tid">Thread ID.</param>
/// <param name="Name">The thread's description.</param>
/// <param name="State">Name of its _KTHREAD_STATE.</param>
/// <param name="WaitReason">Name of its _KWAIT_REASON; of the last wait when it does not wait.</param>
/// <param name="WaitMilliseconds">How long it has waited; null when it does not wait.</param>
/// <param name="Terminated">It has ended or is ending.</param>
/// <param name="Exhausted">It ran out of lock entries.</param>
/// <param name="Start">Start routine.</param>
/// <param name="StartSymbol">Its symbol.</param>
/// <param name="Entries">Its lock entries: those in use or orphaned, or all of them when the thread was asked for.</param>
internal sealed record ThreadReport(
    ThreadAddress Thread, ProcessAddress? Process, string? Image, long? Pid, long? Tid, string? Name, string? State, string? WaitReason,
    long? WaitMilliseconds,
    bool? Terminated, bool? Exhausted, ulong? Start, string? StartSymbol, IReadOnlyList<EntryReport> Entries)
{
    /// <summary>
    /// True when the wait may be longer than <see cref="WaitMilliseconds"/> says: the waiters of a resource start it anew every
    /// few seconds.
    /// </summary>
    public bool? WaitIsLowerBound { get; init; }

    /// <summary>The lock that it waits for.</summary>
    public LockAddress? WaitsFor { get; init; }

    /// <summary>
    /// What it waits for besides locks, or why it does not run; only of threads at the end of a chain, and of senders of ALPC messages in
    /// it.
    /// </summary>
    public WaitReport? WaitsOn { get; init; }

    /// <summary>Locks that name it as their owner and for which it has no lock entry.</summary>
    public IReadOnlyList<HeldLock> Holds { get; init; } = [];

    /// <summary>Processor that runs it; null when it does not run.</summary>
    public long? Processor { get; init; }

    /// <summary>
    /// Where it is: the first frame outside the kernel's wait functions; null when that was not asked for or cannot be told.
    /// </summary>
    public string? At { get; init; }

    /// <summary>Source line of <see cref="At"/>.</summary>
    public string? Source { get; init; }

    /// <summary>Its stack, newest frame first; empty without -v.</summary>
    public IReadOnlyList<string> Stack { get; init; } = [];

    /// <summary>Current priority.</summary>
    public long? Priority { get; init; }

    /// <summary>Base priority.</summary>
    public long? BasePriority { get; init; }

    /// <summary>Context switches.</summary>
    public long? ContextSwitches { get; init; }

    /// <summary>A thread of which nothing could be read.</summary>
    public static ThreadReport Unknown(ThreadAddress thread) =>
        new(thread, null, null, null, null, null, null, null, null, null, null, null, null, []);

    /// <summary>"4.1928": process and thread ID in hexadecimal, as the debugger prints a Cid; empty when they are not known.</summary>
    [JsonIgnore]
    public string Cid => Tid is null ? "" : $"{Pid:x}.{Tid:x}";
}

/// <summary>A lock without the rest of what is known of it.</summary>
/// <param name="Lock">Its address.</param>
/// <param name="Kind">Its kind.</param>
internal sealed record HeldLock(LockAddress Lock, LockKind Kind);

/// <summary>A lock entry.</summary>
/// <param name="Entry">_KLOCK_ENTRY.</param>
/// <param name="Index">Position in the thread's set.</param>
/// <param name="Lock">The lock; null in a free entry.</param>
/// <param name="Kind">Kind of the lock.</param>
/// <param name="Relation">"owns", "waits", "acquiring", "orphaned" or "free".</param>
/// <param name="InTree">Linked in a tree of its lock.</param>
/// <param name="Head">Holds the trees of its lock.</param>
/// <param name="Busy">The kernel is just changing it.</param>
/// <param name="CrossThreadReleasable">Another thread may release the lock.</param>
/// <param name="SessionId">Session of the lock, else -1.</param>
internal sealed record EntryReport(
    EntryAddress Entry, long Index, LockAddress? Lock, LockKind Kind, LockRelation Relation, bool InTree, bool Head, bool Busy,
    bool CrossThreadReleasable, long SessionId)
{
    /// <summary>True for a lock of user mode.</summary>
    public bool User { get; init; }

    /// <summary>The 64 bits of LockUnsafe.</summary>
    public ulong LockUnsafe { get; init; }

    /// <summary>EntryFlags.</summary>
    [JsonIgnore]
    public long EntryFlags { get; init; }

    /// <summary>CrossThreadFlags.</summary>
    [JsonIgnore]
    public byte CrossThreadFlags { get; init; }

    /// <summary>CpuPriorityKey; meaningless in a head entry.</summary>
    [JsonIgnore]
    public long CpuPriorityKey { get; init; }

    /// <summary>Boosts, raw.</summary>
    [JsonIgnore]
    public ulong Boosts { get; init; }

    /// <summary>The thread that the entry leads to, when that is another one; null in a sound entry.</summary>
    public ThreadAddress? LeadsTo { get; init; }
}

/// <summary>A lock.</summary>
/// <param name="Lock">Its address.</param>
/// <param name="Kind">What it is: the name of the kind in JSON.</param>
/// <param name="Symbol">module!name+offset where it lies in a module; else null.</param>
/// <param name="Value">Its first 64 bits; null when they were not or could not be read.</param>
/// <param name="Locked">Its own word on whether somebody owns it; null when that cannot be told.</param>
/// <param name="SharedOwners">Number of shared owners by its own count.</param>
/// <param name="Exclusive">True for an exclusive owner, false for shared ones.</param>
/// <param name="Owners">Threads that own it.</param>
/// <param name="Waiters">Threads that wait for it, oldest first.</param>
internal sealed record LockReport(
    LockAddress Lock, LockKind Kind, string? Symbol, ulong? Value, bool? Locked, long SharedOwners, bool? Exclusive,
    IReadOnlyList<OwnerReport> Owners, IReadOnlyList<WaiterReport> Waiters)
{
    /// <summary>A mutant whose owner ended without releasing it.</summary>
    public bool Abandoned { get; init; }

    /// <summary>What its owner fields hold in place of threads, raw (ExSetResourceOwnerPointer).</summary>
    public IReadOnlyList<ulong> OwnerPointers { get; init; } = [];

    /// <summary>What else it says of itself, such as the name of a file; null when there is nothing.</summary>
    public string? Detail { get; init; }

    /// <summary>The tag of the pool allocation that it lies in; null when it lies in a module, or the tag cannot be told.</summary>
    public string? PoolTag { get; init; }
}

/// <summary>A thread that owns a lock.</summary>
/// <param name="Thread">_ETHREAD.</param>
/// <param name="Entry">Its lock entry; null when only the lock's owner field names it.</param>
/// <param name="FoundBy">How it was found.</param>
internal sealed record OwnerReport(ThreadAddress Thread, EntryAddress? Entry, FoundBy FoundBy);

/// <summary>A thread that waits for a lock.</summary>
/// <param name="Thread">_ETHREAD; null when it cannot be found.</param>
/// <param name="WaitBlock">Its wait block in the queue of a push lock or resource; null without one.</param>
/// <param name="Mode">"exclusive" or "shared"; null when it cannot be told.</param>
/// <param name="FoundBy">All ways in which it was found.</param>
internal sealed record WaiterReport(ThreadAddress? Thread, ulong? WaitBlock, LockMode? Mode, IReadOnlyList<FoundBy> FoundBy);

/// <summary>Threads of a process, counted.</summary>
/// <param name="Process">_EPROCESS.</param>
/// <param name="Image">Image name.</param>
/// <param name="Pid">Process ID.</param>
/// <param name="Threads">All threads.</param>
/// <param name="Terminated">Ended ones.</param>
/// <param name="Running">On a processor.</param>
/// <param name="Ready">Ready to run.</param>
/// <param name="Waiting">Waiting for anything.</param>
/// <param name="WaitingForLock">Waiting for a lock.</param>
/// <param name="Owning">With at least one lock entry that owns.</param>
internal sealed record ProcessSummary(
    ProcessAddress Process, string Image, long Pid, long Threads, long Terminated, long Running, long Ready, long Waiting,
    long WaitingForLock, long Owning);

/// <summary>What an answer cost.</summary>
/// <param name="Processes">Processes seen.</param>
/// <param name="Threads">Threads seen.</param>
/// <param name="ThreadsWithEntries">Those of them with a lock entry in use.</param>
/// <param name="Reads">Read requests to the debugger.</param>
/// <param name="Bytes">Bytes asked for.</param>
/// <param name="Milliseconds">Time.</param>
internal sealed record CostReport(long Processes, long Threads, long ThreadsWithEntries, long Reads, long Bytes, long Milliseconds)
{
    /// <summary>Where the time went, for the text; null when nobody wants to know.</summary>
    internal Phases? Phases { get; init; }
}
