using LockLeak.Kernel;

namespace LockLeak.Analysis;

/// <summary>The kinds of lock that lock entries and lock waits know.</summary>
public enum LockKind
{
    /// <summary>It cannot be told.</summary>
    Unknown,

    /// <summary>_EX_PUSH_LOCK.</summary>
    PushLock,

    /// <summary>_ERESOURCE.</summary>
    Resource,

    /// <summary>_FAST_MUTEX.</summary>
    FastMutex,

    /// <summary>A guarded mutex: a _FAST_MUTEX without the raised IRQL.</summary>
    GuardedMutex,

    /// <summary>_KMUTANT.</summary>
    Mutant,
}

/// <summary>Names of lock kinds.</summary>
public static class LockKinds
{
    /// <summary>"push lock" and so on, for text and JSON.</summary>
    public static string Text(this LockKind kind) => kind switch
    {
        LockKind.PushLock => "push lock",
        LockKind.Resource => "resource",
        LockKind.FastMutex => "fast mutex",
        LockKind.GuardedMutex => "guarded mutex",
        LockKind.Mutant => "mutant",
        _ => "unknown",
    };

    /// <summary>The kernel's structure, for <c>dt</c>; null when the kind is unknown.</summary>
    public static string? TypeName(this LockKind kind) => kind switch
    {
        LockKind.PushLock => "_EX_PUSH_LOCK",
        LockKind.Resource => "_ERESOURCE",
        LockKind.FastMutex or LockKind.GuardedMutex => "_FAST_MUTEX",
        LockKind.Mutant => "_KMUTANT",
        _ => null,
    };

    /// <summary>The same for a kind in the words of <see cref="Text"/>.</summary>
    public static string? TypeName(string kind) => Enum.GetValues<LockKind>().FirstOrDefault(candidate => candidate.Text() == kind).TypeName();

    /// <summary>The kind of lock that a wait with this reason is for.</summary>
    public static LockKind OfWait(byte waitReason) => waitReason switch
    {
        WaitReasons.WrPushLock => LockKind.PushLock,
        WaitReasons.WrResource => LockKind.Resource,
        WaitReasons.WrFastMutex => LockKind.FastMutex,
        WaitReasons.WrGuardedMutex => LockKind.GuardedMutex,
        WaitReasons.WrMutex => LockKind.Mutant,
        _ => LockKind.Unknown,
    };
}
