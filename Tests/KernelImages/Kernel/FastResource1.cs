using KernelImages.Memory;
using KernelImages.Scenarios;

namespace KernelImages.Kernel;

/// <summary>
/// Version 1: an _ERESOURCE whose OwnerEntry is the head of a list of owner entries. Who waits, shared or exclusive, is in
/// that list before it waits, marked as one that waits.
/// </summary>
internal static class FastResource1
{
    private const string Type = "_ERESOURCE";
    private const ulong OwnerEntryList = 0x30;

    /// <summary>
    /// Of an owner entry: {list of the thread; lock entry u8; flags u8; listed u8; waits u8; resource; thread; recursions; list of the
    /// resource}.
    /// </summary>
    private const ulong Handle = 0x10, Resource = 0x18, Recursions = 0x28, Link = 0x38;
    private const int Size = 0x48;
    private const byte Exclusive = 4;

    public static void Write(SyntheticKernel kernel, FastResource resource, ulong address, Claim[] owners, Claim[] queue)
    {
        TypedMemory typed = kernel.Typed;
        typed.Set(Type, address, "ActiveCount", owners.Length > 0 ? 1u : 0);
        typed.Set(Type, address, "ActiveEntries", (ulong)owners.Length);
        typed.Set(Type, address, "ContentionCount", ResourceWriter.ContentionCount(resource));
        typed.Set(Type, address, "NumberOfSharedWaiters", (ulong)queue.Count(waiter => waiter.Shared));
        typed.Set(Type, address, "NumberOfExclusiveWaiters", (ulong)queue.Count(waiter => !waiter.Shared));
        ulong[] entries = [.. owners.Concat(queue).Select(claim => WriteEntry(kernel, resource, address, claim, queue.Contains(claim)))];
        typed.LinkList(address + OwnerEntryList, entries.Select(entry => entry + Link));
        FastResourceWriter.LetWait(
            kernel, resource, address + kernel.Types.OffsetOf(Type, "SharedWaiters"),
            address + kernel.Types.OffsetOf(Type, "ExclusiveWaiters"));
    }

    private static ulong WriteEntry(SyntheticKernel kernel, FastResource resource, ulong address, Claim claim, bool waits)
    {
        ulong entry = kernel.Pool.Allocate(Size);
        kernel.Memory.Map(entry, Size);
        FastResourceWriter.LinkToThread(kernel, claim, entry);
        FastResourceWriter.SetBytes(kernel, entry + Handle, FastResourceWriter.HandleOf(kernel, resource, claim),
            claim.Shared ? (byte)0 : Exclusive, 1, waits ? (byte)1 : (byte)0);
        kernel.Typed.SetQuads(entry + Resource, address, kernel.Thread(claim.Thread), entry + Recursions, entry + Recursions);
        return entry;
    }
}
