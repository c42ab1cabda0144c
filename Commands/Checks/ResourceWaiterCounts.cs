using LockLeak.Kernel;
using LockLeak.Target;

namespace LockLeak.Checks;

/// <summary>How many threads wait for a resource, by its counts and by its rings of wait blocks.</summary>
internal sealed class ResourceWaiterCounts : Check
{
    public override string Name => "resource-waiters";

    public override string Compares => "NumberOfSharedWaiters and NumberOfExclusiveWaiters of a resource, and its rings of waiters";

    public override IReadOnlyList<string> Fields { get; } =
        ["_ERESOURCE.NumberOfSharedWaiters", "_ERESOURCE.NumberOfExclusiveWaiters", "_ERESOURCE.SharedWaiters",
            "_ERESOURCE.ExclusiveWaiters"];

    public override void Run(CheckContext context, CheckResult result)
    {
        LockFields fields = context.View.Layout.Locks;
        foreach (ResourceState resource in ResourceState.All(context))
        {
            Compare(fields.ResourceSharedWaiters, fields.ResourceSharedWaiterCount, "shared");
            Compare(fields.ResourceExclusiveWaiters, fields.ResourceExclusiveWaiterCount, "exclusive");

            void Compare(TypeField? ring, TypeField? count, string mode)
            {
                if (ring is not { } first || count is not { } field || resource.Waiters(context, first) is not { } found)
                {
                    return;
                }

                ulong said = resource.Window.Value(field);
                result.Compare(
                    said == (ulong)found,
                    $"Resource {resource.Node.Address} says that {said} {mode} waiters wait for it, and its ring has {found}.",
                    resource.Node.Address.Value);
            }
        }
    }
}
