namespace LockLeak.Kernel;

/// <summary>Tells what a lock entry says that was read, for every generation of Windows.</summary>
/// <param name="memory">The target's memory.</param>
/// <param name="set">How threads of this kernel lead to their entries.</param>
/// <param name="notes">Gets a line when the lock of an entry cannot be read.</param>
internal sealed class LockEntryDecoder(KernelMemory memory, LockEntrySet set, Notes notes)
{
    private readonly LockEntryShape shape = set.Shape;

    /// <summary>An entry of a thread.</summary>
    /// <param name="run">Where it lies.</param>
    /// <param name="index">Its position there.</param>
    /// <param name="thread">_ETHREAD whose set holds it.</param>
    public LockEntry Decode(in LockEntryRun run, int index, ThreadAddress thread)
    {
        Window window = run.Window;
        int at = At(in run, index);
        ulong address = window.Structure + (ulong)at;
        bool used = run.IsInUse(index);
        ulong raw = window.Value(shape.Lock, at);
        LockRelation relation =
            run.IsOrphaned(index) ? LockRelation.Orphaned
            : !used ? LockRelation.Free
            : window.IsSet(shape.Waiting, at) ? LockRelation.Waits
            : window.IsSet(shape.Acquired, at) ? LockRelation.Owns
            : LockRelation.Acquiring;
        bool inTree = shape.InTree is { } linked ? window.IsSet(linked, at) : raw >> 63 != 0;
        bool isHead = window.IsSet(shape.HeadNode, at);
        return new LockEntry(new EntryAddress(address), index, thread, relation,
            new LockAddress(used ? LockOf(raw, inTree, thread) : 0))
        {
            LockUnsafe = raw,
            InTree = inTree,
            IsHead = isHead,
            Trees = isHead ? address : shape.HeadLock is not null && inTree ? memory.Canonical(raw) : 0,
            IsBusy = window.IsSet(shape.Busy, at),
            IsCrossThreadReleasable = window.IsSet(shape.CrossThreadReleasable, at),
            IsUser = IsUser(in run, index),
            SessionId = shape.SessionId is { } session ? (int)(uint)window.Value(session, at) : -1,
            EntryFlags = (uint)window.Value(shape.EntryFlags, at),
            CrossThreadFlags = (byte)window.Value(shape.CrossThreadFlags, at),
            CpuPriorityKey = (sbyte)window.Value(shape.CpuPriorityKey, at),
            Boosts = window.Value(shape.Boosts, at),
            ComputedThread = used ? ComputedThread(in run, at, address) : null,
        };
    }

    /// <summary>True for an entry that tracks a lock of user mode.</summary>
    public bool IsUser(in LockEntryRun run, int index) => run.Window.IsSet(shape.UserMode, At(in run, index));

    /// <summary>The address that stands where an entry names its lock, whether it is in use or not; 0 in one that holds none.</summary>
    public ulong LockAddress(in LockEntryRun run, int index) => shape.LockAddress(run.Window.Value(shape.Lock, At(in run, index)));

    /// <summary>The thread that an entry belongs to, by the kernel's own road from an entry to its thread.</summary>
    /// <param name="address">_KLOCK_ENTRY, from a wait block or a tree.</param>
    /// <returns>Null when it cannot be read or this build has no such road.</returns>
    public ThreadAddress? ThreadOf(EntryAddress address) =>
        memory.TryReadWindow(address.Value, 0, shape.Size) is { } entry
            ? ComputedThread(new LockEntryRun(entry, first: 0, count: 1, inUse: 1), 0, address.Value)
            : null;

    /// <summary>Bytes from the start of what was read to an entry.</summary>
    private int At(in LockEntryRun run, int index) => (int)(run.First - run.Window.Structure) + index * shape.Size;

    /// <summary>The lock that an entry in use names; a linked entry of D names it by way of the lock's head entry.</summary>
    private ulong LockOf(ulong raw, bool inTree, ThreadAddress thread)
    {
        if (shape.HeadLock is not { } headLock || !inTree)
        {
            return memory.Canonical(shape.LockAddress(raw));
        }

        if (memory.TryReadPointer(memory.Canonical(raw) + (ulong)headLock.Offset, out ulong address) &&
            KernelMemory.IsKernelAddress(address))
        {
            return address;
        }

        notes.AddGap($"The head entry {Address.Text(raw)} of a lock of thread {thread} cannot be read, so the lock is not " +
            "known.");
        return 0;
    }

    /// <summary>The kernel's road from an entry back to its thread, one for each generation.</summary>
    private ThreadAddress? ComputedThread(in LockEntryRun run, int at, ulong address) =>
        RawComputedThread(in run, at, address) is { } thread ? new ThreadAddress(memory.Canonical(thread)) : null;

    private ulong? RawComputedThread(in LockEntryRun run, int at, ulong address)
    {
        Window window = run.Window;
        if (shape.ThreadUnsafe is { } threadUnsafe)
        {
            // Windows 8.1: the highest byte and the low bits of the pointer serve as flags; an _ETHREAD is 16-byte aligned.
            return window.Value(threadUnsafe, at) & 0x00FF_FFFF_FFFF_FFF0 | 0xFF00_0000_0000_0000;
        }

        if (shape.EntryOffset is { } entryOffset)
        {
            return address - 16 * window.Value(entryOffset, at);
        }

        if (shape.EntryIndex is null)
        {
            return null;
        }

        ulong first = address - (ulong)shape.Size * window.Value(shape.EntryIndex, at);
        if (set.Block is { } block)
        {
            return first == run.First ? run.Owner.Value
                : memory.TryReadPointer(first - (ulong)block.Entries + (ulong)block.Thread.Offset, out ulong thread) ? thread
                : null;
        }

        return set.ArrayOffset is { } offset ? first - (ulong)offset : null;
    }
}
