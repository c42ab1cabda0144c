namespace LockLeak.Code;

/// <summary>The kinds of lock that routines take, as the routines tell them apart.</summary>
internal enum CodeLockKind
{
    /// <summary>_EX_PUSH_LOCK.</summary>
    PushLock,

    /// <summary>_FAST_MUTEX, taken as a fast mutex or as a guarded one.</summary>
    FastMutex,

    /// <summary>_ERESOURCE.</summary>
    Resource,

    /// <summary>A fast resource.</summary>
    FastResource,

    /// <summary>_KMUTANT.</summary>
    Mutant,

    /// <summary>None: the routine does something else that matters.</summary>
    None,
}

/// <summary>What a routine does.</summary>
internal enum RoutineEffect
{
    /// <summary>The lock is held after the call.</summary>
    Acquires,

    /// <summary>It is held when the result, a BOOLEAN, is true.</summary>
    AcquiresIfTrue,

    /// <summary>It is held when the second argument, Wait, was true, or else when the result is true.</summary>
    AcquiresIfWaitOrTrue,

    /// <summary>A wait for an object that may be a mutex; it is held when the result is 0.</summary>
    WaitsForMutex,

    /// <summary>The lock is no longer held.</summary>
    Releases,

    /// <summary>Another thread may release it from now on.</summary>
    Disowns,

    /// <summary>The first argument is a mutex.</summary>
    NamesMutex,

    /// <summary>The calling thread ends.</summary>
    EndsThread,

    /// <summary>It does not return.</summary>
    NeverReturns,

    /// <summary>It returns, and writes through none of its arguments.</summary>
    WritesNothing,

    /// <summary>The check of control flow guard before an indirect call.</summary>
    ChecksGuard,

    /// <summary>Goes on where rax points, after the check of control flow guard.</summary>
    JumpsToRax,
}

/// <summary>A row of the table.</summary>
/// <param name="Name">The routine, without its module.</param>
/// <param name="Effect">What it does.</param>
/// <param name="Kind">The kind of lock.</param>
/// <param name="Exclusive">True exclusive, false shared, null either.</param>
internal sealed record LockRoutine(string Name, RoutineEffect Effect, CodeLockKind Kind = CodeLockKind.None, bool? Exclusive = null)
{
    /// <summary>True when the caller may hold a lock afterwards that it did not hold before.</summary>
    public bool Acquires => Effect is RoutineEffect.Acquires or RoutineEffect.AcquiresIfTrue or RoutineEffect.AcquiresIfWaitOrTrue or RoutineEffect.WaitsForMutex;

    /// <summary>
    /// True for the slow half of an acquire whose fast half the compiler put into the caller, as the headers of Windows 7
    /// did: then the release is there, too, and not every form of it is known.
    /// </summary>
    public bool IsInlinedHalf => Name.StartsWith("Exf", StringComparison.Ordinal);

    /// <summary>"nt!ExAcquireFastMutex": the filter manager has routines of its own, all others are the kernel's.</summary>
    public string FullName => (Name.StartsWith("Flt", StringComparison.Ordinal) ? "FLTMGR!" : "nt!") + Name;
}

/// <summary>
/// The routines of the kernel that take and give back locks, as wdm.h, ntifs.h and fltkernel.h declare them
/// (https://learn.microsoft.com/windows-hardware/drivers/ddi), and a few others that decide where code goes. Data
/// alone: the analysis knows no name.
/// </summary>
internal static class LockRoutines
{
    private const bool Exclusive = true, Shared = false;
    private const CodeLockKind Push = CodeLockKind.PushLock, Fast = CodeLockKind.FastMutex, Resource = CodeLockKind.Resource, FastResource = CodeLockKind.FastResource, Mutant = CodeLockKind.Mutant;

