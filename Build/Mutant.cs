namespace LockLeak.Build;

/// <summary>A fault put into the code on purpose, and the test that has to notice it.</summary>
/// <param name="Fault">What goes wrong with it.</param>
/// <param name="File">The file.</param>
/// <param name="Original">Text that occurs in it once.</param>
/// <param name="Changed">What stands there in the mutant.</param>
/// <param name="Test">Class and method of a test of Commands.Tests.</param>
internal sealed record Mutant(string Fault, string File, string Original, string Changed, string Test)
{
    /// <summary>The faults that a reader of memory and a finder of locks must not have: one of each sort.</summary>
    public static IReadOnlyList<Mutant> All { get; } =
    [
        new(
            "each lock entry is taken for the next one's state",
            "Commands/Kernel/LockEntryDecoder.cs",
            "bool used = run.IsInUse(index);",
            "bool used = run.IsInUse(index + 1);",
            "LockEntryReaderTests.EntriesAreReadAsTheyWereWritten"),
        new(
            "a thread that waits for a lock owns it",
            "Commands/Kernel/LockEntryDecoder.cs",
            ": window.IsSet(shape.Waiting, at) ? LockRelation.Waits",
            ": window.IsSet(shape.Waiting, at) ? LockRelation.Owns",
            "LockEntryReaderTests.EntriesAreReadAsTheyWereWritten"),
        new(
            "a flag of a push lock is part of its wait block's address",
            "Commands/Locks/PushLockValue.cs",
            "IsWaiting || IsBlocked ? Raw & ~0xFUL : 0;",
            "IsWaiting || IsBlocked ? Raw & ~0x7UL : 0;",
            "PushLockValueTests.WaitersAreReadBackFromAContendedLock"),
        new(
            "waiters for exclusive ownership are shown as shared ones, and the other way round",
            "Commands/Locks/PushLock.cs",
            "block.IsExclusive ? LockMode.Exclusive : LockMode.Shared;",
            "block.IsExclusive ? LockMode.Shared : LockMode.Exclusive;",
            "LockFactsTests.PushLockTellsTheTruthOfEachLock"),
        new(
            "a queue that leads into itself is walked on",
            "Commands/Locks/PushLockQueue.cs",
            "blocks.Count < Longest && seen.Add(address) &&",
            "blocks.Count < Longest &&",
            "PushLockQueueTests.ALoopEndsTheWalk"),
        new(
            "an exclusive resource is shown as shared",
            "Commands/Locks/Resource.cs",
            "private const ulong ResourceOwnedExclusive = 0x80;",
            "private const ulong ResourceOwnedExclusive = 0x40;",
            "LockFactsTests.LockLeakTellsTheTruthOfLocks"),
        new(
            "what ExSetResourceOwnerPointer has stored is taken for a thread",
            "Commands/Locks/Resource.cs",
            "if ((owner & OwnerPointerBits) == OwnerPointerBits)",
            "if (owner == OwnerPointerBits)",
            "FindingsTests.LockLeakFindsWhatIsWrong"),
        new(
            "an owned mutant is none",
            "Commands/Locks/Mutant.cs",
            "return signalState <= 0 &&",
            "return signalState < 0 &&",
            "LockFactsTests.LockLeakTellsTheTruthOfLocks"),
        new(
            "any memory with a thread's state and stack is a thread",
            "Commands/Kernel/KernelThread.cs",
            "return ObjectTypes.Of(window.Value(HeaderType)) == ObjectTypes.Thread && state <= ThreadStates.Last &&",
            "return state <= ThreadStates.Last &&",
            "DamagedMemoryTests.IsCaught"),
        new(
            "a thread on its way out is said to have ended",
            "Commands/Kernel/KernelThread.cs",
            "public bool HasEnded => State == ThreadStates.Terminated;",
            "public bool HasEnded => IsTerminated;",
            "FindingsTests.LockLeakFindsWhatIsWrong"),
        new(
            "an entry for a lock of user mode is a leak",
            "Commands/Findings/LeakedEntries.cs",
            "!entry.IsUser && entry.Address",
            "entry.Address",
            "FindingsTests.LockLeakFindsWhatIsWrong"),
        new(
            "a lock is called ownerless although its owner may be out of lock entries",
            "Commands/Findings/OwnerlessLocks.cs",
            "string? doubt = exhausted.Count > 0 ?",
            "string? doubt = exhausted.Count > 100 ?",
            "FindingsTests.LockLeakFindsWhatIsWrong"),
        new(
            "a deadlock that is certain is a suspicion, and the other way round",
            "Commands/Findings/Deadlocks.cs",
            "Certainty = isCertain ? Certainty.Certain : Certainty.Suspect,",
            "Certainty = isCertain ? Certainty.Suspect : Certainty.Certain,",
            "FindingsTests.LockLeakFindsWhatIsWrong"),
        new(
            "each thread of a circle is said to wait for the one before it",
            "Commands/Analysis/WaitChains.cs",
            "new WaitCircle([.. path[first..].Select(step => step.Thread)],",
            "new WaitCircle([.. path[first..].Select(step => step.Thread).Reverse()],",
            "FindingsTests.LockLeakFindsWhatIsWrong"),
        new(
            "the state of a leaked entry is that of another one",
            "Commands/Analysis/BugChecks.cs",
            "2 => \"the entry's thread pointer has reserved bits set\",",
            "5 => \"the entry's thread pointer has reserved bits set\",",
            "BugCheckTests.AnEntryWithoutALockIsALeakToo"),
        new(
            "an entry of the kernel's table is believed wherever it hangs",
            "Commands/Locks/EntryTable.cs",
            "|| entry.IsHead != areHeads)",
            ")",
            "DamagedTableTests.WhatIsNotProvenIsANote"),
        new(
            "a list of free entries is believed although the kernel counts another number of them",
            "Commands/Kernel/FreeEntryList.cs",
            "return link == 0 && free == (int)thread.Value(set.FreeCount) ? used : null;",
            "return link == 0 ? used : null;",
            "FreeEntryListTests.NobodyIsAccusedByAListThatIsBroken"),
        new(
            "an entry is said to be another thread's where the symbols do not say how to tell",
            "Commands/Kernel/LockEntryDecoder.cs",
            "if (shape.EntryIndex is null)",
            "if (shape.Size == 0)",
            "MissingFieldTests.LessIsKnownAndNothingIsMadeUp"),
        new(
            "the processor that spins for a lock is said to own it",
            "Commands/Kernel/QueuedSpinLocks.cs",
            "if (value == wait.Lock && next != 0)",
            "if (value == (wait.Lock | Waits))",
            "HangTests.TheBlockerIsNamed"),
    ];
}
