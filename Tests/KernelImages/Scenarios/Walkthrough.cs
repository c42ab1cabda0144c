namespace KernelImages.Scenarios;

/// <summary>The published walk-through of bug check 0x153 (DebugPrivilege/InsightEngineering), with its own addresses.</summary>
public static class Walkthrough
{
    /// <summary>A driver's thread ended while it held a push lock that another thread of the driver waits for.</summary>
    public static Scenario PushLock153 { get; } =
        new("pushlock153", "A driver's thread ended with a push lock that another of its threads waits for")
        {
            Processors = 6,
            BugCheck = new(0x153, kernel =>
                [kernel.Thread("mover"), kernel.Entry("mover", "file lock"), 1, kernel.LockWord("mover", "file lock")])
            { Thread = "reaper" },
            Drivers = [new("TestDriver", 0xfffff807_45960000)],
            Processes =
        [
            new("Idle", 0)
            {
                Threads =
                [
                    new("idle1", 0) { Address = 0xffffc788_31d45080, Processor = 1 },
                    new("idle2", 0) { Address = 0xffffc788_31d78080, Processor = 2 },
                    new("idle4", 0) { Address = 0xffffc788_31d89080, Processor = 4 },
                    new("idle5", 0) { Address = 0xffffc788_31dde080, Processor = 5 },
                ],
            },
            new("System", 4)
            {
                Address = 0xffffc788_31ceb040,
                ParentPid = 0,
                Threads =
                [
                    new("reaper", 0x1cc4)
                    {
                        Address = 0xffffc788_32aeb040,
                        Processor = 3,
                        Priority = 15,
                        ContextSwitches = 29857,
                        StackPointer = 0xfffffb80_7c62f1d8,
                        Calls =
                        [
                            "nt!KeBugCheckEx", "nt!KeCleanupThreadState+a8", "nt!PspThreadDelete+1e", "nt!ObpRemoveObjectRoutine+7e",
                            "nt!ObfDereferenceObjectWithTag+c7", "nt!PspReaper+ac", "nt!ExpWorkerThread+155",
                        ],
                    },
                    new("creator", 0x780)
                    {
                        EntriesExhausted = false,
                        Address = 0xffffc788_38a32040,
                        Start = "TestDriver!FileCreationThread",
                        StackPointer = 0xfffffb80_7d616b80,
                        Calls = ["TestDriver!FileCreationThread+4f"],
                    },
                    new("mover", 0x1928)
                    {
                        Address = 0xffffc788_39108040,
                        Start = "TestDriver!FileMoveThread",
                        Terminated = true,
                        EntriesExhausted = false,
                        ContextSwitches = 2,
                        StackPointer = 0xfffffb80_7af47120,
                    },
                ],
            },
            new("Registry", 0x78) { Address = 0xffffc788_31d1a080 },
            new("smss.exe", 0x230) { Address = 0xffffc788_32ff9040, Path = @"\Device\HarddiskVolume3\Windows\System32\smss.exe" },
            new("MsMpEng.exe", 0x1044)
            {
                Address = 0xffffc788_382ba080,
                ParentPid = 0x3a0,
                Threads = [new("scanner", 0x2b8c) { Address = 0xffffc788_386a4080, Processor = 0, WaitReason = "WrDispatchInt" }],
            },
        ],
            Locks =
        [
            new PushLock("file lock")
            {
                Address = 0xffffc788_3a0f6f70,
                Behind = "",
                Owners = ["mover"],
                Waiters = [new("creator") { CrossThreadFlags = 6 }],
                Head = "creator",
            },
        ],
            Expected = [new("leaked-entry") { Thread = "mover", Lock = "file lock", Waiters = ["creator"], WithoutLockEntries = true }],
        };
}
