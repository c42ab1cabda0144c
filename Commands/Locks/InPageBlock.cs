using LockLeak.Kernel;

namespace LockLeak.Locks;

/// <summary>
/// The block of a page that is being read (MMINPAGE_SUPPORT, in no public symbol file): its owner reads the page, and other
/// threads wait with WrPageIn for it. That happens all the time.
/// </summary>
/// <remarks>
/// Read from MiInitializeInPageSupport and MiWaitForCollidedFaultComplete of 11-24H2 and 11-26H1 in
/// https://github.com/nohuto/decompiled-pseudocode: the event of the thread that reads, that of all others, and the block's own
/// address, which is also what lock entries name.
/// </remarks>
internal sealed class InPageBlock : ReadableLock
{
    /// <summary>The two events, both _KEVENT.</summary>
    private const ulong ReadEvent = 0x20, CollidedEvent = 0x38;

    /// <summary>sizeof(_KEVENT).</summary>
    private const int EventSize = 0x18;

    /// <summary>Where the builds keep the block's own address: 26H1, 24H2 and before, the oldest that were read.</summary>
    private static readonly ulong[] OwnAddress = [0xE0, 0xD8, 0xD0];

    /// <inheritdoc/>
    public override string Name => "in-page block";

    internal override bool IsWaitedForWith(byte waitReason) => waitReason == WaitReasons.WrPageIn;

    internal override bool IsAt(LockMemory memory, LockAddress address, ulong firstWord) =>
        memory.IsObject(address.Value + ReadEvent, ObjectTypes.NotificationEvent, EventSize) &&
        memory.IsObject(address.Value + CollidedEvent, ObjectTypes.NotificationEvent, EventSize) &&
        OwnAddress.Any(offset => memory.Memory.TryReadPointer(address.Value + offset, out ulong own) && own == address.Value);

    internal override void Read(LockMemory memory, LockNode node)
    {
        node.IsLocked = true;
        memory.AddWaitersOf(node, node.Address.Value + CollidedEvent, mode: null);
    }
}
