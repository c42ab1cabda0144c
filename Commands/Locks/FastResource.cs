using LockLeak.Code;
using LockLeak.Kernel;
using LockLeak.Target;

namespace LockLeak.Locks;

/// <summary>
/// A fast resource (ExAcquireFastResourceExclusive and so on), as large as an _ERESOURCE and told from one by bit 0 of Flag.
/// Each owner brings an owner entry, which hangs on its thread.
/// </summary>
/// <remarks>
/// No symbols have the types. Version 1 (up to Windows 11 23H2) keeps the owner entries of a resource in a list at 0x30;
/// version 2 (24H2 and later, and where FeatureFastResource2 is on) has only the entry of an exclusive owner in itself. Read by
/// others from ExInitializeFastResource2, ExAcquireFastResourceExclusive and ExpAcquireFastResourceSharedSlow
/// (https://github.com/nohuto/decompiled-pseudocode, 11-23H2 and 11-24H2/ntoskrnl).
/// </remarks>
internal sealed class FastResource : ReadableLock
{
    /// <summary>Flag: fast, and owned exclusively (version 1).</summary>
    private const ulong IsFast = 1, OwnedExclusive = 0x80;

    /// <summary>Flag: nothing else is set in a fast resource but that the old functions may be used on it.</summary>
    private const ulong OtherFlags = ~(IsFast | OwnedExclusive | 0x40) & 0xFFFF;

    private const int Size = 0x68;
    private const ulong EntryList = 0x30;
    private const ulong MostShared = 100_000;

    // Version 2: state, the rings of waiters, the spin lock, the inline owner entry's thread.
    private static readonly TypeField State = Quad(0), SharedWaiters = Quad(8), ExclusiveWaiters = Quad(0x10),
    Flag = new(0x1a, 2, 0, 0, IsPointer: false),
        InlineThread = Quad(0x50), Flink = Quad((int)EntryList);

    // Version 1: as in an _ERESOURCE.
    private static readonly TypeField SharedWaiters1 = Quad(0x20), ExclusiveWaiters1 = Quad(0x28);

    /// <inheritdoc/>
    public override string Name => "fast resource";

    internal override bool IsReleasedBeforeUserMode => true;

    internal override bool HasOwnerField => true;

    internal override CodeLockKind? InCode => CodeLockKind.FastResource;

    internal override bool MayGiveUp => false;

    internal override bool IsWaitedForWith(byte waitReason) => waitReason == WaitReasons.WrResource;

    internal override bool IsAt(LockMemory memory, LockAddress address, ulong firstWord) =>
        Read(memory, address) is { } window && (IsVersion1(memory, address, window) || IsVersion2(memory, window, firstWord));

    internal override void Read(LockMemory memory, LockNode node)
    {
        if (Read(memory, node.Address) is not { } window)
        {
            return;
        }

        bool isFirst = IsVersion1(memory, node.Address, window);
        ResourceWaiters.ReadRing(memory, node, memory.Memory.Canonical(window.Value(isFirst ? SharedWaiters1 : SharedWaiters)),
            LockMode.Shared);
        ResourceWaiters.ReadRing(memory, node, memory.Memory.Canonical(window.Value(isFirst ? ExclusiveWaiters1 : ExclusiveWaiters)),
            LockMode.Exclusive);
        if (isFirst)
        {
            ReadVersion1(memory, node, window);
        }
        else
        {
            ReadVersion2(memory, node, window);
        }
    }

    private static void ReadVersion1(LockMemory memory, LockNode node, Window window)
    {
        List<FastOwnerEntry> owners = [.. FastOwnerEntry.OfResource(memory, node, EntryList).Where(entry => !entry.Waits)];
        bool isExclusive = (window.Value(Flag) & OwnedExclusive) != 0;
        node.IsLocked = owners.Count > 0;
        node.IsExclusive = owners.Count > 0 ? isExclusive : null;
        node.SharedOwners = isExclusive ? 0 : owners.Count;
        node.IsChanging |= isExclusive && owners.Count != 1;
        foreach (FastOwnerEntry owner in owners)
        {
            memory.AddOwnerField(node, owner.Thread.Value);
        }
    }

    private static void ReadVersion2(LockMemory memory, LockNode node, Window window)
    {
        ulong state = window.Value(State);
        bool isExclusive = (state & 1) != 0;
        node.IsLocked = isExclusive || state >> 2 != 0;
        node.IsExclusive = node.IsLocked == true ? isExclusive : null;
        node.SharedOwners = isExclusive ? 0 : (long)(state >> 2);
        ulong thread = memory.Memory.Canonical(window.Value(InlineThread));
        if (!isExclusive)
        {
            // The owner entries of shared owners hang on their threads alone; they have been added from there.
            return;
        }

        if ((thread & 1) != 0)
        {
            node.AddOwnerPointer(thread);
        }
        else if (thread == 0)
        {
            // Who was woken for it has not run yet, or the acquisition is not over.
            node.IsChanging = true;
        }
        else
        {
            memory.AddOwnerField(node, thread);
        }
    }

    private static Window? Read(LockMemory memory, LockAddress address) =>
        memory.View.Layout.Thread.OwnerEntryListHead is not null && memory.Memory.TryReadWindow(address.Value, 0, Size) is { } window &&
        window.Value(Flag) is var flags && (flags & IsFast) != 0 && (flags & OtherFlags) == 0
            ? window
            : null;

    private static bool IsVersion1(LockMemory memory, LockAddress address, Window window)
    {
        ulong head = address.Value + EntryList, first = memory.Memory.Canonical(window.Value(Flink));
        return KernelMemory.IsKernelAddress(first) && memory.Memory.TryReadPointer(first + sizeof(ulong), out ulong back) && back == head;
    }

    /// <summary>
    /// The exclusive owner or the first waiter proves it; without them the number of shared owners must at least be possible.
    /// </summary>
    private static bool IsVersion2(LockMemory memory, Window window, ulong state)
    {
        ulong owner = memory.Memory.Canonical(window.Value(InlineThread)) & ~1UL;
        ulong[] rings = [memory.Memory.Canonical(window.Value(SharedWaiters)), memory.Memory.Canonical(window.Value(ExclusiveWaiters))];
        bool isExclusive = (state & 1) != 0, isContended = rings.Any(ring => ring != 0);
        return (state >> 2 < MostShared && !isExclusive || state >> 2 == 0) && ((state & 2) != 0) == isContended &&
            rings.All(ring => ring == 0 || ResourceWaiters.IsBlock(memory, ring)) &&
            // Nobody has written himself down yet when an exclusive owner was woken and does not run.
            (!isExclusive || (owner == 0 && isContended) || memory.View.Thread(new ThreadAddress(owner)) is not null);
    }

    private static TypeField Quad(int offset) => new(offset, 8, 0, 0, IsPointer: true);
}
