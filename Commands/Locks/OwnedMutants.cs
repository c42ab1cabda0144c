using LockLeak.Kernel;

namespace LockLeak.Locks;

/// <summary>The mutants that a thread owns: _KTHREAD.MutantListHead, through _KMUTANT.MutantListEntry.</summary>
internal static class OwnedMutants
{
    /// <summary>More than a thread owns; ends a list that was overwritten.</summary>
    private const int Limit = 1_000;

    /// <summary>The mutants, newest first; those before a break when the list is damaged.</summary>
    public static IEnumerable<LockAddress> Of(LockMemory memory, KernelThread thread)
    {
        if (memory.View.Layout.Thread.MutantListHead is not { } listHead || memory.Fields.MutantListEntry is not { } links)
        {
            yield break;
        }

        ulong head = thread.Address.Value + (ulong)listHead.Offset;
        ulong link = memory.Memory.Canonical(thread.Window.Link(listHead));
        var seen = new HashSet<ulong>();
        while (link != head && link != 0)
        {
            var mutant = new LockAddress(link - (ulong)links.Offset);
            if (seen.Count == Limit || !seen.Add(link) || !LockKinds.Mutant.IsAt(memory, mutant, 0))
            {
                memory.Notes.Add($"The list of mutants that thread {thread.Address} owns breaks after {seen.Count} at " +
                    $"{Address.Text(link)}.");
                yield break;
            }

            yield return mutant;
            memory.Memory.TryReadPointer(link, out link);
        }
    }
}
