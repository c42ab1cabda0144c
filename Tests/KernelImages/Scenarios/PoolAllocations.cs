using KernelImages.Kernel;

namespace KernelImages.Scenarios;

/// <summary>A hang behind a lock in a small pool allocation, whose tag says whose it is; and memory that only looks like one.</summary>
public static class PoolAllocations
{
    private static readonly TimeSpan Minutes = TimeSpan.FromMinutes(6);

    /// <summary>All of them.</summary>
    internal static IReadOnlyList<Scenario> All { get; } =
    [
        Hang("pool-tag", "A thread waits for a resource in an allocation of the file system's", "NtFs", "NtFs"),
        Hang("pool-tag-uncounted",
            "What lies in front of a resource looks like a pool header, and the kernel counts no allocation of that tag",
            PoolWriter.Uncounted, null),
        Hang("pool-tag-short", "The allocation in front of a resource ends before it", "NtFs",
            null) with { Damage = kernel => SetHeader(kernel, "BlockSize", 3) },
        Hang("pool-tag-free", "The allocation around a resource is said to be free", "NtFs",
            null) with { Damage = kernel => SetHeader(kernel, "PoolType", 0) },
        Hang("pool-tag-twice", "Two pool headers in front of a resource fit", "NtFs", null) with
        {
            Damage = kernel => kernel.Typed.SetQuads(HeaderOf(kernel) + 0x20, kernel.Typed.GetQuad(HeaderOf(kernel))),
        },
    ];

    private static Scenario Hang(string name, string title, string tag, string? told) => new(name, title)
    {
        Builds = (14393, uint.MaxValue),
        Processes = [new("app.exe",
            0x700) { Threads = [new("owner", 0x704) { WaitReason = "Executive", Waited = Minutes }, new(
            "waiter", 0x708) { Waited = Minutes }] }],
        Locks = [new Resource("resource") { Owners = ["owner"], Waiters = ["waiter"], PoolTag = tag }],
        Blocker = new("owner") { WithoutLockEntries = true },
        ExpectedLocks = [new("resource") { Kind = "resource", Owners = ["owner"], Waiters = [
            "waiter"], WithoutLockEntries = true, PoolTag = told ?? "" }],
    };

    /// <summary>The header lies 0x50 bytes in front of the lock.</summary>
    private static ulong HeaderOf(SyntheticKernel kernel) => kernel.Lock("resource") - 0x50;

    private static void SetHeader(SyntheticKernel kernel, string field, ulong value) =>
        kernel.Typed.Set("_POOL_HEADER", HeaderOf(kernel), field, value);
}
