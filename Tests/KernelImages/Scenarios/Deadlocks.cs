namespace KernelImages.Scenarios;

/// <summary>Threads that wait for each other in a circle.</summary>
public static class Deadlocks
{
    /// <summary>Two threads, two push locks, taken in opposite order.</summary>
    public static Scenario Two { get; } = new("deadlock2", "Two threads took two push locks in opposite order")
    {
        Drivers = [new("TestDriver", 0xfffff807_45960000)],
        Processes =
        [
            new("System", 4)
            {
                ParentPid = 0,
                Threads =
                [
                    new("mover", 0x100) { Start = "TestDriver!FileCopyThread", Calls = [
                    "TestDriver!FileCopyThread+50"], Waited = TimeSpan.FromSeconds(41) },
                    new("flusher", 0x104) { Start = "TestDriver!FileFlushThread", Calls = [
                        "TestDriver!FileFlushThread+35"], Waited = TimeSpan.FromSeconds(40) },
                    new("bystander", 0x108) { Start = "TestDriver!FileReadThread", Calls = [
                        "TestDriver!FileReadThread+1c"], Waited = TimeSpan.FromSeconds(12) },
                ],
            },
        ],
        Locks =
        [
            new PushLock("source lock") { Owners = ["mover"], Waiters = ["flusher", "bystander"] },
            new PushLock("target lock") { Owners = ["flusher"], Waiters = ["mover"] },
        ],
        Expected = [new("deadlock") { Threads = ["mover", "flusher"], Waiters = ["bystander"] }],
    };

    /// <summary>Three threads over three kinds of locks.</summary>
    public static Scenario Three { get; } = new("deadlock3", "Three threads wait in a circle for a push lock, a resource and a fast mutex")
    {
        Processes =
        [
            new("backup.exe", 0x500)
            {
                Threads =
                [
                    new("reader", 0x504) { Waited = TimeSpan.FromMinutes(3) },
                    new("mapper", 0x508) { Waited = TimeSpan.FromMinutes(3) },
                    new("closer", 0x50c) { Waited = TimeSpan.FromMinutes(2) },
                ],
            },
        ],
        Locks =
        [
            new PushLock("stream lock") { Owners = ["reader"], Waiters = ["closer"] },
            new Resource("volume resource") { Owners = ["mapper"], Waiters = ["reader"] },
            new FastMutex("map mutex") { Owners = ["closer"], Waiters = ["mapper"] },
        ],
        Expected = [new("deadlock") { Threads = ["reader", "mapper", "closer"] }],
    };
}
