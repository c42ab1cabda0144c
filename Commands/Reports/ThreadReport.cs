using System.Text.Json.Serialization;
using LockLeak.Kernel;
using LockLeak.Locks;

namespace LockLeak.Reports;

/// <summary>A thread. Of one that cannot be read only the address is there.</summary>
/// <param name="Thread">_ETHREAD.</param>
/// <param name="Process">_EPROCESS.</param>
/// <param name="Image">Image name of the process, at most 14 characters.</param>
/// <param name="Pid">Process ID.</param>
/// <param name="Tid">Thread ID.</param>
/// <param name="Name">The thread's description.</param>
/// <param name="State">Name of its _KTHREAD_STATE, or the number of an unknown one.</param>
/// <param name="WaitReason">
/// Name of its _KWAIT_REASON, or the number of an unknown one; of the last wait when it does not wait.
/// </param>
/// <param name="WaitMilliseconds">How long it has waited; null when it does not wait or the clock cannot be read.</param>
/// <param name="Terminated">It has ended or is ending.</param>
/// <param name="Exhausted">
/// It once ran out of lock entries, which the kernel does not take back: with all of them in use now it may hold locks that no entry names.
/// </param>
/// <param name="Start">Start routine.</param>
/// <param name="StartSymbol">Its symbol.</param>
/// <param name="Entries">Its lock entries: those in use or orphaned, or all of them when one thread was asked for.</param>
internal sealed record ThreadReport(
    ThreadAddress Thread, ProcessAddress? Process, string? Image, long? Pid, long? Tid, string? Name, string? State, string? WaitReason,
    long? WaitMilliseconds,
    bool? Terminated, bool? Exhausted, ulong? Start, string? StartSymbol, IReadOnlyList<EntryReport> Entries)
{
    /// <summary>
    /// True when the wait may be longer than <see cref="WaitMilliseconds"/> says: waiters of a resource begin anew every few
    /// seconds. Null when it does not wait.
    /// </summary>
    public bool? WaitIsLowerBound { get; init; }

    /// <summary>The lock that it waits for.</summary>
    public LockAddress? WaitsFor { get; init; }

    /// <summary>
    /// What it waits for besides locks, or why it does not run; only of threads at the end of a chain, and of those in it that wait
    /// for the answer to an ALPC message.
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

    /// <summary>Source line of that frame.</summary>
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

/// <summary>A lock entry of a thread.</summary>
/// <param name="Entry">_KLOCK_ENTRY.</param>
/// <param name="Index">Position in the thread's set.</param>
/// <param name="Lock">The lock; null in a free or orphaned entry.</param>
/// <param name="Kind">Kind of the lock.</param>
/// <param name="Relation">
/// What the thread has to do with the lock. An orphaned entry is that of a lock which another thread has released; it is no leak.
/// </param>
/// <param name="InTree">Linked in a tree of its lock.</param>
/// <param name="Head">Holds the trees of its lock.</param>
/// <param name="Busy">The kernel is just changing it.</param>
/// <param name="CrossThreadReleasable">Another thread may release the lock.</param>
/// <param name="SessionId">Session of the lock, else -1; of no meaning in a free entry.</param>
internal sealed record EntryReport(
    EntryAddress Entry, long Index, LockAddress? Lock, LockKind Kind, LockRelation Relation, bool InTree, bool Head, bool Busy,
    bool CrossThreadReleasable, long SessionId)
{
    /// <summary>It tracks a lock of user mode.</summary>
    public bool User { get; init; }

    /// <summary>The 64 bits that hold the lock's address and flags (LockUnsafe).</summary>
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
