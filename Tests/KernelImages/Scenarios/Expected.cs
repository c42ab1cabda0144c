namespace KernelImages.Scenarios;

/// <summary>A finding that the scenario calls for, in the words of the schema "lockleak/1".</summary>
/// <param name="Kind">Such as "leaked-entry".</param>
public sealed record ExpectedFinding(string Kind)
{
    /// <summary>Name of the thread at fault; null when there is none.</summary>
    public string? Thread { get; init; }

    /// <summary>Name of the lock.</summary>
    public string? Lock { get; init; }

    /// <summary>Names of the waiting threads.</summary>
    public IReadOnlyList<string> Waiters { get; init; } = [];

    /// <summary>Names of a deadlock's threads in cycle order.</summary>
    public IReadOnlyList<string> Threads { get; init; } = [];

    /// <summary>It may be no more than suspected, although others of its kind are certain.</summary>
    public bool IsSuspect { get; init; }

    /// <summary>It can be told on builds whose threads keep no lock entries as well.</summary>
    public bool WithoutLockEntries { get; init; }

    /// <summary>It is told only there: with lock entries another finding says the same.</summary>
    public bool OnlyWithoutLockEntries { get; init; }
}

/// <summary>The thread that most threads of a hang wait for.</summary>
/// <param name="Thread">Its name.</param>
public sealed record ExpectedBlocker(string Thread)
{
    /// <summary>Number of threads that wait for it, directly or not.</summary>
    public int? Blocked { get; init; }

    /// <summary>The driver whose code it is in.</summary>
    public string? Module { get; init; }

    /// <summary>It must be told that DPC routines interrupt it, or must not.</summary>
    public bool InDpc { get; init; }

    /// <summary>It must be told that it spins for this queued spin lock, or null: that it spins for none.</summary>
    public string? SpinsFor { get; init; }

    /// <summary>It can be told on builds whose threads keep no lock entries as well.</summary>
    public bool WithoutLockEntries { get; init; }
}

/// <summary>
/// What an answer about a lock has to say. What is null may be left untold, but must not be told wrongly: see the lock's claims.
/// </summary>
/// <param name="Lock">Name of the lock.</param>
public sealed record ExpectedLock(string Lock)
{
    /// <summary>"push lock" and so on.</summary>
    public string? Kind { get; init; }

    /// <summary>Names of all owners, in any order.</summary>
    public IReadOnlyList<string>? Owners { get; init; }

    /// <summary>Owners can be told on builds whose threads keep no lock entries as well.</summary>
    public bool WithoutLockEntries { get; init; }

    /// <summary>All waiters, oldest first: a name, and "shared" or "exclusive" behind a blank where the mode has to be told.</summary>
    public IReadOnlyList<string>? Waiters { get; init; }

    /// <summary>The order of the waiters can be told.</summary>
    public bool InOrder { get; init; } = true;

    /// <summary>Somebody owns it.</summary>
    public bool? Locked { get; init; }

    /// <summary>It is owned exclusively.</summary>
    public bool? Exclusive { get; init; }

    /// <summary>The tag of the pool allocation that it lies in; empty when none must be told. Without symbols none is.</summary>
    public string? PoolTag { get; init; }

    /// <summary>Number of shared owners.</summary>
    public int? SharedOwners { get; init; }
}

/// <summary>What an answer about a thread has to say; null may be left untold.</summary>
/// <param name="Thread">Name of the thread.</param>
public sealed record ExpectedThread(string Thread)
{
    /// <summary>The locks that its entries own.</summary>
    public IReadOnlyList<string>? Owns { get; init; }

    /// <summary>The lock that it waits for.</summary>
    public string? WaitsFor { get; init; }

    /// <summary>What it waits for besides locks, or why it does not run: "irp" and so on.</summary>
    public string? WaitsOn { get; init; }

    /// <summary>The driver that has its I/O request.</summary>
    public string? Driver { get; init; }

    /// <summary>The file that its I/O request is for.</summary>
    public string? FileName { get; init; }

    /// <summary>Image of the process that has to answer its ALPC message.</summary>
    public string? Server { get; init; }

    /// <summary>The thread that has received the message.</summary>
    public string? Receiver { get; init; }

    /// <summary>Its wait may have begun before the time that the thread tells.</summary>
    public bool? WaitIsLowerBound { get; init; }
}
