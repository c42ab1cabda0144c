using System.Globalization;
using LockLeak.Kernel;
using LockLeak.Locks;
using LockLeak.Target;

namespace LockLeak.Analysis;

/// <summary>A bug check in words.</summary>
/// <param name="Name">Its symbolic name; null for one that has no published name or is not known.</param>
/// <param name="Parameters">What each parameter means, one line each, in order; empty for one that is reserved.</param>
internal sealed record BugCheckText(string? Name, IReadOnlyList<string> Parameters)
{
    /// <summary>The thread that it names; 0 when it names none.</summary>
    public ThreadAddress Thread { get; init; }

    /// <summary>The thread that called KeBugCheckEx is the one that it is about.</summary>
    public bool IsAboutTheCaller { get; init; }

    /// <summary>The thread that it is about is on its way out or back to user mode: what it still holds it will never release.</summary>
    public bool IsAtTheEnd { get; init; }

    /// <summary>The processor whose thread it is about; null when it names none.</summary>
    public int? Processor { get; init; }

    /// <summary>Process and thread ID of the thread that it is about; null when it does not name one so.</summary>
    public (ulong Process, ulong Thread)? Cid { get; init; }

    /// <summary>The lock entry that it names; 0 when it names none.</summary>
    public EntryAddress Entry { get; init; }

    /// <summary>The thread that a lock was released for, where that is another one; else 0.</summary>
    public ThreadAddress OnBehalfOf { get; init; }

    /// <summary>The lock that it names; 0 when it names none.</summary>
    public LockAddress Lock { get; init; }

    /// <summary>The kind of that lock where the bug check implies it.</summary>
    public LockKind? Kind { get; init; }

    /// <summary>True when it says that a thread released a lock that it did not own.</summary>
    public bool IsInvalidRelease { get; init; }
}

/// <summary>Bug checks that concern locks.</summary>
/// <remarks>
/// Names and parameters are those of the bug check reference,
/// https://learn.microsoft.com/windows-hardware/drivers/debugger/bug-check-code-reference2, a page for each code.
/// </remarks>
internal static class BugChecks
{
    /// <summary>KERNEL_LOCK_ENTRY_LEAKED_ON_THREAD_TERMINATION.</summary>
    public const uint KernelLockEntryLeaked = 0x153;

    /// <summary>Parameter 3 of 0x153 in words.</summary>
    public static string LeakState(ulong state) => state switch
    {
        1 => "the entry's lock pointer was not NULL",
        2 => "the entry's thread pointer has reserved bits set",
        3 => "the entry's thread pointer was corrupted",
        4 => "the entry has residual IO or CPU boosts",
        _ => $"the entry was not free (state {state:x})",
    };

