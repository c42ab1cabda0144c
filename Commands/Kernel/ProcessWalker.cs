using LockLeak.Target;

namespace LockLeak.Kernel;

/// <summary>Walks nt!PsActiveProcessHead with one read for each process.</summary>
/// <remarks>The Idle process is not on the list; its threads hold no locks.</remarks>
/// <param name="target">The machine under the debugger.</param>
/// <param name="memory">Its memory.</param>
/// <param name="fields">Fields of _EPROCESS.</param>
/// <param name="notes">Gets a line when the list ends before its end.</param>
internal sealed class ProcessWalker(ITarget target, KernelMemory memory, ProcessFields fields, Notes notes)
{
    /// <summary>More than a machine has; ends a list that was overwritten with a long one.</summary>
    private const int Limit = 100_000;

    /// <summary>All processes, in list order.</summary>
    public IEnumerable<KernelProcess> Walk()
    {
        if (!target.TryGetGlobal(KernelGlobal.PsActiveProcessHead, out ulong head) || !memory.TryReadPointer(head, out ulong link))
        {
            notes.AddGap("The process list cannot be read: the target has no debugger data block or nt!PsActiveProcessHead is not in it.");
            yield break;
        }

        var seen = new HashSet<ulong>();
        var glance = new Glance(memory);
        while (link != head)
        {
            ulong address = link - (ulong)fields.ActiveProcessLinks.Offset;
            if (seen.Count == Limit || seen.Contains(link) ||
                !glance.TryLook(address, fields.WindowOffset, fields.WindowSize, fields.WindowSize, out Window window))
            {
                notes.AddGap($"The process list breaks after {seen.Count} processes at {Address.Text(link)}; processes behind it were " +
                    "not seen.");
                yield break;
            }

            seen.Add(link);
            yield return Process(new ProcessAddress(address), window);
            link = memory.Canonical(window.Link(fields.ActiveProcessLinks));
        }
    }

    /// <summary>One process by its address.</summary>
    /// <param name="address">_EPROCESS.</param>
    /// <returns>Null when it cannot be read or no process is there.</returns>
    public KernelProcess? TryRead(ProcessAddress address) =>
        IsProcess(address) && memory.TryReadWindow(address.Value, fields.WindowOffset, fields.WindowSize) is { } window &&
        Process(address, window) is var process && KernelMemory.IsKernelAddress(process.FirstThread)
            ? process
            : null;

    /// <summary>True when the dispatcher header at an address is that of a process.</summary>
    public bool IsProcess(ProcessAddress address) => ObjectTypes.IsAt(memory, address.Value, ObjectTypes.Process);

    private KernelProcess Process(ProcessAddress address, Window window) => new(
        address,
        window.Value(fields.UniqueProcessId),
        TargetText.FromBytes(window.Content(fields.ImageFileName)),
        address.Value + (ulong)fields.ThreadListHead.Offset,
        memory.Canonical(window.Link(fields.ThreadListHead)))
    {
        ActiveThreads = fields.ActiveThreads is { } active && window.Has(active) ? (uint)window.Value(active) : null,
    };
}
