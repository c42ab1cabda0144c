using System.Text.Json.Serialization;
using LockLeak.Kernel;
using LockLeak.Locks;

namespace LockLeak.Reports;

/// <summary>A lock.</summary>
/// <param name="Lock">Its address.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Symbol">module!name+offset where it lies in a module; else null.</param>
/// <param name="Value">Its first 64 bits; null when they were not or could not be read.</param>
/// <param name="Locked">Its own word on whether somebody owns it; null when that cannot be told.</param>
/// <param name="SharedOwners">Number of shared owners by its own count.</param>
/// <param name="Exclusive">True for one exclusive owner, false for shared ones; null when nobody owns it or it cannot be told.</param>
/// <param name="Owners">Threads that own it.</param>
/// <param name="Waiters">Threads that wait for it, oldest first where the order is known.</param>
internal sealed record LockReport(
    LockAddress Lock, LockKind Kind, string? Symbol, ulong? Value, bool? Locked, long SharedOwners, bool? Exclusive,
    IReadOnlyList<OwnerReport> Owners, IReadOnlyList<WaiterReport> Waiters)
{
    /// <summary>A mutant whose owner ended without releasing it.</summary>
    public bool Abandoned { get; init; }

    /// <summary>What its owner fields hold in place of threads, raw (ExSetResourceOwnerPointer).</summary>
    public IReadOnlyList<ulong> OwnerPointers { get; init; } = [];

    /// <summary>What else it says of itself, such as the name of a file; null when there is nothing.</summary>
    public string? Detail { get; init; }

    /// <summary>The pool allocation that it lies in; null when it lies in a module, or the tag cannot be told.</summary>
    [JsonIgnore]
    public PoolAllocation? Pool { get; init; }

    /// <summary>The tag of the pool allocation that it lies in; null when it lies in a module, or the tag cannot be told.</summary>
    public string? PoolTag => Pool?.Tag;

    /// <summary>The binary that allocates memory of that tag, by the debugger's pooltag.txt; null when it does not say.</summary>
    public string? PoolOwner => Pool?.Owner;
}

/// <summary>A thread that owns a lock.</summary>
/// <param name="Thread">_ETHREAD.</param>
/// <param name="Entry">Its lock entry; null when only the lock's own memory names the thread.</param>
/// <param name="FoundBy">How it was found.</param>
internal sealed record OwnerReport(ThreadAddress Thread, EntryAddress? Entry, FoundBy FoundBy);

/// <summary>A thread that waits for a lock.</summary>
/// <param name="Thread">_ETHREAD; null when it cannot be found.</param>
/// <param name="WaitBlock">Its wait block in the queue of a push lock or resource; null without one.</param>
/// <param name="Mode">What it wants; null when that cannot be told.</param>
/// <param name="FoundBy">All ways in which it was found.</param>
internal sealed record WaiterReport(ThreadAddress? Thread, ulong? WaitBlock, LockMode? Mode, IReadOnlyList<FoundBy> FoundBy);
