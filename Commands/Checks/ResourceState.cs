using LockLeak.Kernel;
using LockLeak.Locks;
using LockLeak.Target;

namespace LockLeak.Checks;

/// <summary>What an _ERESOURCE says of itself, out of what was read of it; its parts are changed together under its spin lock.</summary>
/// <param name="Node">The resource.</param>
/// <param name="Window">The whole structure.</param>
internal sealed record ResourceState(LockNode Node, Window Window)
{
    /// <summary>ERESOURCE.Flag bit 0: a fast resource, which has another layout.</summary>
    private const ulong FastResource = 1;

    /// <summary>More waiters than a machine has threads; ends a ring that was overwritten.</summary>
    private const int MostWaiters = 100_000;

    /// <summary>The resources that were read and that nobody was changing.</summary>
    public static IEnumerable<ResourceState> All(CheckContext context)
    {
        LockFields fields = context.View.Layout.Locks;
        foreach (LockNode node in context.Graph.Locks.Where(node => node.IsRead && node.Kind == LockKinds.Resource))
        {
            if (fields.ResourceSize > 0 && context.View.Memory.InHand(node.Address.Value, fields.ResourceSize) is { } window &&
                !window.IsSet(fields.ResourceSpinLock) &&
                (window.Value(fields.ResourceFlag) & FastResource) == 0)
            {
                yield return new ResourceState(node, window);
            }
        }
    }

    /// <summary>
    /// Number of wait blocks in a ring (Windows 10 on); null where the field leads to a dispatcher object, which is
    /// signalled after the counts have changed, or where a part of the ring was not read.
    /// </summary>
    public int? Waiters(CheckContext context, TypeField field)
    {
        ulong first = context.View.Memory.Canonical(Window.Value(field)), block = first;
        for (int count = 0; count < MostWaiters; count++)
        {
            if (count > 0 && block == first)
            {
                return count;
            }

            if (first == 0)
            {
                return 0;
            }

            if (context.View.Memory.InHand(block, sizeof(ulong)) is not { } links ||
                !KernelMemory.IsKernelAddress(block = context.View.Memory.Canonical(links.Value(ListEntry.Flink))))
            {
                return null;
            }
        }

        return null;
    }
}
