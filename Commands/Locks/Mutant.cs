using LockLeak.Code;
using LockLeak.Kernel;
using LockLeak.Target;

namespace LockLeak.Locks;

/// <summary>_KMUTANT: the mutex of KeInitializeMutex and of user mode's CreateMutex.</summary>
/// <remarks>
/// Lock entries hardly ever track it (AbEnabled is 0 after KeInitializeMutex), and threads wait for it with any reason, such
/// as Executive in the kernel and UserRequest for user mode. Its owner has it on a list, and it names its owner.
/// </remarks>
internal sealed class Mutant : ReadableLock
{
    /// <summary>_DISPATCHER_HEADER.SignalState (wdm.h).</summary>
    private static readonly TypeField SignalState = new(4, 4, 0, 0, IsPointer: false);

    /// <inheritdoc/>
    public override string Name => "mutant";

    /// <inheritdoc/>
    public override string? TypeName => "_KMUTANT";

    internal override bool HasOwnerField => true;

    internal override CodeLockKind? InCode => CodeLockKind.Mutant;

    internal override bool IsWaitedForWith(byte waitReason) => waitReason == WaitReasons.WrMutex;

    /// <inheritdoc/>
    /// <remarks>
    /// The header's Size is that of the structure on Windows 7 and 0 later (KiInitializeMutant in the folders of
    /// https://github.com/nohuto/decompiled-pseudocode), so what tells is that the parts agree: a free mutant is signalled, an
    /// owned one is not and hangs on the list of its owner.
    /// </remarks>
    internal override bool IsAt(LockMemory memory, LockAddress address, ulong firstWord)
    {
        if (memory.Fields is not { MutantOwner: { } owner, MutantListEntry: { } links, MutantSize: > 0 and var size } ||
            memory.Memory.TryReadByte(address.Value) is not { } type || ObjectTypes.Of(type) != ObjectTypes.Mutant ||
                memory.Memory.TryReadWindow(address.Value, 0, size) is not { } window)
        {
            return false;
        }

        ulong thread = memory.Memory.Canonical(window.Value(owner));
        int signalState = (int)window.Value(SignalState);
        if (thread == 0)
        {
            return signalState == 1;
        }

        ulong link = address.Value + (ulong)links.Offset, next = memory.Memory.Canonical(window.Link(links));
        return signalState <= 0 && memory.Memory.TryReadPointer(next + sizeof(ulong), out ulong back) && back == link;
    }

    internal override LockAddress? LockOf(LockMemory memory, KernelThread thread, ulong waitObject) =>
        IsAt(memory, new LockAddress(waitObject), 0) ? new LockAddress(waitObject) : null;

    internal override void Read(LockMemory memory, LockNode node)
    {
        LockFields fields = memory.Fields;
        if (fields is not { MutantOwner: { } owner, MutantAbandoned: { } abandoned } ||
            memory.Memory.TryReadWindow(node.Address.Value, 0, fields.MutantSize) is not { } window)
        {
            return;
        }

        ulong thread = memory.Memory.Canonical(window.Value(owner));
        node.IsLocked = thread != 0;
        node.IsExclusive = thread != 0 ? true : null;
        node.IsAbandoned = window.IsSet(abandoned with { BitLength = Math.Max(abandoned.BitLength, 1) });
        memory.AddOwnerField(node, thread);
        memory.AddWaitersOf(node, node.Address.Value, LockMode.Exclusive);
    }
}
