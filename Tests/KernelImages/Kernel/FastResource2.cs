using System.Buffers.Binary;
using KernelImages.Scenarios;

namespace KernelImages.Kernel;

/// <summary>
/// Version 2, 0x68 bytes: {state; shared waiters; exclusive waiters; ...; spin lock 0x30; number of shared waiters; contention count;
/// owner entry of the exclusive owner}. It is in no list of the kernel's. Shared owners hang on their threads alone, and so do
/// shared waiters, marked as such; an exclusive waiter has no owner entry until it owns the resource.
/// </summary>
internal static class FastResource2
{
    /// <summary>State: bit 0 owned exclusively, bit 1 somebody waits, and the number of shared owners.</summary>
    private const ulong Exclusive = 1, Conflict = 2;
    private const int SharedShift = 2;
    private const ulong SharedWaiters = 8, ExclusiveWaiters = 0x10, TimeoutCount = 0x1c, NumberOfSharedWaiters = 0x38, InlineEntry = 0x40;

    /// <summary>Of an owner entry: {list of the thread; thread, bit 0 disowned; resource; count u32; lock entry u8; flags u8}.</summary>
    private const ulong Thread = 0x10, Resource = 0x18, Count = 0x20;
    private const ulong Disowned = 1;
    private const int Size = 0x28;
    private const byte IsInline = 2, Waits = 4;

    public static void Write(SyntheticKernel kernel, FastResource resource, ulong address, Claim[] owners, Claim[] queue)
    {
        int shared = owners.Count(owner => owner.Shared);
        bool isExclusive = owners is [{ Shared: false }];
        kernel.Typed.SetQuads(address, (isExclusive ? Exclusive : 0) | (queue.Length > 0 ? Conflict : 0) | (ulong)shared << SharedShift);
        SetLongs(kernel, address + TimeoutCount, uint.MaxValue);
        SetLongs(kernel, address + NumberOfSharedWaiters, (uint)queue.Count(waiter => waiter.Shared),
            (uint)ResourceWriter.ContentionCount(resource));
        FastResourceWriter.SetBytes(kernel, address + InlineEntry + Count + 5, IsInline);
        // Whoever was woken for an exclusive acquisition writes the inline entry itself, when it runs.
        foreach (Claim owner in resource.Owners) WriteEntry(kernel, resource, address, owner,
            owner.Shared ? AddEntry(kernel) : address + InlineEntry);
        foreach (Claim waiter in resource.Waiters.Where(waiter => waiter.Shared)) WriteEntry(kernel, resource, address, waiter,
            AddEntry(kernel));
        FastResourceWriter.LetWait(kernel, resource, address + SharedWaiters, address + ExclusiveWaiters);
    }

    private static ulong AddEntry(SyntheticKernel kernel)
    {
        ulong entry = kernel.Pool.Allocate(Size);
        kernel.Memory.Map(entry, Size);
        return entry;
    }

    private static void WriteEntry(SyntheticKernel kernel, FastResource resource, ulong address, Claim claim, ulong entry)
    {
        bool isInline = entry == address + InlineEntry;
        FastResourceWriter.LinkToThread(kernel, claim, entry);
        kernel.Typed.SetQuads(entry + Thread, kernel.Thread(claim.Thread) | (claim.CrossThreadReleasable ? Disowned : 0));
        // The inline entry's resource stays 0: it is the structure that the entry lies in.
        if (!isInline) kernel.Typed.SetQuads(entry + Resource, address);
        SetLongs(kernel, entry + Count, claim.Recursion);
        bool waits = resource.Waiters.Contains(claim);
        FastResourceWriter.SetBytes(kernel, entry + Count + 4, FastResourceWriter.HandleOf(kernel, resource, claim),
            isInline ? IsInline : waits ? Waits : (byte)0);
    }

    private static void SetLongs(SyntheticKernel kernel, ulong address, params ReadOnlySpan<uint> values)
    {
        Span<byte> bytes = stackalloc byte[4];
        foreach (uint value in values)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
            kernel.Memory.Write(address, bytes);
            address += 4;
        }
    }
}
