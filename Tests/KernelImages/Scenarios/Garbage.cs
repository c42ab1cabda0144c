using KernelImages.Kernel;

namespace KernelImages.Scenarios;

/// <summary>Memory that somebody has written over. An analysis has to end, say what it could not read, and keep what it could.</summary>
public static class Garbage
{
    private const ulong Nowhere = 0xffffdead_0000c0d0;

    /// <summary>An entry that says it belongs to another thread: bug check 0x153 with state 3, seen before it happens.</summary>
    public static Scenario CorruptEntry { get; } =
        new("corrupt-entry", "The entry of a thread's push lock says that it belongs to another thread")
        {
            Processes = [new("System",
            4) { ParentPid = 0, Threads = [new("victim", 0x500) { WaitReason = "Executive" }, new("other", 0x504)] }],
            Locks = [new PushLock("file lock") { Owners = ["victim"] }],
            Damage = kernel => GiveEntryToThread(kernel, "victim", "file lock", "other"),
            Expected = [new("corrupt-entry") { Thread = "victim", Lock = "file lock" }],
        };

    /// <summary>Lists that lead to where no memory is.</summary>
    public static Scenario Lists { get; } =
        Machine("garbage-lists", "Lists of processes, threads and wait blocks lead to where no memory is", kernel =>
    {
        kernel.Typed.Set("_EPROCESS", Process(kernel, "last.exe"), "ActiveProcessLinks.Flink", Nowhere);
        kernel.Typed.Set("_ETHREAD", kernel.Thread("second"), "ThreadListEntry.Flink", Nowhere);
        kernel.Typed.SetQuads(WaitBlock(kernel, "third") + 0x18, Nowhere, Nowhere, Nowhere);
    });

    /// <summary>Lists that never come back to where they began.</summary>
    public static Scenario Cycles { get; } =
        Machine("garbage-cycles", "Lists of processes, threads and wait blocks run in circles", kernel =>
    {
        ulong links = kernel.Types.OffsetOf("_EPROCESS", "ActiveProcessLinks");
        kernel.Typed.SetQuads(Process(kernel, "last.exe") + links, Process(kernel, "System") + links);
        ulong threadLinks = kernel.Types.OffsetOf("_ETHREAD", "ThreadListEntry");
        kernel.Typed.SetQuads(kernel.Thread("third") + threadLinks, kernel.Thread("second") + threadLinks);
        kernel.Typed.SetQuads(WaitBlock(kernel, "third") + 0x18, WaitBlock(kernel, "third"), WaitBlock(kernel, "third"),
            WaitBlock(kernel, "third"));
        if (kernel.Types.Field("_KLOCK_ENTRY", "TreeNode") is { } node && kernel.Entry("owner", "file lock") is var entry and not 0)
            kernel.Typed.SetQuads(entry + (ulong)node.Offset, entry + (ulong)node.Offset, entry + (ulong)node.Offset);
    });

    /// <summary>Counts that nobody should believe.</summary>
    public static Scenario Counts { get; } =
        Machine("garbage-counts", "Counts of owners, entries and threads, and lengths of names, are huge", kernel =>
    {
        kernel.Typed.SetQuads(kernel.Lock("file lock"), 0xffffffff_fffffff1);
        kernel.Typed.Set("_EPROCESS", Process(kernel, "System"), "ActiveThreads", uint.MaxValue);
        kernel.Typed.Set("_ETHREAD", kernel.Thread("owner"), "ThreadName", WaitBlock(kernel, "second"));
        kernel.Typed.SetQuads(WaitBlock(kernel, "second"), 0xffffffff_ffffffff, kernel.Thread("owner"));
        if (kernel.Typed.Get("_KTHREAD", kernel.Thread("owner"), "KernelAbEntries") is var block and not 0)
            kernel.Typed.Set("_KLOCK_ENTRIES", block, "EntryCount", byte.MaxValue);
    });

