namespace LockLeak.Kernel;

/// <summary>What is known of the pool allocation that a lock lies in.</summary>
/// <param name="Tag">The name that its driver has given to such memory: up to four letters, "NtFs".</param>
/// <param name="Owner">The binary that allocates memory of that tag, by the debugger's table: "ntfs.sys"; null if it does not say.</param>
internal sealed record PoolAllocation(string Tag, string? Owner)
{
    /// <summary>"pool NtFs", "pool NtFs of ntfs.sys".</summary>
    public override string ToString() => Owner is null ? $"pool {Tag}" : $"pool {Tag} of {Owner}";
}
