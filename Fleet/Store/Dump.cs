namespace LockLeak.Fleet.Store;

/// <summary>A file that was submitted: a row of the table dump.</summary>
internal sealed class Dump
{
    public required string Id { get; init; }
    public required string Path { get; init; }
    public long Bytes { get; init; }
    public DateTime Written { get; init; }
    public DateTime Submitted { get; init; }
    public string? Job { get; init; }
    public long Attempts { get; init; }
    public string? Worker { get; init; }
    public DateTime? Started { get; init; }
    public string? Sha256 { get; init; }
    public DateTime? Done { get; init; }
    public DateTime? Failed { get; init; }
    public string? Reason { get; init; }

    /// <summary>It has a report or was given up.</summary>
    public bool Ended => Done is not null || Failed is not null;
}