    /// <summary>The bug check in words; of one that does not concern locks the parameters as they are.</summary>
    /// <param name="bugCheck">What the machine stopped with.</param>
    /// <param name="build">Its Windows build: some parameters changed their meaning.</param>
    public static BugCheckText Describe(BugCheck bugCheck, uint build)
    {
        (ulong p1, ulong p2, ulong p3, ulong p4) = (bugCheck.Parameter1, bugCheck.Parameter2, bugCheck.Parameter3, bugCheck.Parameter4);
        return bugCheck.Code switch
        {
            0x1 => new("APC_INDEX_MISMATCH",
                [$"system call {Address.Text(p1)} returned", $"ApcStateIndex {p2:x}",
                    $"CombinedApcDisable {p3:x}: a critical region was not left",
                    CallType(p4)])
            { IsAboutTheCaller = true, IsAtTheEnd = true },
            0x11 => new("THREAD_NOT_MUTEX_OWNER", ["", "", "", ""]) { IsAboutTheCaller = true },
            0x20 => new("KERNEL_APC_PENDING_DURING_EXIT",
                [p1 == 0 ? "" : $"APC {Address.Text(p1)}", $"the thread's APC disable count is {(short)p2}: a critical region was not left",
                    $"IRQL {p3:x}", ""])
            { IsAboutTheCaller = true, IsAtTheEnd = true },
            0x39 => new("SYSTEM_EXIT_OWNED_MUTEX",
                [$"worker routine {Address.Text(p1)}", $"parameter {Address.Text(p2)}", $"work item {Address.Text(p3)}",
                    ""])
            { IsAboutTheCaller = true, IsAtTheEnd = true },
            0x9F when p1 == 4 => new("DRIVER_POWER_STATE_FAILURE",
                ["a power transition timed out while it synchronised with the PnP subsystem", $"timeout {p2} s",
                    $"{Thread(p3)} holds the PnP lock", ""])
            { Thread = new(p3) },
            0x9F => new("DRIVER_POWER_STATE_FAILURE", Raw(bugCheck)),
            0xC4 when p1 == 0x100A =>
                new("DRIVER_VERIFIER_DETECTED_VIOLATION",
                [$"deadlock detection: {DeadlockRule(p1)}", Thread(p2), "", ""])
                { Thread = new(p2) },
            0xC4 when p1 is >= 0x1000 and <= 0x100B => new(
                "DRIVER_VERIFIER_DETECTED_VIOLATION",
                [$"deadlock detection: {DeadlockRule(p1)}", $"lock {Address.Text(p2)}", p3 == 0 ? "" : Thread(p3),
                    p4 == 0 ? "" : Thread(p4)])
            { Thread = new(p3), Lock = new(p2) },
            0xE3 => new(
                "RESOURCE_NOT_OWNED",
                [$"resource {Address.Text(p1)}", $"{Thread(p2)} released it without owning it",
                    p3 == 0 ? "it has no owner table" : $"owner table {Address.Text(p3)}", ""])
            { Thread = new(p2), Lock = new(p1), Kind = LockKinds.Resource, IsInvalidRelease = true },
            0x101 => new("CLOCK_WATCHDOG_TIMEOUT",
                [$"timeout {p1} clock ticks", "", $"PRCB {Address.Text(p3)} of the processor that hangs",
                    $"processor {p4}"])
            { Processor = p4 < int.MaxValue ? (int)p4 : null },
            0x132 => new("RESOURCE_OWNER_POINTER_INVALID",
                [$"resource {Address.Text(p1)}", $"owner table {Address.Text(p2)}", $"current {Thread(p3)}",
                    $"owner pointer {Address.Text(p4)}"])
            { Thread = new(p3), Lock = new(p1), Kind = LockKinds.Resource },
            0x133 => new("DPC_WATCHDOG_VIOLATION",
                [p1 == 0 ? "a single DPC or ISR ran too long" : "the system spent too long at DISPATCH_LEVEL or above", $"{p2} ticks",
                    $"allowed {p3} ticks", ""]),
            0x13C => new("INVALID_IO_BOOST_STATE", [Thread(p1), $"boost state or throttle count {Hex(p2)}", "", ""]) { Thread = new(p1) },
            0x152 => new("INVALID_PUSH_LOCK_FLAGS",
                [$"flags {Hex(p1)} have bits that must not be set", $"push lock {Address.Text(p2)}", "",
                    ""])
            { Lock = new(p2), Kind = LockKinds.PushLock },
            KernelLockEntryLeaked => new(
                "KERNEL_LOCK_ENTRY_LEAKED_ON_THREAD_TERMINATION",
                [Thread(p1), $"lock entry {Address.Text(p2)} was not freed", LeakState(p3), p4 == 0 ? "" : $"lock {Address.Text(p4)}"])
            { Thread = new(p1) },
            0x157 => new("KERNEL_THREAD_PRIORITY_FLOOR_VIOLATION",
                [Thread(p1), $"target priority {p2}", $"the priority counter {FloorState(p3)}", ""])
            { Thread = new(p1) },
            0x162 => new(
                "KERNEL_AUTO_BOOST_INVALID_LOCK_RELEASE",
                [Thread(p1), $"lock {Address.Text(p2)} that it did not own", InvalidRelease(p3, build), ""])
            { Thread = new(p1), Lock = new(p2), Entry = new(NamesAnEntry(p3, build) ? p3 : 0), IsInvalidRelease = true },
            0x16B => new("CLUSTER_CSV_CLUSTER_WATCHDOG_LIVEDUMP",
                [$"process {p1:x}", $"thread {p2:x} is stuck", "", ""])
            { Cid = (p1, p2) },
            0x16E => new("ERESOURCE_INVALID_RELEASE",
                [$"resource {Address.Text(p1)}", $"current {Thread(p2)}", $"was released for thread {Address.Text(p3)}", ""])
            { Thread = new(p2), OnBehalfOf = new(p3), Lock = new(p1), Kind = LockKinds.Resource, IsInvalidRelease = true },
            0x17C => new("PDC_LOCK_WATCHDOG_LIVEDUMP",
                [$"{Thread(p1)} holds the lock of the power dependency coordinator", $"timeout {p2} ms", "", ""])
            { Thread = new(p1) },
            0x192 => new("KERNEL_AUTO_BOOST_LOCK_ACQUISITION_WITH_RAISED_IRQL",
                [Thread(p1), $"acquired lock {Address.Text(p2)}", $"at IRQL {p3}", ""])
            { Thread = new(p1), Lock = new(p2) },
            0x1A1 => new("WIN32K_CALLOUT_WATCHDOG_LIVEDUMP",
                [$"{Thread(p1)} has not come back from a call to the window manager", "", "", ""])
            { Thread = new(p1) },
            0x1A3 => new("CALL_HAS_NOT_RETURNED_WATCHDOG_TIMEOUT_LIVEDUMP",
                [$"process {Address.Text(p1)}", $"{Thread(p2)} has not come back from its call", $"timeout {p3} ms", ""])
            { Thread = new(p2) },
            0x1C5 => new("IO_THREADPOOL_DEADLOCK_LIVEDUMP", [$"pool {p1:x}", $"{Address.Text(p2)}", "", ""]),
            0x1C6 => new("FAST_ERESOURCE_PRECONDITION_VIOLATION",
                [$"violation {p1:x}", $"{Address.Text(p2)}", $"{Address.Text(p3)}", $"{Address.Text(p4)}"]),
            0x1CC => new("EXRESOURCE_TIMEOUT_LIVEDUMP",
                [$"resource {Address.Text(p1)}", $"{Thread(p2)} noticed that it waits too long", $"contention count {p3}",
                    $"timeout {p4} s"])
            { Thread = new(p2), Lock = new(p1), Kind = LockKinds.Resource },
            0x1D5 => new("DRIVER_PNP_WATCHDOG",
                ["", "", $"{Thread(p3)} has not come back from a PnP request", $"{p4} ms"])
            { Thread = new(p3) },
            // It has no page yet: KeCleanupThreadState in https://github.com/nohuto/decompiled-pseudocode, 11-26H1/ntoskrnl.
            0x200 when p1 == 4 => new(null,
                ["a thread was deleted while a count of it was not 0", Thread(p2), $"counts {p3:x}", ""])
            { Thread = new(p2) },
            0x4000008A => new("THREAD_TERMINATE_HELD_MUTEX",
                [$"{Thread(p1)} ended", $"it still owns mutex {Address.Text(p2)}", "",
                    ""])
            { Thread = new(p1), Lock = new(p2), Kind = LockKinds.Mutant, IsAtTheEnd = true },
            _ => new(null, Raw(bugCheck)),
        };
    }

