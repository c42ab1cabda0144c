namespace LockLeak.Kernel;

/// <summary>A process as the commands need it.</summary>
/// <param name="Address">_EPROCESS.</param>
/// <param name="UniqueProcessId">Process ID.</param>
/// <param name="ImageFileName">Image name as the kernel keeps it: at most 14 characters, control characters replaced.</param>
/// <param name="ThreadListHead">Address of _EPROCESS.ThreadListHead.</param>
/// <param name="FirstThread">Its Flink.</param>
internal sealed record KernelProcess(ProcessAddress Address, ulong UniqueProcessId, string ImageFileName, ulong ThreadListHead,
    ulong FirstThread)
{
    /// <summary>_EPROCESS.ActiveThreads: threads that have not ended; null where it is not known.</summary>
    public uint? ActiveThreads { get; init; }
}
