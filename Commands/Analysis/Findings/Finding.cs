namespace LockLeak.Analysis.Findings;

/// <summary>What can be wrong with locks.</summary>
public enum FindingKind
{
    /// <summary>A thread has ended with a lock entry in use.</summary>
    LeakedEntry,

    /// <summary>Threads wait for a lock that nobody seems to own.</summary>
    OwnerlessLock,

    /// <summary>A thread waits for a lock whose memory is gone.</summary>
    StaleWaiter,

    /// <summary>A thread that is back in user mode still owns a kernel lock.</summary>
    UserModeOwner,

    /// <summary>A lock entry leads to another thread than the one it lies in.</summary>
    CorruptEntry,

    /// <summary>Threads wait for each other in a circle.</summary>
    Deadlock,

    /// <summary>A thread released a lock that it did not own.</summary>
    InvalidRelease,
}

/// <summary>One thing that is wrong, with everything that takes part in it.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Message">One sentence for people.</param>
public sealed record Finding(FindingKind Kind, string Message)
{
    /// <summary>True when each part of it rests on an entry, an owner field, a wait block or the bug check.</summary>
    public bool IsCertain => Kind is FindingKind.LeakedEntry or FindingKind.InvalidRelease or FindingKind.CorruptEntry or FindingKind.Deadlock;

    /// <summary>The thread that it is about; 0 when there is not one.</summary>
    public ulong Thread { get; init; }

    /// <summary>The lock entry that it is about; 0 when there is none.</summary>
    public ulong Entry { get; init; }

    /// <summary>The lock that it is about; 0 when there is not one.</summary>
    public ulong Lock { get; init; }

    /// <summary>Why this is only a suspicion, or what else the user has to know; empty when there is nothing.</summary>
    public string Reason { get; init; } = "";

    /// <summary>Threads that wait for the lock, oldest first; of a deadlock those that wait for its threads from outside.</summary>
    public IReadOnlyList<ulong> Waiters { get; init; } = [];

    /// <summary>Threads that own the lock.</summary>
    public IReadOnlyList<ulong> Owners { get; init; } = [];

    /// <summary>A deadlock's threads: each waits for a lock that the next one owns, the last for one of the first.</summary>
    public IReadOnlyList<ulong> Threads { get; init; } = [];

    /// <summary>A deadlock's locks: the thread with the same index waits for it.</summary>
    public IReadOnlyList<ulong> Locks { get; init; } = [];
}
