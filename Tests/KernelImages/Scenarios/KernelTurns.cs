namespace KernelImages.Scenarios;

/// <summary>
/// What the kernel lets one thread do at a time without a lock of its own type: creating a section, writing a hive, writing behind the
/// end of a file; and the push locks of its heaps. That happens all the time (docs/kernel-facts.md).
/// </summary>
public static class KernelTurns
{
    /// <summary>The build whose functions were read; others are not known to differ.</summary>
    private const uint FirstRead = 22621;

    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    /// <summary>One thread creates the section of a file, and another one needs it.</summary>
    public static Scenario SectionBeingCreated { get; } =
        new("section-being-created", "A thread creates the section of a file, and another one waits for it: nothing is wrong")
        {
            Builds = (FirstRead, uint.MaxValue),
            Processes = [new("app.exe", 0x700) { Threads = [new("creator", 0x704) { WaitReason = "Executive" }, new("second", 0x708)] }],
            Locks = [new SectionPointer("section") { Owners = ["creator"], Waiters = ["second"] }],
            ExpectedLocks = [new("section") { Owners = ["creator"], Waiters = ["second"] }],
        };

    /// <summary>The section is about to be deleted: those who wait have lock entries, and nobody has one that owns.</summary>
    public static Scenario SectionBeingDeleted { get; } =
        new("section-being-deleted",
        "Two threads wait until the section of a file is deleted, which no lock entry tells of: nothing is wrong")
        {
            Builds = (FirstRead, uint.MaxValue),
            Processes = [new("app.exe",
            0x700) { Threads = [new("first", 0x704) { Waited = Minute }, new("second", 0x708) { Waited = Minute }] }],
            Locks = [new SectionPointer("section") { BeingDeleted = true, Waiters = ["first", "second"] }],
            ExpectedLocks = [new("section") { Owners = [], Waiters = ["first", "second"], InOrder = false }],
        };

    /// <summary>The faulty twin: the creator has ended.</summary>
    public static Scenario SectionLeaked { get; } =
        new("section-leaked", "A thread has ended while it created a section, for which another one waits")
        {
            Builds = (FirstRead, uint.MaxValue),
            Processes = [new("app.exe", 0x700) { Threads = [new("creator", 0x704) { Terminated = true }, new("second", 0x708)] }],
            Locks = [new SectionPointer("section") { Owners = ["creator"], Waiters = ["second"] }],
            Expected = [new("leaked-entry") { Thread = "creator", Lock = "section", Waiters = ["second"] }],
        };

    /// <summary>One thread writes a hive, two more wait for their turn.</summary>
    public static Scenario HiveIsWritten { get; } =
        new("hive-write-queue", "A thread writes a registry hive, and two more wait for their turn: nothing is wrong")
        {
            Builds = (FirstRead, uint.MaxValue),
            Processes = [new("Registry",
            0x58) { Threads = [new("writer", 0x5c) { WaitReason = "Executive" }, new("second", 0x60), new("third", 0x64)] }],
            Locks = [new HiveWriteQueue("hive") { Owners = ["writer"], Waiters = ["second", "third"] }],
            ExpectedLocks = [new("hive") { Owners = ["writer"], Waiters = ["second", "third"], InOrder = false }],
        };

    /// <summary>The faulty twin: who waits for the hive owns what its writer waits for.</summary>
    public static Scenario HiveDeadlock { get; } =
        new("hive-write-queue-deadlock", "A thread that has its turn to write a hive and one that waits for it stop each other")
        {
            Builds = (FirstRead, uint.MaxValue),
            Processes = [new("Registry", 0x58) { Threads = [new("writer", 0x5c), new("second", 0x60)] }],
            Locks = [new HiveWriteQueue("hive") { Owners = ["writer"], Waiters = ["second"] },
            new PushLock("lock") { Owners = ["second"], Waiters = ["writer"] }],
            Expected = [new("deadlock") { Threads = ["writer", "second"] }],
        };

    /// <summary>A file system's thread writes behind the end of a file, two more wait for their turn. No lock entry tells of it.</summary>
    public static Scenario EndOfFile { get; } =
        new("eof-lock", "A thread writes behind the end of a file, and two more wait for their turn: nothing is wrong")
        {
            Processes = [new("app.exe",
            0x700) { Threads = [new("writer", 0x704) { WaitReason = "Executive" }, new("second", 0x708) { Waited = Minute }, new(
            "third", 0x70c) { Waited = Minute }] }],
            Locks = [new EofLock("end of file") { Owners = ["writer"], Waiters = ["second", "third"] }],
        };

    /// <summary>A heap of the kernel has a push lock, inside a guarded region.</summary>
    public static Scenario Heap { get; } =
        new("heap-lock", "A thread owns the push lock of a kernel heap inside a guarded region, and another one waits for it: nothing " +
        "is wrong")
        {
            Processes = [new("System",
            4) { ParentPid = 0, Threads = [HeapUser("owner", 0x304) with { Processor = 0 }, HeapUser("second", 0x308)] }],
            Locks = [new PushLock("heap") { Owners = ["owner"], Waiters = ["second"] }],
            ExpectedLocks = [new("heap") { Kind = "push lock", Owners = ["owner"], Waiters = ["second"] }],
        };

    /// <summary>The faulty twin: the owner has ended.</summary>
    public static Scenario HeapLeaked { get; } =
        new("heap-lock-leaked", "A thread has ended with the push lock of a kernel heap, and another one waits for it")
        {
            Builds = (9600, uint.MaxValue),
            Processes =
            [
                new("System", 4) { ParentPid = 0, Threads = [new("owner", 0x304) { Terminated = true }, HeapUser("second", 0x308)] },
            ],
            Locks = [new PushLock("heap") { Owners = ["owner"], Waiters = ["second"] }],
            Expected = [new("leaked-entry") { Thread = "owner", Lock = "heap", Waiters = ["second"] }],
        };

    /// <summary>All of them.</summary>
    internal static IReadOnlyList<Scenario> All { get; } =
        [SectionBeingCreated, SectionBeingDeleted, SectionLeaked, HiveIsWritten, HiveDeadlock, EndOfFile, Heap, HeapLeaked];

    /// <summary>RtlpHpAcquireLockExclusive enters a guarded region and no critical one.</summary>
    private static ThreadSpec HeapUser(string name, uint tid) => new(name, tid) { KernelApcDisable = 0, SpecialApcDisable = -1 };
}
