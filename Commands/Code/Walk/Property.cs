namespace LockLeak.Code.Walk;

/// <summary>Why a claim that rests on a way through the code is not a plain one.</summary>
[Flags]
internal enum Marks : byte
{
    /// <summary>Nothing: the way is plain.</summary>
    None = 0,

    /// <summary>It rests on memory that a call may have changed, or on a choice that a called function made out of sight.</summary>
    Depends = 1,

    /// <summary>While the lock was held, code was called that was not looked into.</summary>
    CallsOut = 2,

    /// <summary>It goes through an exception handler.</summary>
    Raises = 4,
}

/// <summary>
/// What ways through a function are told apart by: those with the same property are merged where they meet, others are
/// followed each by itself (property simulation: Das, Lerner and Seigle, "ESP: Path-Sensitive Program Verification in
/// Polynomial Time", PLDI 2002).
/// </summary>
/// <param name="Held">The sites whose lock is held, a bit each.</param>
/// <param name="Freed">The caller's locks that were released, a bit each.</param>
/// <param name="Marks">What is not plain about the way, since the first lock that is held was taken.</param>
internal readonly record struct Property(ulong Held, ulong Freed, Marks Marks)
{
    /// <summary>Sites, and releases, that a function may have.</summary>
    public const int Most = 64;

    /// <summary>True when a lock is held.</summary>
    public bool HoldsAny => Held != 0;

    /// <summary>True when the lock of a site is held.</summary>
    public bool Holds(int site) => (Held & 1UL << site) != 0;

    /// <summary>Its lock is held from here on.</summary>
    public Property Take(int site) => this with { Held = Held | 1UL << site, Marks = HoldsAny ? Marks : Marks.None };

    /// <summary>These locks are no longer held.</summary>
    public Property Drop(ulong sites) => this with { Held = Held & ~sites, Marks = (Held & ~sites) == 0 ? Marks.None : Marks };

    /// <summary>The caller's lock was released, or taken back.</summary>
    public Property Free(int release, bool isFreed) => this with { Freed = isFreed ? Freed | 1UL << release : Freed & ~(1UL << release) };

    /// <summary>
    /// With another mark, when a lock is held. What rests on something out of sight is not plain whatever else is said
    /// of it.
    /// </summary>
    public Property With(Marks marks) =>
        !HoldsAny ? this : this with { Marks = ((Marks | marks) & Marks.Depends) != 0 ? Marks.Depends : Marks | marks };
}

/// <summary>A place in the code and the property that it is reached with.</summary>
/// <param name="At">A block, or the instruction of an exit.</param>
/// <param name="Property">The property.</param>
/// <param name="IsExit">True for an exit: a return, a jump to another function, or the thread's end.</param>
internal sealed record Node(ulong At, Property Property, bool IsExit = false);
