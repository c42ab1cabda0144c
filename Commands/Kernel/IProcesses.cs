namespace LockLeak.Kernel;

/// <summary>Finds processes by their addresses.</summary>
public interface IProcesses
{
    /// <summary>A process; null when it cannot be read or no process is there.</summary>
    KernelProcess? Process(ProcessAddress address);
}
