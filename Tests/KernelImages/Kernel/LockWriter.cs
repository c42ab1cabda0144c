using KernelImages.Scenarios;

namespace KernelImages.Kernel;

/// <summary>The locks themselves, and how their waiters wait for them.</summary>
internal static class LockWriter
{
    /// <summary>Win8+: the bit of _FAST_MUTEX.Count that says free, and what each waiter adds.</summary>
    private const ulong MutexWaiterIncrement = 4;

    public static void Write(SyntheticKernel kernel, LockSpec item)
    {
        ulong address = kernel.Lock(item.Name);
        switch (item)
        {
            case PushLock pushLock:
                PushLockWriter.Write(kernel, pushLock, address);
                break;
            case FastMutex or GuardedMutex:
                WriteMutex(kernel, item, address);
                break;
            case Resource resource:
                ResourceWriter.Write(kernel, resource, address);
                break;
            case Mutant mutant:
                WriteMutant(kernel, mutant, address);
                break;
            case FileObjectLock file:
                FileObjectWriter.Write(kernel, file, address);
                break;
            case InPageBlock block:
                InPageWriter.Write(kernel, block, address);
                break;
            case CacheAwarePushLock cacheAware:
                SlottedPushLockWriter.Write(kernel, cacheAware, address);
                break;
            case AutoExpandPushLock autoExpand:
                SlottedPushLockWriter.Write(kernel, autoExpand, address);
                break;
            case BlockedPushLock blocked:
                UntrackedWaitWriter.Write(kernel, blocked, address);
                break;
            case RundownReference reference:
                UntrackedWaitWriter.Write(kernel, reference, address);
                break;
            default:
                return;
        }
    }

    /// <summary>The threads that wait for a lock, oldest first.</summary>
    public static IEnumerable<PlacedThread> WaitersOf(SyntheticKernel kernel, LockSpec item) => item.Waiters.Select(claim => kernel.Placed(claim.Thread));

    private static void WriteMutex(SyntheticKernel kernel, LockSpec item, ulong address)
    {
        bool guarded = item is GuardedMutex && kernel.Types.SizeOf("_KGUARDED_MUTEX") is not null;
        string type = guarded ? "_KGUARDED_MUTEX" : "_FAST_MUTEX";
        string dispatcher = guarded ? "Gate" : "Event";
        ulong free = item.Owners.Count == 0 ? 1u : 0;
        kernel.Typed.Set(type, address, "Count", free + (ulong)item.Waiters.Count * MutexWaiterIncrement);
        kernel.Typed.Set(type, address, "Owner", item.Owners.Count > 0 ? kernel.Thread(item.Owners[0].Thread) : 0);
        kernel.Typed.Set(type, address, "Contention", (ulong)item.Waiters.Count);
        ulong wakeEvent = address + kernel.Types.OffsetOf(type, dispatcher);
        WaitWriter.WriteEvent(kernel, wakeEvent);
        WaitWriter.Wait(kernel, wakeEvent, WaitersOf(kernel, item));
    }

    private static void WriteMutant(SyntheticKernel kernel, Mutant mutant, ulong address)
    {
        const string Type = "_KMUTANT";
        WaitWriter.WriteEvent(kernel, address);
        kernel.Typed.Set(Type, address, "Header.Type", (ulong)DispatcherType.Mutant);
        kernel.Typed.Set(Type, address, "Header.Size", (ulong)kernel.Types.RequiredSizeOf(Type) / 4);
        kernel.Typed.Set(Type, address, "Header.SignalState", mutant.Owners.Count > 0 ? 0u : 1);
        kernel.Typed.Set(Type, address, "Abandoned", mutant.Abandoned ? 1u : 0);
        kernel.Typed.Set(Type, address, "AbEnabled", 1);
        if (mutant.Owners.Count > 0)
        {
            ulong owner = kernel.Thread(mutant.Owners[0].Thread);
            kernel.Typed.Set(Type, address, "OwnerThread", owner);
            kernel.Typed.LinkList(owner + kernel.Types.OffsetOf("_KTHREAD", "MutantListHead"), [address + kernel.Types.OffsetOf(Type, "MutantListEntry")]);
        }
        WaitWriter.Wait(kernel, address, WaitersOf(kernel, mutant));
    }
}
