using LockLeak.Kernel;
using LockLeak.Locks;

namespace LockLeak.Checks;

/// <summary>
/// The number of owners in the word of a push lock that nobody waits for, and the sleeping threads whose entries say that they own it.
/// </summary>
/// <remarks>
/// Only more owners than the word allows are a disagreement: owners may have no entry. A thread gets its acquired flag a moment after the
/// lock and keeps it a moment longer, but it does not sleep in between.
/// </remarks>
internal sealed class PushLockOwners : Check
{
    public override string Name => "push-lock-owners";

    public override string Compares => "the number of owners in the word of a push lock, and the entries of sleeping threads that own it";

    public override IReadOnlyList<string> Fields { get; } =
        ["_KLOCK_ENTRY.LockUnsafe", "_KLOCK_ENTRY.AcquiredByte", "_KLOCK_ENTRY.AcquiredBit"];

    public override void Run(CheckContext context, CheckResult result)
    {
        foreach (LockNode node in context.Graph.Locks)
        {
            if (!node.IsRead || node.Kind != LockKinds.PushLock || node.Value is not { } raw ||
                new PushLockValue(raw) is not { IsPlausible: true, IsLocked: true, IsWaiting: false } value)
            {
                continue;
            }

            int asleep = node.Owners.Count(owner =>
                context.View.Thread(owner.Thread) is { } thread && context.IsAsleep(thread) &&
                !WaitReasons.IsSuspension(thread.WaitReason));
            result.Compare(
                (ulong)asleep <= Math.Max(value.SharedOwners, 1),
                $"Push lock {node.Address} has {Address.Text(raw)}, and {asleep} sleeping threads own it by their lock entries.",
                node.Address.Value);
        }
    }
}
