namespace KernelImages.Scenarios;

/// <summary>An I/O request that a thread has sent and that is not complete.</summary>
/// <param name="Function">IRP_MJ_* of the driver that has it.</param>
/// <param name="Driver">Name of that driver.</param>
/// <param name="FileName">The file that it is for, relative to its device.</param>
public sealed record IrpSpec(byte Function, string Driver, string FileName)
{
    /// <summary>The thread waits until it is complete, for the event of the file.</summary>
    public bool IsAwaited { get; init; } = true;

    /// <summary>The thread waits for an event of its own, which the end of the request sets (UserEvent).</summary>
    public bool HasOwnEvent { get; init; }

    /// <summary>Stack locations.</summary>
    public byte StackCount { get; init; } = 4;

    /// <summary>Number of drivers that have passed it on; -1 while no driver has it.</summary>
    public int Passed { get; init; } = 1;
}
