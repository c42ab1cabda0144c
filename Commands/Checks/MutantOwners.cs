using LockLeak.Kernel;
using LockLeak.Target;

namespace LockLeak.Checks;

/// <summary>The mutants on a thread's list of owned ones, and the owner that each names. Both change under one lock.</summary>
internal sealed class MutantOwners : Check, IThreadCheck
{
    /// <summary>More than a thread owns; ends a list that was overwritten.</summary>
    private const int Limit = 1_000;

    private static readonly TypeField Type = new(0, 1, 0, 0, IsPointer: false);

    public override string Name => "mutant-owners";

    public override string Compares => "the mutants that a thread owns by its list, and the thread that each of them names";

    public override IReadOnlyList<string> Fields { get; } = ["_KMUTANT.OwnerThread", "_KMUTANT.MutantListEntry", "_KTHREAD.MutantListHead"];

    public void Compare(CheckContext context, KernelThread thread, CheckResult result)
    {
        if (context.View.Layout is not
            {
                Thread.MutantListHead: { } listHead,
                Locks: { MutantListEntry: { } links, MutantOwner: { } owner, MutantSize: > 0 and var size }
            } ||
            !thread.OwnsMutants || context.IsOnProcessor(thread))
        {
            return;
        }

        KernelMemory memory = context.View.Memory;
        ulong head = thread.Address.Value + (ulong)listHead.Offset,
            link = memory.Canonical(thread.Window.Value(ListEntry.Flink, listHead.Offset));
        for (int count = 0; link != head && count < Limit; count++)
        {
            ulong mutant = link - (ulong)links.Offset;
            if (memory.InHand(mutant, 1) is not { } header)
            {
                break;
            }

            if (ObjectTypes.Of(header.Value(Type)) != ObjectTypes.Mutant || memory.InHand(mutant, size) is not { } window ||
                memory.Canonical(window.Value(owner)) != thread.Address.Value)
            {
                result.Disagree($"{Address.Text(mutant)} is on the list of mutants that thread {thread.Address} owns and does not " +
                    "name it as its owner.", thread.Address.Value, mutant);
                break;
            }

            result.Agree();
            link = memory.Canonical(window.Value(ListEntry.Flink, links.Offset));
        }
    }
}
