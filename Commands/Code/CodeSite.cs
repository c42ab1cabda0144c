using LockLeak.Target;

namespace LockLeak.Code;

/// <summary>What can be said of a place in the code that takes a lock. docs/commands.md says what each word promises.</summary>
internal enum SiteVerdict
{
    /// <summary>A frame of the thread's stack is past this call and before any release, on every way there.</summary>
    Holds,

    /// <summary>The same, on some of the ways only.</summary>
    MayHold,

    /// <summary>The function takes a lock here; no more can be said.</summary>
    Takes,

    /// <summary>No way from here gives the lock back.</summary>
    NeverReleases,

    /// <summary>There is a way from here to the end of the thread on which the lock is not given back.</summary>
    CanReturn,

    /// <summary>Every way that was seen gives it back.</summary>
    NoPathSeen,

    /// <summary>The code could not be gone through to the end.</summary>
    CannotTell,
}

/// <summary>Whether the lock that a site takes is the one that is asked about.</summary>
internal enum LockMatch
{
    /// <summary>Its address is that of the lock.</summary>
    Same,

    /// <summary>Its address follows from memory that may have changed, or from registers that are gone.</summary>
    Unknown,
}

/// <summary>The lock that a question is about.</summary>
/// <param name="Address">Where it lies; 0 when that is not known.</param>
/// <param name="Kind">Its kind; null for any.</param>
/// <param name="Exclusive">True when it is held exclusively, false when shared; null when that is not known.</param>
internal sealed record WantedLock(ulong Address, CodeLockKind? Kind, bool? Exclusive);

/// <summary>A place in a driver's code that takes a lock, and what becomes of the lock.</summary>
/// <param name="Verdict">What can be said of it.</param>
/// <param name="Address">The call of the routine that takes the lock.</param>
internal sealed record CodeSite(SiteVerdict Verdict, ulong Address)
{
    /// <summary>The symbol at the call, with its source line where the symbols have lines; null when no module is there.</summary>
    public SymbolName? Symbol { get; init; }

    /// <summary>The routine that is called, without its module.</summary>
    public required string Routine { get; init; }

    /// <summary>The kind of lock that it takes.</summary>
    public required CodeLockKind Kind { get; init; }

    /// <summary>True when it takes the lock exclusively.</summary>
    public required bool Exclusive { get; init; }

    /// <summary>Whether that lock is the one that was asked about.</summary>
    public LockMatch Match { get; init; } = LockMatch.Unknown;

    /// <summary>
    /// The calls from the frame's or the start routine's function to that call, outermost first; empty when it stands
    /// there itself.
    /// </summary>
    public IReadOnlyList<ulong> Through { get; init; } = [];

    /// <summary>The frame of the stack, counted from the newest, 0; null for a start routine.</summary>
    public int? Frame { get; init; }

    /// <summary>The return, or the call that ends the thread, that is reached with the lock held.</summary>
    public ulong? ReturnsAt { get; init; }

    /// <summary>The last branch from which a release could still have been reached.</summary>
    public ulong? Branch { get; init; }

    /// <summary>The call that has to raise an exception for that.</summary>
    public ulong? Raises { get; init; }

    /// <summary>The calls that were not looked into: it is so unless one of them gives the lock back.</summary>
    public IReadOnlyList<ulong> Unless { get; init; } = [];
}

/// <summary>The answer to a question about code.</summary>
/// <param name="Sites">What was found, what fits best first.</param>
/// <param name="Notes">What could not be told, and why; each a line.</param>
internal sealed record CodeAnswer(IReadOnlyList<CodeSite> Sites, IReadOnlyList<string> Notes)
{
    /// <summary>True when a note says that an image is missing, which the user can help with.</summary>
    public bool LacksAnImage { get; init; }

    /// <summary>Read requests made.</summary>
    public int Reads { get; init; }

    /// <summary>Bytes read.</summary>
    public long Bytes { get; init; }
}

/// <summary>The instructions that refer to an address.</summary>
/// <param name="Instructions">Their addresses, in order.</param>
/// <param name="Incomplete">Why not all of the module's code was looked at; null when it was.</param>
internal sealed record CodeReferences(IReadOnlyList<ulong> Instructions, string? Incomplete)
{
    /// <summary>Read requests made.</summary>
    public int Reads { get; init; }

    /// <summary>Bytes read.</summary>
    public long Bytes { get; init; }
}
