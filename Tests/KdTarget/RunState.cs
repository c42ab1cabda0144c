namespace KdTarget;

/// <summary>What the machine does, whether a debugger is connected or not.</summary>
public sealed class RunState
{
    private volatile bool _isRunning = true;

    /// <summary>False while the machine is stopped.</summary>
    public bool IsRunning
    {
        get => _isRunning;
        set => _isRunning = value;
    }

    /// <summary>The number of the processor that reports the next stop.</summary>
    public int Processor { get; set; }
}
