using KernelImages.Kernel;

namespace KernelImages.Scenarios;

/// <summary>
/// A machine at one moment: what a person would say who describes the situation, and nothing that depends on the
/// Windows build. Threads, processes and locks are referred to by name. What a build does not have is left out of it.
/// </summary>
/// <param name="Name">Short, for files and test names.</param>
/// <param name="Title">One sentence that says what happened.</param>
public sealed record Scenario(string Name, string Title)
{
    /// <summary>What stopped the machine; null for a live machine or a dump that was forced.</summary>
    public BugCheckSpec? BugCheck { get; init; }

    /// <summary>The processes. Idle and System come by themselves when they are not named.</summary>
    public IReadOnlyList<ProcessSpec> Processes { get; init; } = [];

    /// <summary>The locks with their owners and waiters; the threads' lock entries follow from them, in this order.</summary>
    public IReadOnlyList<LockSpec> Locks { get; init; } = [];

    /// <summary>Queues of the kernel's worker threads.</summary>
    public IReadOnlyList<WorkQueueSpec> WorkQueues { get; init; } = [];

    /// <summary>Drivers besides the kernel, loaded and unloaded.</summary>
    public IReadOnlyList<DriverSpec> Drivers { get; init; } = [];

    /// <summary>Processors; those that run no named thread run their idle thread.</summary>
    public int Processors { get; init; } = 2;

    /// <summary>Address of the kernel image.</summary>
    public ulong KernelBase { get; init; } = 0xfffff807_26800000;

    /// <summary>What srv.sys says that the machine is called, where it is among the drivers.</summary>
    public string? MachineName { get; init; }

    /// <summary>When the machine stopped, UTC.</summary>
    public DateTime Time { get; init; } = new(2023, 12, 24, 17, 17, 43, 713, DateTimeKind.Utc);

    /// <summary>How long the machine had run.</summary>
    public TimeSpan Uptime { get; init; } = TimeSpan.FromSeconds(3104.311);

    /// <summary>Bit 0 of KiAbpGlobalState is clear, where there is such a variable: 26H1 then keeps lock entries as 24H2 does.</summary>
    public bool LegacyAutoBoost { get; init; }

    /// <summary>Done to the memory last of all: how a scenario breaks what the rest of it built.</summary>
    public Action<SyntheticKernel>? Damage { get; init; }

    /// <summary>What an analysis has to find; empty when nothing is wrong.</summary>
    public IReadOnlyList<ExpectedFinding> Expected { get; init; } = [];

    /// <summary>The thread that an analysis has to name as the one that most threads of a hang wait for; null when nothing hangs.</summary>
    public ExpectedBlocker? Blocker { get; init; }

    /// <summary>What an analysis has to tell of locks.</summary>
    public IReadOnlyList<ExpectedLock> ExpectedLocks { get; init; } = [];

    /// <summary>What an analysis has to tell of threads.</summary>
    public IReadOnlyList<ExpectedThread> ExpectedThreads { get; init; } = [];

    /// <summary>The first and the last Windows build that this can happen on.</summary>
    public (uint First, uint Last) Builds { get; init; } = (0, uint.MaxValue);

    /// <summary>It can happen on a Windows build.</summary>
    public bool IsPossibleOn(uint build) => build >= Builds.First && build <= Builds.Last;
}

/// <summary>A bug check.</summary>
/// <param name="Code">Its number.</param>
/// <param name="Parameters">Its four parameters, which may need addresses of the finished machine.</param>
public sealed record BugCheckSpec(uint Code, Func<SyntheticKernel, ulong[]> Parameters)
{
    /// <summary>The thread that called KeBugCheckEx; its processor becomes the one that the debugger shows first.</summary>
    public string? Thread { get; init; }

    /// <summary>Its name in Microsoft's reference; null where that has none.</summary>
    public string? Name { get; init; }

    /// <summary>Names of the threads that an answer about the bug check has to show.</summary>
    public IReadOnlyList<string> Threads { get; init; } = [];

    /// <summary>Names of the locks that it has to show.</summary>
    public IReadOnlyList<string> Locks { get; init; } = [];

    /// <summary>Numbers that it has to show, such as a count, or a time in seconds.</summary>
    public IReadOnlyList<string> Numbers { get; init; } = [];
}

/// <summary>A process.</summary>
/// <param name="Image">ImageFileName.</param>
/// <param name="Pid">UniqueProcessId.</param>
public sealed record ProcessSpec(string Image, ulong Pid)
{
    /// <summary>_EPROCESS address; 0 lets the generator choose.</summary>
    public ulong Address { get; init; }

    /// <summary>Process that started it.</summary>
    public ulong ParentPid { get; init; } = 4;

    /// <summary>Full NT path of the image, kept in SeAuditProcessCreationInfo.</summary>
    public string? Path { get; init; }

    /// <summary>The threads in the order of ThreadListHead.</summary>
    public IReadOnlyList<ThreadSpec> Threads { get; init; } = [];
}

/// <summary>A driver.</summary>
/// <param name="Name">Module name without extension.</param>
/// <param name="Base">Where it is or was loaded.</param>
public sealed record DriverSpec(string Name, ulong Base)
{
    /// <summary>It is in MmUnloadedDrivers and no longer in memory.</summary>
    public bool Unloaded { get; init; }
}
