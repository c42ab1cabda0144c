using System.Globalization;
using KernelImages.Kernel;
using static KernelImages.Scenarios.BugCheckMachine;

namespace KernelImages.Scenarios;

/// <summary>Bug check 0xC4 of the driver verifier's deadlock detection.</summary>
public static class BugCheckVerifier
{
    /// <summary>All of them. What kind of lock it is and what is wrong with it, parameter 1 says.</summary>
    internal static IReadOnlyList<Scenario> All { get; } =
    [
        Verified(0x1000, "a thread acquired exclusively what it owns shared", kernel => [kernel.Lock("lock"), 0, 0], [], ["lock"]),
        Verified(0x1001, "locks were acquired in an order that can deadlock", kernel => [kernel.Lock("lock"), 0, 0], [], ["lock"]),
        Verified(0x1002, "a lock was acquired that had not been initialized", kernel => [kernel.Lock("lock"), 0, 0], [], ["lock"]),
        Verified(0x1003, "locks were released out of order", kernel => [kernel.Lock("lock"), kernel.Lock("second lock"), 0], [],
            ["lock", "second lock"]),
        Verified(0x1004, "a thread released another one's lock",
            kernel => [kernel.Lock("lock"), kernel.Thread("owner"), kernel.Thread("waiter")], ["owner", "waiter"], ["lock"]),
        Verified(0x1005, "a lock was initialized twice", kernel => [kernel.Lock("lock"), 0, 0], [], ["lock"]),
        Verified(0x1007, "a lock was released that nobody had acquired", kernel => [kernel.Lock("lock"), 0, 0], [], ["lock"]),
        Verified(0x1008, "a lock was acquired with a routine for another kind", kernel => [kernel.Lock("lock"), 0, 0], [], ["lock"]),
        Verified(0x1009, "a lock was released with a routine for another kind", kernel => [kernel.Lock("lock"), 0, 0], [], ["lock"]),
        Verified(0x100a, "a thread that ended owns a lock", kernel => [kernel.Thread("owner"), 0, 0], ["owner"], []),
        Verified(0x100b, "a lock was deleted that a thread still owns", kernel => [kernel.Lock("lock"), kernel.Thread("owner"), 0],
            ["owner"], ["lock"]),
    ];

    private static Scenario Verified(uint violation, string what, Func<SyntheticKernel, ulong[]> parameters, string[] threads,
        string[] locks)
    {
        string number = violation.ToString("x", CultureInfo.InvariantCulture);
        return Machine($"c4-{number}", $"0xC4 with 0x{number}: {what}", HeldResource) with
        {
            Processes = [SystemProcess(new("owner", 0x304) { WaitReason = Device }, new("waiter", 0x308) { WaitReason = Device })],
            Locks = [new Resource("lock") { Owners = ["owner"] }, new Resource("second lock") { Owners = ["waiter"] }],
            BugCheck = new(0xc4, kernel => [violation, .. parameters(kernel)])
            { Name = "DRIVER_VERIFIER_DETECTED_VIOLATION", Threads = threads, Locks = locks },
        };
    }
}
