using System.Text.Json.Serialization;
using LockLeak.Kernel;
using LockLeak.Locks;

namespace LockLeak.Findings;

/// <summary>How sure a finding is.</summary>
[JsonConverter(typeof(WrittenByReports))]
internal enum Certainty
{
    /// <summary>
    /// Each part of it rests on evidence that other memory has not by chance: an entry, an owner field, a wait block, a bug check.
    /// </summary>
    Certain,

    /// <summary>It looks wrong and cannot be proved.</summary>
    Suspect,
}

/// <summary>A kind of finding. Each is declared by the class that looks for it.</summary>
/// <param name="Name">"leaked-entry" and so on, as JSON has it.</param>
/// <param name="Heading">"LEAKED" and so on, as text has it.</param>
/// <param name="Certainty">How sure it is unless the finding says otherwise.</param>
[JsonConverter(typeof(WrittenByReports))]
internal sealed record FindingKind(string Name, string Heading, Certainty Certainty);

/// <summary>One thing that is wrong, with everything that takes part in it.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Message">One sentence for people.</param>
internal sealed record Finding(FindingKind Kind, Sentence Message)
{
    /// <summary>How sure it is.</summary>
    public Certainty Certainty { get; init; } = Kind.Certainty;

    /// <summary>The thread that it is about; 0 when there is not one.</summary>
    public ThreadAddress Thread { get; init; }

    /// <summary>The lock entry that it is about; 0 when there is none.</summary>
    public EntryAddress Entry { get; init; }

    /// <summary>The lock that it is about; null when there is not one.</summary>
    public LockNode? Lock { get; init; }

    /// <summary>Why this is only a suspicion, or what else the user has to know; empty when there is nothing.</summary>
    public Sentence Reason { get; init; } = new();

    /// <summary>An owner field's value that leads to no thread; 0 when the finding is not about one.</summary>
    public ulong Owner { get; init; }

    /// <summary>Threads that wait for the lock, oldest first; of a deadlock those that wait for its threads from outside.</summary>
    public IReadOnlyList<ThreadAddress> Waiters { get; init; } = [];

    /// <summary>Threads that own the lock.</summary>
    public IReadOnlyList<ThreadAddress> Owners { get; init; } = [];

    /// <summary>A deadlock's threads: each waits for a lock that the next one owns, the last for one of the first.</summary>
    public IReadOnlyList<ThreadAddress> Threads { get; init; } = [];

    /// <summary>A deadlock's locks: the thread with the same index waits for it.</summary>
    public IReadOnlyList<LockNode> Locks { get; init; } = [];

    /// <summary>All locks that take part.</summary>
    public IEnumerable<LockNode> AllLocks => Lock is null ? Locks : Locks.Append(Lock);

    /// <summary>The threads that it accuses.</summary>
    public IEnumerable<ThreadAddress> Accused => Threads.Append(Thread).Where(thread => thread.Value != 0);
}
