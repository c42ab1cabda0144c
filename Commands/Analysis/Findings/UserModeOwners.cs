using LockLeak.Kernel;

namespace LockLeak.Analysis.Findings;

/// <summary>Threads that wait on behalf of user mode and still own a kernel lock, which nobody will release before they come back.</summary>
public static class UserModeOwners
{
    /// <summary>Suspects, one for each entry.</summary>
    public static IEnumerable<Finding> Find(FindingContext context)
    {
        foreach (KernelThread thread in context.View.KnownThreads.Where(IsBackInUserMode).ToList())
        {
            foreach (LockEntry entry in thread.Entries.Where(entry => entry is { Relation: LockRelation.Owns, IsUser: false, IsCrossThreadReleasable: false } && entry.Lock != 0))
            {
                LockNode node = context.Graph.Inspect(entry.Lock);
                if (node.Kind is LockKind.PushLock or LockKind.FastMutex or LockKind.GuardedMutex)
                {
                    yield return new Finding(FindingKind.UserModeOwner, $"Thread {context.Describe(thread.Address)} waits in user mode and still owns {FindingContext.Describe(node)}.")
                    {
                        Thread = thread.Address,
                        Entry = entry.Address,
                        Lock = entry.Lock,
                        Waiters = FindingContext.WaitersOf(node),
                        Owners = FindingContext.OwnersOf(node),
                        Reason = "A system call returned, or waits for its caller, without releasing the lock.",
                    };
                }
            }
        }
    }

    private static bool IsBackInUserMode(KernelThread thread) => thread is { IsWaiting: true, WaitsInUserMode: true, WaitReason: WaitReasons.UserRequest };
}
