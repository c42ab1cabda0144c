using static LockLeak.Code.CodeLockKind;
using static LockLeak.Code.RoutineEffect;

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
    public bool Acquires =>
        Effect is RoutineEffect.Acquires or AcquiresIfTrue or AcquiresIfWaitOrTrue or WaitsForMutex;

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

    /// <summary>All rows.</summary>
    public static readonly IReadOnlyList<LockRoutine> All =
    [
        // Push locks. Exf... are what Windows 7, and drivers built for it, call; Flt... are the filter manager's.
        .. Of(Acquires, PushLock, Exclusive, """
            ExAcquirePushLockExclusiveEx ExAcquirePushLockExclusive ExfAcquirePushLockExclusive ExAcquireCacheAwarePushLockExclusive
            ExAcquireCacheAwarePushLockExclusiveEx ExAcquireAutoExpandPushLockExclusive FltAcquirePushLockExclusive
            FltAcquirePushLockExclusiveEx
            """),
        .. Of(Acquires, PushLock, Shared, """
            ExAcquirePushLockSharedEx ExAcquirePushLockShared ExfAcquirePushLockShared ExAcquireCacheAwarePushLockSharedEx
            ExAcquireAutoExpandPushLockShared FltAcquirePushLockShared FltAcquirePushLockSharedEx
            """),
        .. Of(AcquiresIfTrue, PushLock, Exclusive, "ExTryAcquirePushLockExclusiveEx"),
        .. Of(AcquiresIfTrue, PushLock, Shared, "ExTryAcquirePushLockSharedEx ExfTryAcquirePushLockShared"),
        .. Of(Releases, PushLock, null, """
            ExReleasePushLockEx ExReleasePushLock ExfReleasePushLock FltReleasePushLock FltReleasePushLockEx
            """),
        .. Of(Releases, PushLock, Exclusive, """
            ExReleasePushLockExclusiveEx ExReleasePushLockExclusive ExfReleasePushLockExclusive ExReleaseCacheAwarePushLockExclusive
            ExReleaseCacheAwarePushLockExclusiveEx ExReleaseAutoExpandPushLockExclusive
            """),
        .. Of(Releases, PushLock, Shared, """
            ExReleasePushLockSharedEx ExReleasePushLockShared ExfReleasePushLockShared ExReleaseCacheAwarePushLockSharedEx
            ExReleaseAutoExpandPushLockShared
            """),

        // Fast and guarded mutexes: one structure, two families of names.
        .. Of(Acquires, FastMutex, Exclusive, """
            ExAcquireFastMutex ExAcquireFastMutexUnsafe ExEnterCriticalRegionAndAcquireFastMutexUnsafe KeAcquireGuardedMutex
            KeAcquireGuardedMutexUnsafe
            """),
        .. Of(AcquiresIfTrue, FastMutex, Exclusive, "ExTryToAcquireFastMutex KeTryToAcquireGuardedMutex"),
        .. Of(Releases, FastMutex, Exclusive, """
            ExReleaseFastMutex ExReleaseFastMutexUnsafe ExReleaseFastMutexUnsafeAndLeaveCriticalRegion KeReleaseGuardedMutex
            KeReleaseGuardedMutexUnsafe
            """),

        // Resources. The names without Lite are those of the oldest drivers.
        .. Of(AcquiresIfWaitOrTrue, Resource, Exclusive, "ExAcquireResourceExclusiveLite ExAcquireResourceExclusive"),
        .. Of(AcquiresIfWaitOrTrue, Resource, Shared, """
            ExAcquireResourceSharedLite ExAcquireResourceShared ExAcquireSharedStarveExclusive ExAcquireSharedWaitForExclusive
            """),
        .. Of(AcquiresIfTrue, Resource, Exclusive, "ExTryToAcquireResourceExclusiveLite"),
        .. Of(Acquires, Resource, Exclusive, """
            ExEnterCriticalRegionAndAcquireResourceExclusive ExEnterPriorityRegionAndAcquireResourceExclusive
            FltAcquireResourceExclusive
            """),
        .. Of(Acquires, Resource, Shared, """
            ExEnterCriticalRegionAndAcquireResourceShared ExEnterCriticalRegionAndAcquireSharedWaitForExclusive
            ExEnterPriorityRegionAndAcquireResourceShared FltAcquireResourceShared
            """),
        .. Of(Releases, Resource, null, """
            ExReleaseResourceLite ExReleaseResource ExReleaseResourceForThreadLite ExReleaseResourceAndLeaveCriticalRegion
            ExReleaseResourceAndLeavePriorityRegion FltReleaseResource
            """),
        .. Of(Disowns, Resource, null, "ExSetResourceOwnerPointer ExSetResourceOwnerPointerEx"),

        // Fast resources.
        .. Of(AcquiresIfWaitOrTrue, FastResource, Exclusive, "ExAcquireFastResourceExclusive"),
        .. Of(AcquiresIfWaitOrTrue, FastResource, Shared, """
            ExAcquireFastResourceShared ExAcquireFastResourceSharedStarveExclusive
            """),
        .. Of(AcquiresIfTrue, FastResource, Exclusive, "ExTryToAcquireFastResourceExclusive"),
        .. Of(AcquiresIfTrue, FastResource, Shared, "ExTryToAcquireFastResourceShared"),
        .. Of(Releases, FastResource, null, """
            ExReleaseFastResource ExReleaseFastResourceExclusive ExReleaseFastResourceShared
            """),
        .. Of(Disowns, FastResource, null, "ExDisownFastResource"),

        // Mutexes: a wait takes one only when it is for one, which the other routines tell.
        .. Of(WaitsForMutex, Mutant, Exclusive, "KeWaitForSingleObject KeWaitForMutexObject"),
        .. Of(Releases, Mutant, Exclusive, "KeReleaseMutex KeReleaseMutant"),
        .. Of(NamesMutex, None, null, "KeInitializeMutex KeInitializeMutant"),

        // Where code goes.
        .. Of(EndsThread, None, null, "PsTerminateSystemThread"),
        .. Of(NeverReturns, None, null, """
            KeBugCheck KeBugCheckEx ExRaiseStatus ExRaiseAccessViolation ExRaiseDatatypeMisalignment RtlRaiseStatus
            """),
        .. Of(WritesNothing, None, null, """
            KeEnterCriticalRegion KeLeaveCriticalRegion KeEnterGuardedRegion KeLeaveGuardedRegion KeGetCurrentIrql PsGetCurrentThreadId
            PsGetCurrentProcessId PsGetCurrentProcess IoGetCurrentProcess KeGetCurrentThread KeAreApcsDisabled
            ExIsResourceAcquiredExclusiveLite ExIsResourceAcquiredSharedLite ExConvertExclusiveToSharedLite
            """),
        .. Of(ChecksGuard, None, null, "_guard_check_icall"),
        .. Of(JumpsToRax, None, null, "_guard_dispatch_icall guard_dispatch_icall"),
    ];

    /// <summary>Modules of Windows whose code gives back no lock that a driver took, by the names that a debugger gives them.</summary>
    public static readonly IReadOnlySet<string> WindowsModules = Names("""
        nt hal FLTMGR ndis NETIO ksecdd cng CI CLFS tm Wdf01000 WDFLDR storport CLASSPNP ks portcls
        """).ToHashSet(StringComparer.OrdinalIgnoreCase);

    private static IEnumerable<LockRoutine> Of(RoutineEffect effect, CodeLockKind kind, bool? exclusive, string names) =>
        Names(names).Select(name => new LockRoutine(name, effect, kind, exclusive));

    private static string[] Names(string names) => names.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
}
