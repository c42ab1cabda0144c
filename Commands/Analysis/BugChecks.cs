using System.Globalization;
using LockLeak.Kernel;
using LockLeak.Target;

namespace LockLeak.Analysis;

/// <summary>A bug check in words.</summary>
/// <param name="Name">Its symbolic name.</param>
/// <param name="Parameters">What each parameter means, one line each, in order; empty for one that is reserved.</param>
/// <param name="Thread">The thread that it names; 0 when it names none.</param>
/// <param name="Lock">The lock that it names; 0 when it names none.</param>
/// <param name="Kind">The kind of that lock where the bug check implies it.</param>
public sealed record BugCheckText(string Name, IReadOnlyList<string> Parameters, ulong Thread, ulong Lock, LockKind Kind);

/// <summary>Bug checks that concern locks: names and parameters from the bug check reference of the Windows driver documentation.</summary>
public static class BugChecks
{
    /// <summary>KERNEL_LOCK_ENTRY_LEAKED_ON_THREAD_TERMINATION.</summary>
    public const uint KernelLockEntryLeaked = 0x153;

    /// <summary>KERNEL_AUTO_BOOST_INVALID_LOCK_RELEASE.</summary>
    public const uint KernelAutoBoostInvalidLockRelease = 0x162;

    /// <summary>ERESOURCE_INVALID_RELEASE.</summary>
    public const uint EresourceInvalidRelease = 0x16E;

    /// <summary>RESOURCE_NOT_OWNED.</summary>
    public const uint ResourceNotOwned = 0xE3;

    /// <summary>Parameter 3 of 0x153 in words.</summary>
    public static string LeakState(ulong state) => state switch
    {
        1 => "the entry's lock pointer was not NULL",
        2 => "the entry's thread pointer has reserved bits set",
        3 => "the entry's thread pointer was corrupted",
        4 => "the entry has residual IO or CPU boosts",
        _ => $"the entry was not free (state {state})",
    };

    /// <summary>The bug check in words; null for one that does not concern locks.</summary>
    public static BugCheckText? Describe(BugCheck bugCheck)
    {
        (ulong p1, ulong p2, ulong p3, ulong p4) = (bugCheck.Parameter1, bugCheck.Parameter2, bugCheck.Parameter3, bugCheck.Parameter4);
        return bugCheck.Code switch
        {
            KernelLockEntryLeaked => new(
                "KERNEL_LOCK_ENTRY_LEAKED_ON_THREAD_TERMINATION",
                [Thread(p1), $"lock entry {Address.Text(p2)} was not freed", LeakState(p3), p4 == 0 ? "" : $"lock {Address.Text(p4)}"],
                p1, KernelMemory.IsKernelAddress(p4) ? p4 : 0, LockKind.Unknown),
            KernelAutoBoostInvalidLockRelease => new(
                "KERNEL_AUTO_BOOST_INVALID_LOCK_RELEASE", [Thread(p1), $"lock {Address.Text(p2)} that it did not own", $"session {Session(p3)}", ""], p1, p2, LockKind.Unknown),
            0x192 => new(
                "KERNEL_AUTO_BOOST_LOCK_ACQUISITION_WITH_RAISED_IRQL", [Thread(p1), $"acquired lock {Address.Text(p2)}", $"at IRQL {p3}", ""], p1, p2, LockKind.Unknown),
            0x157 => new(
                "KERNEL_THREAD_PRIORITY_FLOOR_VIOLATION",
                [Thread(p1), $"target priority {p2}", $"the priority counter {p3 switch { 1 => "over-flowed", 2 => "under-flowed", 3 => "is illegal", _ => $"is wrong (state {p3})" }}", ""],
                p1, 0, LockKind.Unknown),
            0x152 => new("INVALID_PUSH_LOCK_FLAGS", [$"flags {Hex(p1)} have bits that must not be set", $"push lock {Address.Text(p2)}", "", ""], 0, p2, LockKind.PushLock),
            EresourceInvalidRelease => new(
                "ERESOURCE_INVALID_RELEASE", [$"resource {Address.Text(p1)}", $"current {Thread(p2)}", $"was released for thread {Address.Text(p3)}", ""], p2, p1, LockKind.Resource),
            0x13C => new("INVALID_IO_BOOST_STATE", [Thread(p1), $"boost state or throttle count {Hex(p2)}", "", ""], p1, 0, LockKind.Unknown),
            ResourceNotOwned => new(
                "RESOURCE_NOT_OWNED",
                [$"resource {Address.Text(p1)}", $"{Thread(p2)} released it without owning it", p3 == 0 ? "it has no owner table" : $"owner table {Address.Text(p3)}", ""],
                p2, p1, LockKind.Resource),
            _ => null,
        };
    }

    private static string Thread(ulong address) => $"thread {Address.Text(address)}";

    private static string Session(ulong session) => ((int)(uint)session).ToString(CultureInfo.InvariantCulture);

    private static string Hex(ulong value) => string.Create(CultureInfo.InvariantCulture, $"0x{value:x}");
}
