using LockLeak.Kernel;

namespace LockLeak.Locks;

/// <summary>_KMUTANT: the mutex of KeInitializeMutex and of user mode's CreateMutex.</summary>
/// <remarks>
/// Lock entries hardly ever track it (AbEnabled is 0 after KeInitializeMutex), and threads wait for it with any reason, such
/// as Executive in the kernel and UserRequest for user mode. Its owner has it on a list, and it names its owner.
/// </remarks>
public sealed class Mutant : LockKind
{
    /// <inheritdoc/>
    public override string Name => "mutant";

    /// <inheritdoc/>
    public override string? TypeName => "_KMUTANT";

    internal override bool HasOwnerField => true;

    internal override bool IsWaitedForWith(byte waitReason) => waitReason == WaitReasons.WrMutex;

    internal override bool IsAt(LockMemory memory, LockAddress address, ulong firstWord) =>
        memory.Fields.MutantSize > 0 && memory.IsObject(address.Value, ObjectTypes.Mutant, memory.Fields.MutantSize);

    internal override LockAddress? LockOf(LockMemory memory, KernelThread thread, ulong waitObject) =>
        IsAt(memory, new LockAddress(waitObject), 0) ? new LockAddress(waitObject) : null;

    internal override void Read(LockMemory memory, LockNode node)
    {
        LockFields fields = memory.Fields;
        if (fields is not { MutantOwner: { } owner, MutantAbandoned: { } abandoned } || memory.Memory.TryReadWindow(node.Address.Value, 0, fields.MutantSize) is not { } window)
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
