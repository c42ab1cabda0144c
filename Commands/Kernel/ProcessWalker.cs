using LockLeak.Target;

namespace LockLeak.Kernel;

/// <summary>Walks nt!PsActiveProcessHead with one read for each process.</summary>
/// <remarks>The Idle process is not on the list; its threads hold no locks.</remarks>
/// <param name="target">The machine under the debugger.</param>
/// <param name="memory">Its memory.</param>
/// <param name="fields">Fields of _EPROCESS.</param>
/// <param name="notes">Gets a line when the list ends before its end.</param>
public sealed class ProcessWalker(ITarget target, KernelMemory memory, ProcessFields fields, Notes notes)
{
    /// <summary>More than a machine has; ends a list that was overwritten with a long one.</summary>
    private const int Limit = 100_000;

    /// <summary>All processes, in list order.</summary>
    public IEnumerable<KernelProcess> Walk()
    {
        if (!target.TryGetGlobal(KernelGlobal.PsActiveProcessHead, out ulong head) || !memory.TryReadPointer(head, out ulong link))
        {
            notes.AddBreak("The process list cannot be read: the target has no debugger data block or nt!PsActiveProcessHead is not in it.");
            yield break;
        }

        var seen = new HashSet<ulong>();
        while (link != head)
        {
            ulong address = link - (ulong)fields.ActiveProcessLinks.Offset;
            if (seen.Count == Limit || seen.Contains(link) || memory.TryReadWindow(address, fields.WindowOffset, fields.WindowSize, keep: false) is not { } window)
            {
                notes.AddBreak($"The process list breaks after {seen.Count} processes at {Address.Text(link)}; processes behind it were not seen.");
                yield break;
            }

            seen.Add(link);
            yield return Process(address, window);
            link = memory.Canonical(window.Value(fields.ActiveProcessLinks with { Size = sizeof(ulong) }));
        }
    }

    /// <summary>One process by its address; null when it cannot be read.</summary>
    public KernelProcess? TryRead(ulong address) =>
        memory.TryReadWindow(address, fields.WindowOffset, fields.WindowSize) is { } window ? Process(address, window) : null;

    private KernelProcess Process(ulong address, Window window) => new(
        address,
        window.Value(fields.UniqueProcessId),
        TargetText.FromBytes(window.Bytes(fields.ImageFileName)),
        address + (ulong)fields.ThreadListHead.Offset,
        memory.Canonical(window.Value(fields.ThreadListHead with { Size = sizeof(ulong) })));
}
