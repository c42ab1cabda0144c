using System.Buffers.Binary;
using KernelImages.Scenarios;

namespace KernelImages.Kernel;

/// <summary>
/// Fast resources, of which no PDB has a type. Each owner brings an owner entry, which hangs on its thread's
/// OwnerEntryListHead, or on DisownedOwnerEntryListHead once it was disowned. Waiters queue in the rings of ordinary resources.
/// </summary>
/// <remarks>
/// Version 1: ExAcquireFastResourceExclusive, ExAcquireFastResourceShared, ExpAddFastOwnerEntryToThreadList; version 2:
/// ExInitializeFastResource2, ExpAcquireFastResourceExclusiveSlow, ExpAcquireFastResourceSharedSlow, ExReleaseFastResource,
/// ExDisownFastResource (https://github.com/nohuto/decompiled-pseudocode, 11-23H2 and 11-24H2/ntoskrnl).
/// </remarks>
internal static class FastResourceWriter
{
    /// <summary>Both versions.</summary>
    private const ulong Flag = 0x1a;
    private const ushort IsFast = 1, LegacyApis = 0x40, OwnedExclusive = 0x80;

    public static void Write(SyntheticKernel kernel, FastResource resource, ulong address)
    {
        kernel.Memory.Map(address, kernel.Types.RequiredSizeOf("_ERESOURCE"));
        Claim[] queue = [.. resource.Queue];
        Claim[] owners = [.. resource.Owners, .. resource.Waiters.Except(queue)];
        if (resource.Version == 1) FastResource1.Write(kernel, resource, address, owners, queue);
        else FastResource2.Write(kernel, resource, address, owners, queue);
        ushort flags = IsFast | LegacyApis;
        if (resource.Version == 1 && owners is [{ Shared: false }]) flags |= OwnedExclusive;
        Span<byte> bytes = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, flags);
        kernel.Memory.Write(address + Flag, bytes);
    }

    /// <summary>Puts an owner entry on its thread's list, at the front.</summary>
    public static void LinkToThread(SyntheticKernel kernel, Claim claim, ulong entry)
    {
        ulong head = kernel.Thread(claim.Thread) +
            kernel.Types.OffsetOf("_ETHREAD", claim.CrossThreadReleasable ? "DisownedOwnerEntryListHead" : "OwnerEntryListHead");
        ulong first = kernel.Typed.GetQuad(head);
        kernel.Typed.SetQuads(entry, first, head);
        kernel.Typed.SetQuads(first + 8, entry);
        kernel.Typed.SetQuads(head, entry);
    }

    /// <summary>How an owner entry names the thread's lock entry: 2 * index + 1; 0 without one.</summary>
    public static byte HandleOf(SyntheticKernel kernel, FastResource resource, Claim claim) =>
        kernel.Placed(claim.Thread).Entries.FirstOrDefault(entry => entry.Lock == resource) is { } entry
            ? (byte)(2 * entry.Index + 1) : (byte)0;

    /// <summary>Writes the rings, and what is left of the waiters that were woken.</summary>
    public static void LetWait(SyntheticKernel kernel, FastResource resource, ulong sharedField, ulong exclusiveField)
    {
        WaiterRing.Write(kernel, sharedField, [.. Waiters(resource.Queue.Where(claim => claim.Shared)).Reverse()]);
        WaiterRing.Write(kernel, exclusiveField, Waiters(resource.Queue.Where(claim => !claim.Shared)));
        foreach ((PlacedThread, ulong) waiter in Waiters(resource.Waiters.Except(resource.Queue))) WaiterRing.WriteWoken(kernel, waiter);

        (PlacedThread, ulong)[] Waiters(IEnumerable<Claim> claims) =>
            [.. claims.Select(claim => (kernel.Placed(claim.Thread), kernel.Entry(claim.Thread, resource.Name)))];
    }

    /// <summary>Writes single bytes.</summary>
    public static void SetBytes(SyntheticKernel kernel, ulong address, params ReadOnlySpan<byte> bytes) =>
        kernel.Memory.Write(address, bytes);
}