    /// <summary>All rows.</summary>
    public static readonly IReadOnlyList<LockRoutine> All =
    [
        // Push locks. Exf... are what Windows 7, and drivers built for it, call; Flt... are the filter manager's.
        .. Of(RoutineEffect.Acquires, Push, Exclusive, "ExAcquirePushLockExclusiveEx", "ExAcquirePushLockExclusive", "ExfAcquirePushLockExclusive", "ExAcquireCacheAwarePushLockExclusive",
            "ExAcquireCacheAwarePushLockExclusiveEx", "ExAcquireAutoExpandPushLockExclusive", "FltAcquirePushLockExclusive", "FltAcquirePushLockExclusiveEx"),
        .. Of(RoutineEffect.Acquires, Push, Shared, "ExAcquirePushLockSharedEx", "ExAcquirePushLockShared", "ExfAcquirePushLockShared", "ExAcquireCacheAwarePushLockSharedEx",
            "ExAcquireAutoExpandPushLockShared", "FltAcquirePushLockShared", "FltAcquirePushLockSharedEx"),
        .. Of(RoutineEffect.AcquiresIfTrue, Push, Exclusive, "ExTryAcquirePushLockExclusiveEx"),
        .. Of(RoutineEffect.AcquiresIfTrue, Push, Shared, "ExTryAcquirePushLockSharedEx", "ExfTryAcquirePushLockShared"),
        .. Of(RoutineEffect.Releases, Push, null, "ExReleasePushLockEx", "ExReleasePushLock", "ExfReleasePushLock", "FltReleasePushLock", "FltReleasePushLockEx"),
        .. Of(RoutineEffect.Releases, Push, Exclusive, "ExReleasePushLockExclusiveEx", "ExReleasePushLockExclusive", "ExfReleasePushLockExclusive", "ExReleaseCacheAwarePushLockExclusive",
            "ExReleaseCacheAwarePushLockExclusiveEx", "ExReleaseAutoExpandPushLockExclusive"),
        .. Of(RoutineEffect.Releases, Push, Shared, "ExReleasePushLockSharedEx", "ExReleasePushLockShared", "ExfReleasePushLockShared", "ExReleaseCacheAwarePushLockSharedEx",
            "ExReleaseAutoExpandPushLockShared"),

        // Fast and guarded mutexes: one structure, two families of names.
        .. Of(RoutineEffect.Acquires, Fast, Exclusive, "ExAcquireFastMutex", "ExAcquireFastMutexUnsafe", "ExEnterCriticalRegionAndAcquireFastMutexUnsafe", "KeAcquireGuardedMutex",
            "KeAcquireGuardedMutexUnsafe"),
        .. Of(RoutineEffect.AcquiresIfTrue, Fast, Exclusive, "ExTryToAcquireFastMutex", "KeTryToAcquireGuardedMutex"),
        .. Of(RoutineEffect.Releases, Fast, Exclusive, "ExReleaseFastMutex", "ExReleaseFastMutexUnsafe", "ExReleaseFastMutexUnsafeAndLeaveCriticalRegion", "KeReleaseGuardedMutex",
            "KeReleaseGuardedMutexUnsafe"),

        // Resources. The names without Lite are those of the oldest drivers.
        .. Of(RoutineEffect.AcquiresIfWaitOrTrue, Resource, Exclusive, "ExAcquireResourceExclusiveLite", "ExAcquireResourceExclusive"),
        .. Of(RoutineEffect.AcquiresIfWaitOrTrue, Resource, Shared, "ExAcquireResourceSharedLite", "ExAcquireResourceShared", "ExAcquireSharedStarveExclusive", "ExAcquireSharedWaitForExclusive"),
        .. Of(RoutineEffect.AcquiresIfTrue, Resource, Exclusive, "ExTryToAcquireResourceExclusiveLite"),
        .. Of(RoutineEffect.Acquires, Resource, Exclusive, "ExEnterCriticalRegionAndAcquireResourceExclusive", "ExEnterPriorityRegionAndAcquireResourceExclusive", "FltAcquireResourceExclusive"),
        .. Of(RoutineEffect.Acquires, Resource, Shared, "ExEnterCriticalRegionAndAcquireResourceShared", "ExEnterCriticalRegionAndAcquireSharedWaitForExclusive",
            "ExEnterPriorityRegionAndAcquireResourceShared", "FltAcquireResourceShared"),
        .. Of(RoutineEffect.Releases, Resource, null, "ExReleaseResourceLite", "ExReleaseResource", "ExReleaseResourceForThreadLite", "ExReleaseResourceAndLeaveCriticalRegion",
            "ExReleaseResourceAndLeavePriorityRegion", "FltReleaseResource"),
        .. Of(RoutineEffect.Disowns, Resource, null, "ExSetResourceOwnerPointer", "ExSetResourceOwnerPointerEx"),

        // Fast resources.
        .. Of(RoutineEffect.AcquiresIfWaitOrTrue, FastResource, Exclusive, "ExAcquireFastResourceExclusive"),
        .. Of(RoutineEffect.AcquiresIfWaitOrTrue, FastResource, Shared, "ExAcquireFastResourceShared", "ExAcquireFastResourceSharedStarveExclusive"),
        .. Of(RoutineEffect.AcquiresIfTrue, FastResource, Exclusive, "ExTryToAcquireFastResourceExclusive"),
        .. Of(RoutineEffect.AcquiresIfTrue, FastResource, Shared, "ExTryToAcquireFastResourceShared"),
        .. Of(RoutineEffect.Releases, FastResource, null, "ExReleaseFastResource", "ExReleaseFastResourceExclusive", "ExReleaseFastResourceShared"),
        .. Of(RoutineEffect.Disowns, FastResource, null, "ExDisownFastResource"),

        // Mutexes: a wait takes one only when it is for one, which the other routines tell.
        .. Of(RoutineEffect.WaitsForMutex, Mutant, Exclusive, "KeWaitForSingleObject", "KeWaitForMutexObject"),
        .. Of(RoutineEffect.Releases, Mutant, Exclusive, "KeReleaseMutex", "KeReleaseMutant"),
        .. Of(RoutineEffect.NamesMutex, CodeLockKind.None, null, "KeInitializeMutex", "KeInitializeMutant"),

        // Where code goes.
        .. Of(RoutineEffect.EndsThread, CodeLockKind.None, null, "PsTerminateSystemThread"),
        .. Of(RoutineEffect.NeverReturns, CodeLockKind.None, null, "KeBugCheck", "KeBugCheckEx", "ExRaiseStatus", "ExRaiseAccessViolation", "ExRaiseDatatypeMisalignment", "RtlRaiseStatus"),
        .. Of(RoutineEffect.WritesNothing, CodeLockKind.None, null, "KeEnterCriticalRegion", "KeLeaveCriticalRegion", "KeEnterGuardedRegion", "KeLeaveGuardedRegion", "KeGetCurrentIrql",
            "PsGetCurrentThreadId", "PsGetCurrentProcessId", "PsGetCurrentProcess", "IoGetCurrentProcess", "KeGetCurrentThread", "KeAreApcsDisabled", "ExIsResourceAcquiredExclusiveLite",
            "ExIsResourceAcquiredSharedLite", "ExConvertExclusiveToSharedLite"),
        .. Of(RoutineEffect.ChecksGuard, CodeLockKind.None, null, "_guard_check_icall"),
        .. Of(RoutineEffect.JumpsToRax, CodeLockKind.None, null, "_guard_dispatch_icall", "guard_dispatch_icall"),
    ];

    /// <summary>Modules of Windows whose code gives back no lock that a driver took, by the names that a debugger gives them.</summary>
    public static readonly IReadOnlySet<string> WindowsModules =
        new HashSet<string>(StringComparer.OrdinalIgnoreCase) { "nt", "hal", "FLTMGR", "ndis", "NETIO", "ksecdd", "cng", "CI", "CLFS", "tm", "Wdf01000", "WDFLDR", "storport", "CLASSPNP", "ks", "portcls" };

    private static IEnumerable<LockRoutine> Of(RoutineEffect effect, CodeLockKind kind, bool? exclusive, params string[] names) =>
        names.Select(name => new LockRoutine(name, effect, kind, exclusive));
}
