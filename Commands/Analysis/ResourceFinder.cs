using LockLeak.Kernel;
using LockLeak.Target;

namespace LockLeak.Analysis;

/// <summary>
/// Finds the resource of a waiter that has no lock entry. Up to Windows 8.1 all waiters of an _ERESOURCE share its
/// semaphore or its event, so the object of the wait tells the resource.
/// </summary>
/// <param name="view">The machine.</param>
public sealed class ResourceFinder(KernelView view)
{
    /// <summary>More resources than a machine has; ends a list that was overwritten.</summary>
    private const int Limit = 200_000;

    private Dictionary<ulong, ulong>? resources;

    /// <summary>The resource whose waiters wait for an object; null when there is none.</summary>
    public ulong? FindResource(ulong waitObject)
    {
        // One read for each resource of the machine, so not before somebody asks.
        resources ??= ByWaitObject();
        return resources.TryGetValue(waitObject, out ulong resource) ? resource : null;
    }

    private Dictionary<ulong, ulong> ByWaitObject()
    {
        var found = new Dictionary<ulong, ulong>();
        LockFields fields = view.Layout.Locks;
        if (fields.ResourceSize == 0 || fields.ResourceLinks is not { } links ||
            !view.Target.TryGetGlobal(KernelGlobal.ExpSystemResourcesList, out ulong head) || !view.Memory.TryReadPointer(head, out ulong link))
        {
            return found;
        }

        var seen = new HashSet<ulong>();
        while (link != head)
        {
            ulong resource = link - (ulong)links.Offset;
            if (seen.Count == Limit || !seen.Add(link) || view.Memory.TryReadWindow(resource, 0, fields.ResourceSize) is not { } window)
            {
                view.Notes.Add($"The list of resources breaks after {seen.Count} resources at {Address.Text(link)}; resources behind it were not seen.");
                break;
            }

            foreach (TypeField? waiters in new[] { fields.ResourceSharedWaiters, fields.ResourceExclusiveWaiters })
            {
                if (view.Memory.Canonical(window.Value(waiters)) is var waitObject and not 0)
                {
                    found.TryAdd(waitObject, resource);
                }
            }

            link = view.Memory.Canonical(window.Value(links with { Size = sizeof(ulong) }));
        }

        return found;
    }
}
