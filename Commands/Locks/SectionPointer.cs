using LockLeak.Kernel;

namespace LockLeak.Locks;

/// <summary>
/// A file's pointer to the control area of its section (SECTION_OBJECT_POINTERS.DataSectionObject or ImageSectionObject) while the
/// section is created or deleted. Who creates it owns it by a lock entry, who deletes it has none; others wait with a gate on
/// their stacks. That happens all the time.
/// </summary>
/// <remarks>
/// Read from MiReferenceControlArea and MiReleaseControlAreaWaiters of 22631 in https://github.com/nohuto/decompiled-pseudocode: flags of
/// the control area, its list of waiters { next, 1, KGATE }, and that lock entries name the pointer's address.
/// </remarks>
internal sealed class SectionPointer : ReadableLock
{
    private const ulong Flags = 0x38, Waiters = 0x50;
    private const uint BeingDeleted = 1, BeingCreated = 2;

    private static readonly WaiterList List = new(Object: 0x10, ObjectTypes.Gate, Next: 0);

    /// <inheritdoc/>
    public override string Name => "section";

    internal override bool IsAt(LockMemory memory, LockAddress address, ulong firstWord) =>
        WaiterList.IsPoolAddress(firstWord) && StateOf(memory, firstWord) != 0 && List.BeginsAt(memory, firstWord + Waiters);

    // Who owns it, and whether anybody does, only lock entries tell: nobody does while it is deleted.
    internal override void Read(LockMemory memory, LockNode node)
    {
        if (node is { IsProven: true, Value: { } area })
        {
            node.Detail = $"control area {Address.Text(area)}, which is being " +
                $"{((StateOf(memory, area) & BeingDeleted) != 0 ? "deleted" : "created")}";
            List.AddWaiters(memory, node, area + Waiters, mode: null);
        }
    }

    private static uint StateOf(LockMemory memory, ulong area) =>
        memory.Memory.TryReadUInt32(area + Flags, out uint flags) ? flags & (BeingDeleted | BeingCreated) : 0;
}
