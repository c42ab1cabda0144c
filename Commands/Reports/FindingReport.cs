using System.Text.Json.Serialization;
using LockLeak.Findings;
using LockLeak.Kernel;

namespace LockLeak.Reports;

/// <summary>One thing that is wrong.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Certainty">
/// Certain: each part of it rests on an entry, an owner field, a wait block or the bug check. Suspect: it looks wrong and cannot be proved.
/// </param>
/// <param name="Thread">The thread that it is about (_ETHREAD).</param>
/// <param name="Entry">The lock entry that it is about (_KLOCK_ENTRY).</param>
/// <param name="Lock">The lock that it is about.</param>
/// <param name="Waiters">Threads that wait for the lock, oldest first; of a deadlock those that wait for its threads from outside.</param>
/// <param name="Owners">Threads that own the lock.</param>
/// <param name="Threads">
/// A deadlock's threads in the order of the circle: each waits for a lock that the next one owns, the last for one of the first.
/// </param>
/// <param name="Locks">A deadlock's locks: the thread at the same index waits for it.</param>
/// <param name="Message">One sentence for people.</param>
/// <param name="Reason">Why it is only a suspicion, or what else there is to know; may be empty.</param>
internal sealed record FindingReport(
    FindingKind Kind, Certainty Certainty, ThreadAddress? Thread, EntryAddress? Entry, LockAddress? Lock,
    IReadOnlyList<ThreadAddress> Waiters,
    IReadOnlyList<ThreadAddress> Owners, IReadOnlyList<ThreadAddress> Threads, IReadOnlyList<LockAddress> Locks, Sentence Message,
    Sentence Reason)
{
    /// <summary>
    /// The raw value of an owner field that leads to an ended thread or to no thread any more; null in other findings.
    /// </summary>
    public ulong? Owner { get; init; }

    /// <summary>The driver whose code it is about, without extension; null when no driver takes part.</summary>
    public string? Module { get; init; }

    /// <summary>
    /// Which build of the driver: its file version, else time stamp and size of its image as symbol servers write them; null when neither
    /// is known.
    /// </summary>
    public string? ModuleVersion { get; init; }

    /// <summary>The driver's function; null without symbols and for a lock in its data.</summary>
    public string? Function { get; init; }

    /// <summary>
    /// The same text for the same defect in one build of a driver, with and without symbols and on every build of Windows.
    /// </summary>
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

/// <summary>A line of threads, each waiting for a lock of the next.</summary>
/// <param name="Threads">From the outermost waiter to the thread that all of them wait for.</param>
/// <param name="Locks">The lock that the thread at the same index waits for; one fewer than threads.</param>
/// <param name="Blocked">Number of threads that wait for the last one, directly or not.</param>
/// <param name="Owners">Number of threads that own the last lock; the last thread is one of them.</param>
internal sealed record ChainReport(IReadOnlyList<ThreadAddress> Threads, IReadOnlyList<LockAddress> Locks, long Blocked, long Owners)
{
    /// <summary>The places in the code where the chain's owners took its locks; empty in chains that text without -v leaves out.</summary>
    public IReadOnlyList<SiteReport> Sites { get; init; } = [];
}
