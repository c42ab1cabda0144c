using LockLeak.Kernel;
using LockLeak.Target;

namespace LockLeak.Locks;

/// <summary>All resources of the machine (nt!ExpSystemResourcesList), walked once: who is held, and whose waiter is it.</summary>
/// <remarks>
/// The resource of a waiter that has no lock entry is found by the object that it waits for: the semaphore or event that all
/// waiters share up to Windows 8.1, or the event in its own wait block, whose ring the resource leads into, from Windows 10 on.
/// </remarks>
/// <param name="view">The machine.</param>
internal sealed class ResourceFinder(KernelView view)
{
    /// <summary>More resources than a machine has; ends a list that was overwritten.</summary>
    private const int Limit = 200_000;

    /// <summary>More waiters than a machine has threads; ends a ring that was overwritten.</summary>
    private const int MostWaiters = 100_000;

    /// <summary>From a wait block to its event (see <see cref="ResourceWaiters"/>).</summary>
    private const ulong EventInBlock = 0x18;

    private readonly List<LockAddress> held = [];
    private readonly Dictionary<ulong, LockAddress?> byBlock = [];
    private Dictionary<ulong, LockAddress>? resources;

    /// <summary>The resources that somebody owns.</summary>
    public IReadOnlyList<LockAddress> Held()
    {
        resources ??= ByWaitObject();
        return held;
    }

    /// <summary>The resource whose waiters wait for an object; null when there is none.</summary>
    public LockAddress? FindResource(ulong waitObject)
    {
        // One read for each resource of the machine, so not before somebody asks.
        resources ??= ByWaitObject();
        if (resources.TryGetValue(waitObject, out LockAddress resource))
        {
            return resource;
        }

        // All blocks of a ring lead to the same resource, or to none: whoever comes next ends at the first block of an earlier walk.
        LockAddress? found = null;
        List<ulong> walked = [];
        for (ulong block = waitObject - EventInBlock; walked.Count < MostWaiters && !byBlock.TryGetValue(block, out found);)
        {
            byBlock.Add(block, null);
            walked.Add(block);
            if (!view.Memory.TryReadPointer(block, out block) || !KernelMemory.IsKernelAddress(block))
            {
                break;
            }

            if (resources.TryGetValue(block, out resource))
            {
                found = resource;
                break;
            }
        }

        walked.ForEach(block => byBlock[block] = found);
        return found;
    }

    private Dictionary<ulong, LockAddress> ByWaitObject()
    {
        var found = new Dictionary<ulong, LockAddress>();
        LockFields fields = view.Layout.Locks;
        if (fields.ResourceSize == 0 || fields.ResourceLinks is not { } links ||
            !view.Target.TryGetGlobal(KernelGlobal.ExpSystemResourcesList, out ulong head) ||
                !view.Memory.TryReadPointer(head, out ulong link))
        {
            return found;
        }

        var seen = new HashSet<ulong>();
        while (link != head && !view.IsInterrupted)
        {
            ulong resource = link - (ulong)links.Offset;
            view.Progress($"reading resources, {seen.Count} so far");
            if (seen.Count == Limit || !seen.Add(link) || view.Memory.TryReadWindow(resource, 0, fields.ResourceSize) is not { } window)
            {
                view.Notes.AddGap($"The list of resources breaks after {seen.Count} resources at {Address.Text(link)}; resources behind " +
                    "it were not seen.");
                break;
            }

            if (window.IsSet(fields.ResourceActiveEntries))
            {
                held.Add(new LockAddress(resource));
            }

            foreach (TypeField? waiters in new[] { fields.ResourceSharedWaiters, fields.ResourceExclusiveWaiters })
            {
                if (view.Memory.Canonical(window.Value(waiters)) is var waitObject and not 0)
                {
                    found.TryAdd(waitObject, new LockAddress(resource));
                }
            }

            link = view.Memory.Canonical(window.Link(links));
        }

        return found;
    }
}