    /// <summary>Names that would do harm to a debugger's output.</summary>
    public static Scenario Names { get; } =
        Machine("garbage-names", "Names are format strings, markup and control characters", kernel => { }) with
        {
            Processes =
        [
            Threads("System", 4),
            new("%s%n<b>&\u0001\u001b[", 0x900)
            {
                Threads =
                [
                    new("named", 0x904) { Description = "%p %n </exec><exec cmd=\".kill\">&amp;\r\n\u001b[31m\0\u202e", Terminated = true },
                ],
            },
        ],
            Locks = [new PushLock("file lock") { Owners = ["named"], Waiters = ["second", "third"] }],
            Expected = [new("leaked-entry") { Thread = "named", Lock = "file lock", Waiters = ["second", "third"] }],
        };

    /// <summary>Pages that are in the page file or not in the dump: of a lock, of a thread, of a stack.</summary>
    public static Scenario PagedOut { get; } =
        new("paged-out", "A leaked lock, a thread and a waiter's stack cannot be read, for their pages are not in the dump")
        {
            Processes =
        [
            new("System", 4)
            {
                ParentPid = 0,
                Threads =
                [
                    new("owner", 0x510) { Terminated = true },
                    new("waiter", 0x514),
                    new("unreadable", 0x518) { Address = 0xffffc789_00001080 },
                    new("behind it", 0x51c),
                ],
            },
            new("other.exe", 0x600) { Threads = [new("other owner", 0x604) { Terminated = true }] },
        ],
            Locks =
        [
            new PushLock("file lock") { Address = 0xffffc78a_00000010, Owners = ["owner"], Waiters = ["waiter"] },
            new PushLock("other lock") { Owners = ["other owner"] },
        ],
            Damage = kernel =>
            {
                kernel.Memory.Unmap(kernel.Lock("file lock"));
                kernel.Memory.MarkAbsent(kernel.Thread("unreadable"));
                kernel.Memory.MarkAbsent(WaitBlock(kernel, "waiter"));
            },
            Expected =
        [
            new("leaked-entry") { Thread = "owner", Lock = "file lock", Waiters = ["waiter"] },
            new("leaked-entry") { Thread = "other owner", Lock = "other lock" },
        ],
        };

    private static Scenario Machine(string name, string title, Action<SyntheticKernel> damage) => new(name, title)
    {
        Processes = [Threads("System", 4), new("last.exe", 0x600)],
        Locks = [new PushLock("file lock") { Owners = ["owner"], Waiters = ["second", "third"] }],
        Damage = damage,
    };

    private static ProcessSpec Threads(string image, ulong pid) =>
        new(image, pid)
        {
            ParentPid = 0,
            Threads = [
        new("owner", 0x510) { WaitReason = "Executive" }, new("second", 0x514), new("third", 0x518)]
        };

    private static ulong Process(SyntheticKernel kernel, string image) =>
        kernel.Processes.Single(process => process.Spec.Image == image).Address;

    private static ulong WaitBlock(SyntheticKernel kernel, string thread) => kernel.Placed(thread).Stack!.WaitBlock;

    /// <summary>Breaks the way from an entry to its thread, which each family of builds has another one of.</summary>
    private static void GiveEntryToThread(SyntheticKernel kernel, string thread, string lockName, string other)
    {
        ulong entry = kernel.Entry(thread, lockName);
        if (entry == 0) return;
        if (kernel.Typed.Get("_KTHREAD", kernel.Thread(thread), "KernelAbEntries") is var block and not 0)
        {
            // 24H2's block and 26H1's both begin with their thread; 26H1's is reached through an array.
            if (AutoBoostEntries.AreInForce(kernel)) block = kernel.Typed.GetQuad(block);
            kernel.Typed.SetQuads(block, kernel.Thread(other));
        }
        else if (!kernel.Typed.Set("_KLOCK_ENTRY", entry, "ThreadUnsafe", kernel.Thread(other)) &&
            !kernel.Typed.Set("_KLOCK_ENTRY", entry, "EntryOffset", 0x11))
            kernel.Typed.Set("_KLOCK_ENTRY", entry, "EntryIndex", 5);
    }
}