    private static string Thread(ulong address) => $"thread {Address.Text(address)}";

    private static string Hex(ulong value) => string.Create(CultureInfo.InvariantCulture, $"0x{value:x}");

    private static string CallType(ulong type) => type switch
    {
        0 => "system call",
        1 => "worker routine",
        _ => "",
    };

    private static string FloorState(ulong state) => state switch
    {
        1 => "over-flowed",
        2 => "under-flowed",
        3 => "is illegal",
        _ => $"is wrong (state {state:x})",
    };

    /// <summary>23H2 and later put there the entry that was found in place of one for the lock; before that it was a session.</summary>
    private static string InvalidRelease(ulong value, uint build) =>
        NamesAnEntry(value, build) ? $"lock entry {Address.Text(value)} was found for another lock"
        : string.Create(CultureInfo.InvariantCulture, $"session {(int)(uint)value}");

    private static bool NamesAnEntry(ulong value, uint build) => build >= 22631 && KernelMemory.IsKernelAddress(value);

    private static string[] Raw(BugCheck bugCheck) =>
        [Address.Text(bugCheck.Parameter1), Address.Text(bugCheck.Parameter2), Address.Text(bugCheck.Parameter3),
            Address.Text(bugCheck.Parameter4)];

    private static string DeadlockRule(ulong code) => code switch
    {
        0x1000 => "a lock was acquired twice",
        0x1001 => "locks are taken in an order that can deadlock",
        0x1002 => "a lock was acquired before it was initialized",
        0x1003 => "a lock was released that was not acquired last",
        0x1004 => "a lock was released by another thread than the one that acquired it",
        0x1005 => "a lock was initialized twice",
        0x1006 => "a lock was freed that was never initialized",
        0x1007 => "a lock was released that was not acquired",
        0x1008 => "a lock was acquired with a routine for another kind",
        0x1009 => "a lock was released with a routine for another kind",
        0x100A => "a thread that ended owns a lock",
        _ => "a lock was deleted that a thread still owns",
    };
}
