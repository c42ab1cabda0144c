using KernelImages.Scenarios;

namespace KernelImages.Kernel;

/// <summary>The locks themselves, and how their waiters wait for them.</summary>
internal static class LockWriter
{
    /// <summary>Of _FAST_MUTEX.Count.</summary>
    private const ulong MutexFree = 1, MutexWaiterWoken = 2, MutexWaiterIncrement = 4;

    /// <summary>Size of an event or a gate in its header: 32-bit units.</summary>
    private const ulong EventSize = 6;

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
            case FastResource resource:
                FastResourceWriter.Write(kernel, resource, address);
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
            case SectionPointer section:
                TurnWriter.Write(kernel, section, address);
                break;
            case HiveWriteQueue hive:
                TurnWriter.Write(kernel, hive, address);
                break;
            case EofLock eof:
                TurnWriter.Write(kernel, eof, address);
                break;
            default:
                return;
        }
    }

    /// <summary>
    /// Count is 32 bits: bit 0 says free, bit 1 that a waiter was woken, and each waiter adds 4; the 32 bits behind it are padding.
    /// Contention counts all waits that there ever were. Read from ExpAcquireFastMutexContended and ExReleaseFastMutex
    /// (https://github.com/nohuto/decompiled-pseudocode, 11-23H2/ntoskrnl).
    /// </summary>
    private static void WriteMutex(SyntheticKernel kernel, LockSpec item, ulong address)
    {
        bool guarded = item is GuardedMutex && kernel.Types.SizeOf("_KGUARDED_MUTEX") is not null;
        string type = guarded ? "_KGUARDED_MUTEX" : "_FAST_MUTEX";
        ulong dispatcher = address + kernel.Types.OffsetOf(type, guarded ? "Gate" : "Event");
        GoneOwner gone = item is FastMutex { Gone: not GoneOwner.None } mutex ? mutex.Gone : GoneOwner.None;
        ulong owner = gone != GoneOwner.None
            ? GoneOwners.Place(kernel, gone) : item.Owners.Count > 0 ? kernel.Thread(item.Owners[0].Thread) : 0;
        Claim[] queue = [.. item.Queue], woken = [.. item.Waiters.Except(queue)];
        ulong flags = (owner == 0 ? MutexFree : 0) | (woken.Length > 0 ? MutexWaiterWoken : 0);
        kernel.Typed.Set(type, address, "Count", flags + (ulong)queue.Length * MutexWaiterIncrement);
        kernel.Typed.Set(type, address, "Owner", owner);
        kernel.Typed.Set(type, address, "Contention", ResourceWriter.ContentionCount(item));
        WaitWriter.WriteObject(kernel, dispatcher, guarded ? DispatcherType.Gate : DispatcherType.SynchronizationEvent, EventSize, 0);
        WaitWriter.Wait(kernel, dispatcher, queue.Select(claim => kernel.Placed(claim.Thread)));
        foreach (Claim claim in woken) WaitWriter.EndWait(kernel, dispatcher, kernel.Placed(claim.Thread));
    }

    /// <summary>
    /// SignalState is 1 when it is free and counts down with each acquisition. The owner has it in its MutantListHead, and no
    /// kernel APCs (KeInitializeMutex: ApcDisable 1). The header's Size is 0 (KiInitializeMutant,
    /// https://github.com/nohuto/decompiled-pseudocode, 11-21H2 to 11-24H2/ntoskrnl; not known of older builds but Windows 7).
    /// </summary>
    private static void WriteMutant(SyntheticKernel kernel, Mutant mutant, ulong address)
    {
        const string Type = "_KMUTANT";
        Claim? owner = mutant.Owners is [var first, ..] ? first : null;
        ulong size = kernel.Types.Build == 7601 ? (ulong)kernel.Types.RequiredSizeOf(Type) / 4 : 0;
        WaitWriter.WriteObject(kernel, address, DispatcherType.Mutant, size, 1 - (owner?.Recursion ?? 0));
        kernel.Typed.Set(Type, address, "Abandoned", mutant.Abandoned ? 1u : 0);
        kernel.Typed.Set(Type, address, "AbEnabled", mutant.AbEnabled ? 1u : 0);
        kernel.Typed.Set(Type, address, "ApcDisable", 1);
        if (owner is not null)
        {
            ulong thread = kernel.Thread(owner.Thread);
            kernel.Typed.Set(Type, address, "OwnerThread", thread);
            kernel.Typed.AppendToList(thread + kernel.Types.OffsetOf("_KTHREAD", "MutantListHead"),
                address + kernel.Types.OffsetOf(Type, "MutantListEntry"));
            kernel.Typed.Set("_KTHREAD", thread, "KernelApcDisable", kernel.Typed.Get("_KTHREAD", thread, "KernelApcDisable") - 1);
        }
        WaitWriter.Wait(kernel, address, mutant.Queue.Select(claim => kernel.Placed(claim.Thread)));
    }
}
