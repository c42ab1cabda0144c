namespace KernelImages.Scenarios;

/// <summary>Threads that ended with locks, before any bug check, and entries that are hard to read.</summary>
public static class Leaks
{
    /// <summary>The early warning: 0x153 will come when the thread's last reference goes.</summary>
    public static Scenario Terminated { get; } = new("terminated", "A thread has ended with a push lock, and the machine still runs")
    {
        Drivers = [new("TestDriver", 0xfffff807_45960000)],
        Processes =
        [
            new("System", 4)
            {
                ParentPid = 0,
                Threads =
                [
                    new("mover", 0x200) { Start = "TestDriver!FileMoveThread", Terminated = true },
                    new("creator", 0x204) { Start = "TestDriver!FileCreationThread", Calls = [
                        "TestDriver!FileCreationThread+4f"], Waited = TimeSpan.FromSeconds(75) },
                ],
            },
        ],
        Locks = [new PushLock("file lock") { Owners = ["mover"], Waiters = ["creator"] }],
        Expected = [new("leaked-entry") { Thread = "mover", Lock = "file lock", Waiters = ["creator"] }],
    };

    /// <summary>Nobody waits, and the entry has left its tree: LockUnsafe reads 0x7fff... .</summary>
    public static Scenario NotInTree { get; } = new("not-in-tree", "A thread has ended with a push lock whose entry is in no tree")
    {
        Processes = [new("System", 4) { ParentPid = 0, Threads = [new("mover", 0x200) { Terminated = true }] }],
        Locks = [new PushLock("file lock") { Owners = [new("mover") { NotInTree = true }] }],
        Expected = [new("leaked-entry") { Thread = "mover", Lock = "file lock" }],
    };

    /// <summary>The Busy bit is no part of the lock's address.</summary>
    public static Scenario Busy { get; } = new("busy-entry", "A thread has ended with a push lock whose entry is marked busy")
    {
        Processes = [new("System", 4) { ParentPid = 0, Threads = [new("mover", 0x200) { Terminated = true }] }],
        Locks = [new PushLock("file lock") { Owners = [new("mover") { Busy = true }] }],
        Expected = [new("leaked-entry") { Thread = "mover", Lock = "file lock" }],
    };

    /// <summary>A lock in session space, whose entry names the session.</summary>
    public static Scenario Session { get; } = new("session", "A thread has ended with a push lock in session space")
    {
        Processes = [new("dwm.exe", 0x3a4) { Threads = [new("composer", 0x3b0) { Terminated = true }, new("window", 0x3b4)] }],
        Locks =
        [
            new PushLock("surface lock")
            {
                Address = 0xfffff900_c0001230,
                Owners = [new("composer") { SessionId = 1 }],
                Waiters = [new("window") { SessionId = 1 }],
            },
        ],
        Expected = [new("leaked-entry") { Thread = "composer", Lock = "surface lock", Waiters = ["window"] }],
    };

    /// <summary>Every kind of lock at once.</summary>
    public static Scenario AllKinds { get; } =
        new("all-kinds", "A thread has ended with a push lock, a resource, a fast mutex and a guarded mutex")
        {
            Processes =
        [
            new("System", 4)
            {
                ParentPid = 0,
                Threads =
                [
                    new("mover", 0x200) { Terminated = true },
                    new("wants push lock", 0x210), new("wants resource", 0x214), new("wants fast mutex", 0x218),
                    new("wants guarded mutex", 0x21c),
                ],
            },
        ],
            Locks =
        [
            new PushLock("push lock") { Owners = ["mover"], Waiters = ["wants push lock"] },
            new Resource("resource") { Owners = ["mover"], Waiters = ["wants resource"] },
            new FastMutex("fast mutex") { Owners = ["mover"], Waiters = ["wants fast mutex"] },
            new GuardedMutex("guarded mutex") { Owners = ["mover"], Waiters = ["wants guarded mutex"] },
        ],
            Expected =
        [
            new("leaked-entry") { Thread = "mover", Lock = "push lock", Waiters = ["wants push lock"] },
            new("leaked-lock") { Thread = "mover", Lock = "resource", Waiters = ["wants resource"], WithoutLockEntries = true },
            new("leaked-entry") { Thread = "mover", Lock = "fast mutex", Waiters = ["wants fast mutex"] },
            new("leaked-entry") { Thread = "mover", Lock = "guarded mutex", Waiters = ["wants guarded mutex"] },
            new("leaked-lock") { Thread = "mover", Lock = "fast mutex", Waiters = ["wants fast mutex"], OnlyWithoutLockEntries = true },
            new("leaked-lock") { Thread = "mover", Lock = "guarded mutex", Waiters = [
                "wants guarded mutex"], OnlyWithoutLockEntries = true },
        ],
        };

    /// <summary>User entries are freed in silence when their thread ends (26100 and later; other builds have none).</summary>
    public static Scenario UserEntries { get; } = new("user-entries", "A thread has ended with a lock of user mode: no leak")
    {
        Processes = [new("game.exe", 0x1200) { Threads = [new("renderer", 0x1204) { Terminated = true }, new("sound", 0x1208)] }],
        Locks = [new UserLock("srw lock") { Address = 0x00007ff6_12340560, Owners = ["renderer"] }],
    };

    /// <summary>A mutant is given back by the kernel when its owner ends; the next thread learns that it was abandoned.</summary>
    public static Scenario AbandonedMutant { get; } =
        new("abandoned-mutant", "A mutant's owner ended without releasing it: the kernel took it back, no leak")
        {
            Processes = [new("agent.exe", 0x1300) { Threads = [new("gone", 0x1304) { Terminated = true }, new("next", 0x1308)] }],
            Locks = [new Mutant("agent mutex") { Abandoned = true }],
        };
}
