namespace KernelImages.Scenarios;

/// <summary>
/// Critical and guarded regions that a thread entered and did not leave: KernelApcDisable or SpecialApcDisable is not 0 at its end, or in
/// user mode (bug checks 0x1 and 0x20 in MicrosoftDocs/windows-driver-docs; docs/kernel-facts.md).
/// </summary>
public static class ApcRegions
{
    private const uint Windows8 = 9200;

    /// <summary>A driver's thread has ended inside a critical region.</summary>
    public static Scenario EndedInCriticalRegion { get; } =
        Thread("apc-imbalance-ended", "A thread has ended inside a critical region that it never left",
        new("careless", 0x200) { Terminated = true, KernelApcDisable = -1, Start = "TestDriver!FileMoveThread" });

    /// <summary>The same with a guarded region.</summary>
    public static Scenario EndedInGuardedRegion { get; } =
        Thread("apc-imbalance-guarded", "A thread has ended inside a guarded region that it never left",
        new("careless", 0x200) { Terminated = true, SpecialApcDisable = -2, Start = "TestDriver!FileMoveThread" });

    /// <summary>A thread left a critical region once too often.</summary>
    public static Scenario LeftTooOften { get; } =
        Thread("apc-imbalance-positive", "A thread has ended that left a critical region more often than it entered one",
        new("careless", 0x200) { Terminated = true, KernelApcDisable = 1, Start = "TestDriver!FileMoveThread" });

    /// <summary>A thread runs in user mode inside a critical region.</summary>
    public static Scenario RunsInUserMode { get; } = Thread("apc-imbalance-running", "A thread runs in user mode inside a critical region",
        new("careless", 0x200) { Processor = 1, RunsInUserMode = true, KernelApcDisable = -1 }, pid: 0x700);

    /// <summary>A thread waits in user mode for nothing that a driver could wait for on its behalf.</summary>
    public static Scenario WaitsInUserMode { get; } =
        Thread("apc-imbalance-waiting", "A thread waits in user mode inside a critical region",
        new("careless", 0x200) { WaitReason = "WrAlertByThreadId", WaitsInUserMode = true, KernelApcDisable = -1 }, pid: 0x700) with
        {
            Builds = (Windows8, uint.MaxValue),
        };

    /// <summary>
    /// The healthy twin: everybody in the kernel is inside such a region now and then, and an ended or user-mode thread in none.
    /// </summary>
    public static Scenario Healthy { get; } =
        new("apc-regions-healthy", "Threads in the kernel are inside critical and guarded regions: no finding")
        {
            Processes =
        [
            new("System", 4)
            {
                ParentPid = 0,
                Threads =
                [
                    new("in one", 0x200) { WaitReason = "Executive", KernelApcDisable = -1 },
                    new("in three", 0x204) { WaitReason = "Executive", KernelApcDisable = -3 },
                    new("guarded", 0x208) { WaitReason = "Executive", SpecialApcDisable = -1 },
                    new("running", 0x20c) { Processor = 0, KernelApcDisable = -2 },
                    new("leaving", 0x210) { Processor = 1, Ending = true, KernelApcDisable = -1 },
                    new("ended", 0x214) { Terminated = true },
                ],
            },
            new("app.exe", 0x700) { Threads = [new("user", 0x704)] },
        ],
        };

    /// <summary>All of them.</summary>
    internal static IReadOnlyList<Scenario> All { get; } =
        [EndedInCriticalRegion, EndedInGuardedRegion, LeftTooOften, RunsInUserMode, WaitsInUserMode, Healthy];

    private static Scenario Thread(string name, string title, ThreadSpec careless, ulong pid = 4) => new(name, title)
    {
        Drivers = [new("TestDriver", 0xfffff807_45960000)],
        Processes = [new(pid == 4 ? "System" : "app.exe", pid) { ParentPid = pid == 4 ? 0ul : 4, Threads = [careless] }],
        Expected = [new("apc-imbalance") { Thread = "careless", WithoutLockEntries = true }],
    };
}
