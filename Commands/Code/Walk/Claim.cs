using LockLeak.Code.Values;

namespace LockLeak.Code.Walk;

/// <summary>What becomes of the lock that a site takes.</summary>
internal enum Fate : byte
{
    /// <summary>Every way that was seen gives it back.</summary>
    Released,

    /// <summary>The function does not come back from there.</summary>
    NeverEnds,

    /// <summary>Not all of the function was gone through, and no way out with the lock held was seen.</summary>
    CannotTell,

    /// <summary>
    /// A way out with the lock held was seen, but what decides on it could be what decided on the acquire, or is out of
    /// sight.
    /// </summary>
    MayReturn,

    /// <summary>It is held exactly when the result says so: handed to the caller.</summary>
    ByResult,

    /// <summary>No way gives it back.</summary>
    NeverReleases,

    /// <summary>Some ways give it back and one does not.</summary>
    CanReturn,
}

/// <summary>A site and the fate of its lock.</summary>
/// <param name="Site">The site.</param>
/// <param name="Fate">The fate.</param>
/// <param name="Lock">Where the lock lies.</param>
internal sealed record Claim(Site Site, Fate Fate, Value Lock)
{
    /// <summary>The exit that is reached with the lock held.</summary>
    public ulong Exit { get; init; }

    /// <summary>True when the thread ends at that exit.</summary>
    public bool EndsThread { get; init; }

    /// <summary>The last branch from which a release could still have been reached; 0 when there is none.</summary>
    public ulong Branch { get; init; }

    /// <summary>The call that has to raise an exception for that; 0 when none has.</summary>
    public ulong Raises { get; init; }

    /// <summary>What is not plain about the way.</summary>
    public Marks Marks { get; init; }
}
