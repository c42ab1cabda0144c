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
/// _KPCR.LockArray and _KSPIN_LOCK_QUEUE {Next, Lock} are declared in wdm.h. Lock is the lock's address, and its two lowest bits say
/// whether this processor waits for it or owns it (LOCK_QUEUE_WAIT and LOCK_QUEUE_OWNER of ReactOS,
/// https://github.com/reactos/reactos/blob/master/sdk/include/xdk/ketypes.h); the lock itself holds the address of the newest entry.
/// </remarks>
internal static class QueuedSpinLocks
{
    /// <summary>LockQueueMaximumLock of wdm.h; Windows 7 has more behind them, for timers.</summary>
    private const int Count = 17;

    private const int EntrySize = 16;
    private static readonly TypeField Lock = new(8, sizeof(ulong), 0, 0, IsPointer: false);
    private const ulong Waits = 1, Owns = 2, Flags = Waits | Owns;

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
            if ((entries[number] & Flags) == Waits)
            {
                if (found is not null)
                {
                    // Who spins for one cannot begin to spin for another.
                    return null;
                }

                found = new SpinWait(number, entries[number] - Waits, Owner: null);
            }
        }

        return found is not null && IsHeld(view.Memory, found.Lock) ? found with { Owner = Owner(view, found) } : null;
    }

    private static bool IsHeld(KernelMemory memory, ulong spinLock) =>
        memory.TryReadPointer(spinLock, out ulong newest) && KernelMemory.IsKernelAddress(newest);

    private static int? Owner(KernelView view, SpinWait wait)
    {
        foreach ((int processor, ulong thread) in view.Target.RunningThreads.Index())
        {
            if (Entries(view, processor, new ThreadAddress(thread)) is { } entries && entries[wait.Number] == (wait.Lock | Owns))
            {
                return processor;
            }
        }

        return null;
    }

    /// <summary>The Lock of each of a processor's entries.</summary>
    private static ulong[]? Entries(KernelView view, int processor, ThreadAddress thread)
    {
        if (view.Layout.Processor is not { } fields || Processors.Prcb(view, processor, thread) is not { } prcb)
        {
            return null;
        }

        KernelMemory memory = view.Memory;
        ulong pcr = prcb - (ulong)fields.Prcb.Offset;
        if (!memory.TryReadPointer(pcr + (ulong)fields.CurrentPrcb.Offset, out ulong current) || current != prcb ||
            !memory.TryReadPointer(pcr + (ulong)fields.LockArray.Offset, out ulong array) ||
            memory.TryReadWindow(array, 0, Count * EntrySize) is not { } window)
        {
            return null;
        }

        ulong[] entries = new ulong[Count];
        for (int number = 0; number < Count; number++)
        {
            entries[number] = window.Value(Lock, number * EntrySize);
        }

        return entries;
    }
}
