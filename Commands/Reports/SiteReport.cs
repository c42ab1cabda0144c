using System.Text.Json.Serialization;
using LockLeak.Code;
using LockLeak.Kernel;
using LockLeak.Locks;
using LockLeak.Target;

namespace LockLeak.Reports;

/// <summary>
/// A place in a driver's code that takes a lock. It is evidence, and no proof: docs/commands.md says what each word promises.
/// </summary>
/// <param name="Verdict">
/// What can be said of the lock that is taken here. Of a thread that still exists: its stack is past this place and before any release, on
/// every way there (holds) or on some (may-hold). Of one that ended: no way from here releases it, a way is seen that does not, every way
/// seen does, or no more than that it is taken.
/// </param>
/// <param name="Thread">The thread that holds the lock, or ended with it (_ETHREAD).</param>
/// <param name="Lock">The lock that is asked about.</param>
/// <param name="Address">The call of the routine that takes a lock.</param>
/// <param name="Symbol">module!function+offset of the call.</param>
/// <param name="Source">Its source line.</param>
/// <param name="Routine">The routine that is called, such as ExAcquirePushLockExclusiveEx.</param>
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
