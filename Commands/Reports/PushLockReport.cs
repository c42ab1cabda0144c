using System.Text.Json.Serialization;
using LockLeak.Kernel;
using LockLeak.Locks;

namespace LockLeak.Reports;

/// <summary>Answer of <c>!pushlock</c>: the lock, the bits of its value, then who has to do with it.</summary>
/// <param name="Command">The command that was asked.</param>
/// <param name="Target">The machine.</param>
/// <param name="Node">The lock as other reports have it; its fields are the first ones of the answer.</param>
internal sealed record PushLockReport(string Command, TargetReport Target, [property: JsonIgnore] LockReport Node) : Report(Command, Target)
{
    /// <summary>Its address.</summary>
    public LockAddress Lock => Node.Lock;

    /// <inheritdoc cref="LockReport.Kind"/>
    public LockKind Kind => Node.Kind;

    /// <inheritdoc cref="LockReport.Symbol"/>
    public string? Symbol => Node.Symbol;

    /// <inheritdoc cref="LockReport.Value"/>
    public ulong? Value => Node.Value;

    /// <summary>Somebody owns it.</summary>
    public bool Locked => Node.Locked == true;

    /// <summary>Threads wait for it.</summary>
    public required bool Waiting { get; init; }

    /// <summary>A releasing thread is just waking waiters.</summary>
    public required bool Waking { get; init; }

    /// <summary>More than one shared owner while threads wait.</summary>
    public required bool MultipleShared { get; init; }

    /// <inheritdoc cref="LockReport.SharedOwners"/>
    public long SharedOwners => Node.SharedOwners;

    /// <inheritdoc cref="LockReport.Exclusive"/>
    public bool? Exclusive => Node.Exclusive;

    /// <inheritdoc cref="LockReport.Abandoned"/>
    public bool Abandoned => Node.Abandoned;

    /// <inheritdoc cref="LockReport.OwnerPointers"/>
    public IReadOnlyList<ulong> OwnerPointers => Node.OwnerPointers;

    /// <inheritdoc cref="LockReport.Detail"/>
    public string? Detail => Node.Detail;

    /// <inheritdoc cref="LockReport.PoolTag"/>
    public string? PoolTag => Node.PoolTag;

    /// <inheritdoc cref="LockReport.PoolOwner"/>
    public string? PoolOwner => Node.PoolOwner;

    /// <inheritdoc cref="LockReport.Owners"/>
    public IReadOnlyList<OwnerReport> Owners => Node.Owners;

    /// <inheritdoc cref="LockReport.Waiters"/>
    public IReadOnlyList<WaiterReport> Waiters => Node.Waiters;

    /// <summary>The places in the code where its owners took it, for each what fits best first; empty on a live machine.</summary>
    public IReadOnlyList<SiteReport> Sites { get; init; } = [];

    /// <summary>With -v, the instructions that refer to it, where it lies in a driver's data; else empty.</summary>
    public IReadOnlyList<ReferenceReport> References { get; init; } = [];

    /// <summary>All threads named above.</summary>
    public required IReadOnlyList<ThreadReport> Threads { get; init; }
}

/// <summary>An instruction that refers to a lock in its driver's data.</summary>
/// <param name="Address">The instruction.</param>
/// <param name="Symbol">module!function+offset of it.</param>
/// <param name="Source">Its source line.</param>
internal sealed record ReferenceReport(ulong Address, string? Symbol, string? Source);
