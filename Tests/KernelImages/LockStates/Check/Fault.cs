namespace KernelImages.LockStates.Check;

/// <summary>Something that the product says of a state and that is not so.</summary>
/// <param name="State">The state.</param>
/// <param name="Lock">Number of the lock; null for what is not about one of the state's locks.</param>
/// <param name="Build">The build on which it says so.</param>
/// <param name="Command">The command that says so.</param>
/// <param name="Kind">One of <see cref="FaultKind"/>.</param>
/// <param name="Text">What was expected and what came.</param>
public sealed record Fault(LockState State, int? Lock, string Build, string Command, string Kind, string Text)
{
    /// <summary>The truth about the lock; null for what is not about one of the state's locks.</summary>
    public StateLock? Truth => Lock is { } item ? State.Locks[item] : null;
}

/// <summary>Kinds of fault, as the table heads its columns.</summary>
public static class FaultKind
{
    /// <summary>No answer, or one that cannot be read.</summary>
    public const string Error = "error";

    /// <summary>!lockleak -a does not list a lock that its threads lead to.</summary>
    public const string Absent = "absent";

    /// <summary>Another kind of lock.</summary>
    public const string Kind = "kind";

    /// <summary>Value or flag bits.</summary>
    public const string Flags = "flags";

    /// <summary>An owner is missing, or one is told that is none.</summary>
    public const string Owners = "owners";

    /// <summary>Shared or exclusive, and how many.</summary>
    public const string Shares = "shares";

    /// <summary>A waiter is missing, or one is told that is none.</summary>
    public const string Waiters = "waiters";

    /// <summary>The right waiters in the wrong order.</summary>
    public const string Order = "order";

    /// <summary>A waiter's wait block.</summary>
    public const string Blocks = "blocks";

    /// <summary>A waiter's mode.</summary>
    public const string Modes = "modes";

    /// <summary>A thread that keeps a lock for ever is not told, or not with all whom it blocks.</summary>
    public const string Hang = "hang";

    /// <summary>!lockleak -a lists a lock that is none.</summary>
    public const string Invented = "invented";

    /// <summary>A finding that is called certain.</summary>
    public const string Certain = "certain";

    /// <summary>A finding that is called suspect.</summary>
    public const string Suspect = "suspect";

    /// <summary>Those that spoil a lock, in the order of the table.</summary>
    public static IReadOnlyList<string> OfLocks { get; } = [Error, Absent, Kind, Flags, Owners, Shares, Waiters, Order, Blocks, Modes];

    /// <summary>Those that say of a healthy machine that something is wrong there.</summary>
    public static IReadOnlyList<string> False { get; } = [Certain, Suspect, Invented];

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [.. OfLocks, Hang, .. False];
}
