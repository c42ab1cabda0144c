using CsCheck;
using LockLeak.Kernel;

namespace LockLeak.Tests.Kernel;

/// <summary>What a lock entry says, whatever the Windows build that it is written for.</summary>
internal sealed record EntryModel(EntryModel.Uses Use, ulong Lock, bool Waiting, bool Acquired, bool InTree, EntryModel.ExtraFlags Extra)
{
    /// <summary>What the thread's summaries say of an entry.</summary>
    public enum Uses
    {
        Free,
        Used,
        Orphaned,
    }

    /// <summary>What only some builds have.</summary>
    public sealed record ExtraFlags(bool CrossThreadReleasable, bool Busy, bool Head, int SessionId);

    /// <summary>A lock of the kernel half: bits 0 and 1 of an entry's lock are flags, so it is 4-byte aligned; or none.</summary>
    public static Gen<ulong> Locks { get; } = Gen.Frequency(
        (9, Gen.ULong[0xFFFF8000_00000000, 0xFFFFFFFF_FFFFFFFF].Select(address => address & ~3UL)),
        (1, Gen.Const(0UL)));

    public static Gen<EntryModel> Any { get; } = Gen.Select(
        Gen.Enum<Uses>(), Locks, Gen.Bool, Gen.Bool, Gen.Bool,
        Gen.Select(Gen.Bool, Gen.Bool, Gen.Bool, Gen.Int[-1, 8],
            (crossThread, busy, head, session) => new ExtraFlags(crossThread, busy, head, session)),
        (use, address, waiting, acquired, inTree, extra) => new EntryModel(use, address, waiting, acquired, inTree, extra));

    /// <summary>The 64 bits of _KLOCK_ENTRY_LOCK_STATE without its flags.</summary>
    public ulong LockBits => Lock == 0 ? 0 : InTree ? Lock : Lock & ~(1UL << 63);

    /// <summary>How a debugger has to read it.</summary>
    public LockRelation Relation => Use switch
    {
        Uses.Free => LockRelation.Free,
        Uses.Orphaned => LockRelation.Orphaned,
        _ when Waiting => LockRelation.Waits,
        _ when Acquired => LockRelation.Owns,
        _ => LockRelation.Acquiring,
    };
}
