using LockLeak.Target;

namespace LockLeak.Kernel;

/// <summary>Tells the generations of lock entries apart by the kernel's types and describes each as data.</summary>
/// <remarks>
/// Facts from the type information of Windows kernels 7601 to 26100 (docs/windows-versions.md). D comes from the
/// kernel's machine code, since its types are in no public symbol file.
/// </remarks>
internal static class LockEntryFamilies
{
    private const string Thread = "_KTHREAD";
    private const string Entry = "_KLOCK_ENTRY";

    /// <summary>Which generation a kernel with these types has.</summary>
    /// <param name="types">Type information of the kernel image.</param>
    /// <param name="smallEntries">True where nt!KiAbpGlobalState exists and its bit 0 is set.</param>
    public static LockEntryFamily Detect(ITypes types, bool smallEntries)
    {
        if (types.Field(Thread, "KernelAbEntries") is not null)
        {
            return smallEntries ? LockEntryFamily.D : LockEntryFamily.C;
        }

        if (types.Field(Thread, "LockEntries") is { } inThread)
        {
            return inThread.IsPointer ? LockEntryFamily.A1 : LockEntryFamily.A0;
        }

        if (types.Field("_ETHREAD", "LockEntries") is not null)
        {
            return types.Field(Entry, "EntryIndex") is not null ? LockEntryFamily.B : LockEntryFamily.Unknown;
        }

        return types.SizeOf(Entry) is null ? LockEntryFamily.None : LockEntryFamily.Unknown;
    }

    /// <summary>How threads of a generation lead to their entries; null where there are none or a needed field is missing.</summary>
    public static LockEntrySet? Describe(LockEntryFamily family, ITypes types)
    {
        if (family is LockEntryFamily.None or LockEntryFamily.Unknown || Shape(family, types) is not { } shape)
        {
            return null;
        }

        return family switch
        {
            LockEntryFamily.A0 => Summaries(shape, types) with { ArrayOffset = types.Field(Thread, "LockEntries")?.Offset },
            LockEntryFamily.A1 => Summaries(shape, types) with { ArrayPointer = types.Field(Thread, "LockEntries") },
            LockEntryFamily.B => Summaries(shape, types) with { ArrayOffset = types.Field("_ETHREAD", "LockEntries")?.Offset },
            _ => Block(family, types) is { } block ? Summaries(shape, types) with { Block = block } : null,
        };
    }

    private static LockEntrySet Summaries(LockEntryShape shape, ITypes types) => new(shape)
    {
        FreeSummary = types.Field(Thread, "AbEntrySummary"),
        OrphanedSummary = types.Field(Thread, "AbOrphanedEntrySummary"),
        FreeCount = types.Field(Thread, "AbFreeEntryCount"),
        FreeList = types.Field(Thread, "LockEntriesFreeList"),
        FreeListEntry = types.Field(Entry, "FreeListEntry"),
    };

    private static LockEntryBlock? Block(LockEntryFamily family, ITypes types)
    {
        if (types.Field(Thread, "KernelAbEntries") is not { } kernel)
        {
            return null;
        }

        if (family == LockEntryFamily.D)
        {
            return new LockEntryBlock(
                kernel, User: null, IsPair: true, Thread: Pointer(0), Available: Bytes(8, 2), Orphaned: Bytes(0xA, 2),
                Pending: Bytes(0xC, 2), Count: Bytes(0xE, 1), Entries: 0x10);
        }

        TypeField? Field(string name) => types.Field("_KLOCK_ENTRIES", name);
        return Field("Thread") is { } thread && Field("AvailableEntryBitmap") is { } available &&
            Field("OrphanedEntryBitmap") is { } orphaned && Field("EntryCount") is { } count && Field("Entries") is { } entries
            ? new LockEntryBlock(kernel, types.Field(Thread, "UserAbEntries"), IsPair: false, thread, available, orphaned, Pending: null,
                count, entries.Offset)
            : null;
    }

    private static LockEntryShape? Shape(LockEntryFamily family, ITypes types) =>
        family == LockEntryFamily.D ? SmallShape() : PdbShape(family, types);

    private static LockEntryShape? PdbShape(LockEntryFamily family, ITypes types)
    {
        TypeField? Field(string name) => types.Field(Entry, name);
        TypeField? State(string name) =>
            Field("LockState") is { } state && types.Field("_KLOCK_ENTRY_LOCK_STATE", name) is { } bit
                ? bit with { Offset = state.Offset + bit.Offset } : null;

        // Windows 8.1 keeps the waiting flag in bit 0 of the lock, later kernels in a byte or bit of its own.
        TypeField? waiting = Field("WaitingByte") ?? Field("WaitingBit") ?? State("Waiting");
        TypeField? acquired = Field("AcquiredBit") ?? Field("AcquiredByte");
        if (types.SizeOf(Entry) is not { } size || Field("LockUnsafe") is not { } lockUnsafe || waiting is null || acquired is null)
        {
            return null;
        }

        return new LockEntryShape(family, size, lockUnsafe, LockHasFlags: true, waiting.Value, acquired.Value)
        {
            HeadNode = Field("HeadNodeBit") ?? (Field("HeadNodeByte") is { } head ? head with { BitLength = 1 } : null),
            CrossThreadReleasable = State("CrossThreadReleasable"),
            Busy = State("Busy"),
            EntryIndex = Field("EntryIndex"),
            EntryOffset = Field("EntryOffset"),
            ThreadUnsafe = Field("ThreadUnsafe"),
            SessionId = Field("SessionId"),
            UserMode = Field("UserModeBit"),
            EntryFlags = Field("EntryFlags"),
            CrossThreadFlags = Field("CrossThreadFlags"),
            TreeNode = Field("TreeNode"),
            OwnerTree = Field("OwnerTree"),
            WaiterTree = Field("WaiterTree"),
            CpuPriorityKey = Field("CpuPriorityKey"),
            Boosts = Field("BoostBitmap") ?? Field("AllBoosts"),
        };
    }

    // An _AB_HEAD_ENTRY: tree node 0, lock 0x18, spin lock 0x20, tree of owners 0x28, tree of waiters 0x38.
    private static LockEntryShape SmallShape() =>
        new(LockEntryFamily.D, 0x30, Pointer(0), LockHasFlags: false, Waiting: Bit(0x21, 2), Acquired: Bit(0x21, 1))
        {
            HeadLock = Pointer(0x18),
            TreeNode = Pointer(8),
            OwnerTree = Pointer(0x28),
            WaiterTree = Pointer(0x38),
            InTree = Bit(0x20, 1),
            Busy = Bit(0x21, 0),
            EntryIndex = Bit(0x24, 0) with { BitLength = 7 },
            UserMode = Bit(0x24, 7),
            EntryFlags = Bytes(0x20, 4),
            Boosts = Bytes(0x28, 8),
        };

    private static TypeField Pointer(int offset) => new(offset, 8, 0, 0, IsPointer: true);

    private static TypeField Bytes(int offset, int size) => new(offset, size, 0, 0, IsPointer: false);

    private static TypeField Bit(int offset, int bit) => new(offset, 1, bit, 1, IsPointer: false);
}
