using System.Text;
using KernelImages.Scenarios;

namespace KernelImages.Kernel;

/// <summary>Small pool allocations around locks, and the table in which the kernel counts allocations by their tags.</summary>
/// <remarks>
/// Written from ExAllocateHeapPool (header: PreviousSize 0, BlockSize, PoolType with bit 1, tag) and ExFreeHeapPool (the slot of a tag, the
/// next one where that is taken): nohuto/decompiled-pseudocode, ntoskrnl of 22631.4169. The same slot: ReactOS, expool.c,
/// ExpComputeHashForTag.
/// </remarks>
internal static class PoolWriter
{
    /// <summary>Where the lock lies in its driver's structure.</summary>
    private const ulong InStructure = 0x40;
    private const ulong HeaderSize = 0x10, BlockAlignment = 0x400;
    private const ulong NonPagedInUse = 2;
    private const uint Mask = 0x1ff, Multiplier = 40543;

    /// <summary>The address of a lock in an allocation of its own, which does not cross a page.</summary>
    public static ulong Place(SyntheticKernel kernel, LockSpec item) =>
        kernel.Pool.Allocate((int)BlockSize(item), BlockAlignment) + HeaderSize + InStructure + (ulong)item.Offset;

    public static void Write(SyntheticKernel kernel)
    {
        string[] tags = [.. kernel.Scenario.Locks.Select(item => item.PoolTag).OfType<string>().Distinct()];
        if (tags.Length == 0 || kernel.Types.SizeOf("_POOL_TRACKER_TABLE") is not { } entrySize) return;
        ulong table = kernel.Pool.Allocate((int)(Mask + 1) * entrySize);
        kernel.Memory.Map(table, (int)(Mask + 1) * entrySize);
        KernelVariables.SetQuad(kernel, "PoolTrackTable", table);
        KernelVariables.SetQuad(kernel, "PoolTrackTableMask", Mask);
        // The tags of the kernel's own allocations are there as well.
        foreach (string tag in (string[])["Thre", "Proc", .. tags.Where(tag => tag != Uncounted)])
        {
            Count(kernel, table, entrySize, Number(tag));
        }
        foreach (LockSpec item in kernel.Scenario.Locks.Where(item => item.PoolTag is not null)) WriteHeader(kernel, item);
    }

    /// <summary>A tag that the kernel does not count: a header that is none.</summary>
    public const string Uncounted = "None";

    /// <summary>Four letters as the header has them.</summary>
    public static uint Number(string tag) => BitConverter.ToUInt32(Encoding.ASCII.GetBytes(tag));

    private static void WriteHeader(SyntheticKernel kernel, LockSpec item)
    {
        ulong header = kernel.Lock(item.Name) - (ulong)item.Offset - InStructure - HeaderSize;
        kernel.Memory.Map(header, (int)BlockSize(item));
        kernel.Typed.Set("_POOL_HEADER", header, "BlockSize", BlockSize(item) / HeaderSize);
        kernel.Typed.Set("_POOL_HEADER", header, "PoolType", NonPagedInUse);
        kernel.Typed.Set("_POOL_HEADER", header, "PoolTag", Number(item.PoolTag!));
    }

    private static void Count(SyntheticKernel kernel, ulong table, int entrySize, uint tag)
    {
        ulong product = (ulong)Multiplier * tag;
        ulong slot = ((uint)product ^ product >> 32) & Mask;
        while (kernel.Typed.Get("_POOL_TRACKER_TABLE", table + slot * (ulong)entrySize, "Key") != 0) slot = slot + 1 & Mask;
        kernel.Typed.Set("_POOL_TRACKER_TABLE", table + slot * (ulong)entrySize, "Key", tag);
    }

    private static ulong BlockSize(LockSpec item) => HeaderSize + InStructure + (ulong)item.Size;
}
