namespace KernelImages.Scenarios;

/// <summary>All scenarios.</summary>
public static class ScenarioLibrary
{
    /// <summary>Every scenario, each of which has a name of its own.</summary>
    public static IReadOnlyList<Scenario> All { get; } =
    [
        Walkthrough.PushLock153,
        Ordinary.Clean, Ordinary.Idle, Ordinary.Busy, Ordinary.Readers, Ordinary.Chain, Ordinary.Disowned, Ordinary.Orphaned,
        Ordinary.Exhausted, Ordinary.Mutexes,
        Deadlocks.Two, Deadlocks.Three,
        Leaks.Terminated, Leaks.NotInTree, Leaks.Busy, Leaks.Session, Leaks.AllKinds, Leaks.UserEntries, Leaks.AbandonedMutant,
        Suspects.Ownerless, Suspects.OwnerlessAmongExhausted, Suspects.StaleWaiter, Suspects.StaleWaiterUnmapped, Suspects.UserModeOwner,
        BugChecks.LeakUnlinked, BugChecks.InvalidLockRelease, BugChecks.RaisedIrql, BugChecks.PriorityFloor, BugChecks.PushLockFlags,
        BugChecks.ResourceRelease, BugChecks.IoBoost, BugChecks.ResourceNotOwned, BugChecks.Unknown,
        PushLockQueues.BehindOwner, PushLockQueues.BehindStranger, PushLockQueues.BehindItself, PushLockQueues.BehindNobody,
        PushLockQueues.LastReader,
        PushLockQueues.StaleShareCount, PushLockQueues.StructureWithEvent, PushLockQueues.StructureWithEventLeaked,
        PushLocksInFlight.Detached, PushLocksInFlight.DetachedAndTaken, PushLocksInFlight.Woken, PushLocksInFlight.WokenAndTaken,
        PushLocksInFlight.Waking,
        PushLocksInFlight.Queueing, PushLocksInFlight.Spinning,
        Resources.SharedWaiter, Resources.SharedWaiterWithEntry, Resources.Queue, Resources.WaiterInOwnEntry, Resources.WaitsForItself,
        Resources.Recursive,
        Resources.Converted, Resources.HandedOver, Resources.ReadersWoken, Resources.PointerCircle, Resources.PointerAmongOwners,
        Resources.OwnerEnded,
        Resources.OwnerUnmapped, Resources.OwnerIsText, Resources.OwnerIsEvent, Resources.PossibleDeadlock, Resources.Deadlock,
        .. FastResources.All,
        Mutants.OwnerSleeps, Mutants.Deadlock, Mutants.TrackedDeadlock, Mutants.Several, Mutants.OwnerEnding, Mutants.AbandonedAndTaken,
        FastMutexes.Busy, FastMutexes.HandedOver, FastMutexes.OwnerEnded, FastMutexes.OwnerGone,
        Waits.AnyOf, Waits.AnyOfReversed, Waits.Timed, Waits.AllOf, Waits.ManyAll, Waits.ManyAny, Waits.Unload, Waits.UnloadInTime,
        Waits.Process, Waits.ProcessInTime,
        Garbage.CorruptEntry, Garbage.Lists, Garbage.Cycles, Garbage.Counts, Garbage.Names, Garbage.PagedOut,
        .. EntryFacts.All, .. BackInUserMode.All, .. SuspendedOwners.All, .. ApcRegions.All, .. EndedOwners.All, .. StaleWaiters.All,
        .. FileObjects.All, .. PageReads.All, .. KernelTurns.All, .. SlottedPushLocks.All, .. UntrackedWaits.All,
        .. BugCheckLocks.All, .. BugCheckWatchdogs.All, .. BugCheckThreadEnds.All, .. BugCheckVerifier.All, .. SmallDumps.All,
        .. Hangs.All, .. WaitEnds.All, .. AlpcMessages.All, .. WorkQueues.All, .. PoolAllocations.All, .. Descriptions.All,
    ];

    /// <summary>The scenario with a name.</summary>
    public static Scenario Find(string name) =>
        All.FirstOrDefault(scenario => scenario.Name == name)
        ?? throw new ArgumentException($"No scenario {name}. There are: {string.Join(" ", All.Select(scenario => scenario.Name))}.");
}
