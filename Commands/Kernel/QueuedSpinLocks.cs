using System.Globalization;
using LockLeak.Target;

namespace LockLeak.Kernel;

/// <summary>A numbered queued spin lock for which a processor spins.</summary>
/// <param name="Number">_KSPIN_LOCK_QUEUE_NUMBER.</param>
/// <param name="Lock">Address of the KSPIN_LOCK.</param>
/// <param name="Owner">The processor that owns it; null when none is seen to.</param>
internal sealed record SpinWait(int Number, ulong Lock, int? Owner)
{
    private static readonly string?[] Names =
    [
        null, null, null, null, "VacbLock", "MasterLock", "NonPagedPoolLock", "IoCancelLock", null, "IoVpbLock", "IoDatabaseLock",
        "IoCompletionLock", "NtfsStructLock", "AfdWorkQueueLock", "BcbLock",
    ];

    /// <summary>"LockQueueIoCancelLock": its name in wdm.h where that never changed its meaning, else its number.</summary>
    /// <remarks>https://learn.microsoft.com/windows-hardware/drivers/debugger/-qlocks shows them under such names.</remarks>
    public string Name =>
        Number < Names.Length && Names[Number] is { } name ? $"LockQueue{name}" : Number.ToString(CultureInfo.InvariantCulture);
}

/// <summary>The queued spin locks that have a number: each processor has an entry for each of them.</summary>
/// <remarks>
/// _KPCR.LockArray and _KSPIN_LOCK_QUEUE {Next, Lock} are declared in wdm.h. Lock is the lock's address; bit 0 is set while this processor
/// waits for it, bit 2 as well while it is halted meanwhile. On x64 no bit says who owns it: the owner is the one that does not wait, and
/// whose Next leads to a waiter (https://github.com/nohuto/decompiled-pseudocode, 11-23H2/ntoskrnl/KxWaitForLockOwnerShip.c and
/// 1607/ntoskrnl/KxReleaseQueuedSpinLock.c, which clears Next). The lock itself holds the address of the newest entry.
/// </remarks>
internal static class QueuedSpinLocks
{
    /// <summary>LockQueueMaximumLock of wdm.h; Windows 7 has more behind them, for timers.</summary>
    private const int Count = 17;

    private const int EntrySize = 16;
    private static readonly TypeField Next = new(0, sizeof(ulong), 0, 0, IsPointer: true), Lock = Next with { Offset = 8 };
    private const ulong Waits = 1, Flags = 7;

    /// <summary>The lock that a processor spins for; null when there is none, or that is not proved.</summary>
    /// <param name="view">The machine.</param>
    /// <param name="processor">Its number, from 0 on.</param>
    /// <param name="thread">The thread that it runs.</param>
    public static SpinWait? WaitedFor(KernelView view, int processor, ThreadAddress thread)
    {
        if (Entries(view, processor, thread) is not { } entries)
        {
            return null;
        }

        SpinWait? found = null;
        for (int number = 0; number < Count; number++)
        {
            ulong value = entries.Value(Lock, number * EntrySize);
            if ((value & Waits) != 0)
            {
                if (found is not null)
                {
                    // Who spins for one cannot begin to spin for another.
                    return null;
                }

                found = new SpinWait(number, value & ~Flags, Owner: null);
            }
        }

        return found is not null && IsHeld(view.Memory, found.Lock) ? found with { Owner = Owner(view, found) } : null;
    }

    private static bool IsHeld(KernelMemory memory, ulong spinLock) =>
        memory.TryReadPointer(spinLock, out ulong newest) && KernelMemory.IsKernelAddress(newest);

    private static int? Owner(KernelView view, SpinWait wait)
    {
        int at = wait.Number * EntrySize;
        int? owner = null;
        ulong behindOwner = 0;
        HashSet<ulong> waiters = [];
        foreach ((int processor, ulong thread) in view.Target.RunningThreads.Index())
        {
            if (Entries(view, processor, new ThreadAddress(thread)) is { } entries)
            {
                ulong value = entries.Value(Lock, at), next = entries.Value(Next, at);
                if (value == wait.Lock && next != 0)
                {
                    (owner, behindOwner) = (processor, next);
                }
                else if ((value & Waits) != 0)
                {
                    waiters.Add(entries.Structure + (ulong)at);
                }
            }
        }

        return waiters.Contains(behindOwner) ? owner : null;
    }

    /// <summary>A processor's entries.</summary>
    private static Window? Entries(KernelView view, int processor, ThreadAddress thread)
    {
        if (view.Layout.Processor is not { } fields || Processors.Prcb(view, processor, thread) is not { } prcb)
        {
            return null;
        }

        KernelMemory memory = view.Memory;
        ulong pcr = prcb - (ulong)fields.Prcb.Offset;
        return memory.TryReadPointer(pcr + (ulong)fields.CurrentPrcb.Offset, out ulong current) && current == prcb &&
            memory.TryReadPointer(pcr + (ulong)fields.LockArray.Offset, out ulong array)
            ? memory.TryReadWindow(array, 0, Count * EntrySize) : null;
    }
}
