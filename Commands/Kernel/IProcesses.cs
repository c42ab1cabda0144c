namespace LockLeak.Kernel;

/// <summary>Finds processes by their addresses.</summary>
internal interface IProcesses
{
    /// <summary>A process; null when it cannot be read or no process is there.</summary>
    KernelProcess? Process(ProcessAddress address);

    /// <summary>
    /// True when a process is not there to be looked at: its memory cannot be read, or a small dump has left it out. A real one (0x9F,
    /// 19041) has 256 zeros where the process of its worker threads begins, and nothing behind them.
    /// </summary>
    bool IsLeftOut(ProcessAddress address);
}
