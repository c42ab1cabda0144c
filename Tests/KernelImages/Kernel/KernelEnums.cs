namespace KernelImages.Kernel;

/// <summary>_KTHREAD_STATE, the same on all builds; the types of some lack it.</summary>
internal enum ThreadState
{
    Ready = 1,
    Running = 2,
    Terminated = 4,
    Waiting = 5,
}

/// <summary>_KOBJECTS, the same on all builds; the types of some lack it.</summary>
internal enum DispatcherType
{
    SynchronizationEvent = 1,
    Mutant = 2,
    Process = 3,
    Semaphore = 5,
    Thread = 6,
    Gate = 7,
}
