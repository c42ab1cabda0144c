using KernelImages.Memory;

namespace KernelImages.Kernel;

/// <summary>
/// The queued spin locks that have a number, and each processor's entry for each. As the kernels read them: an entry's Lock is the lock's
/// address, with bit 0 while its processor waits and bit 2 while it is halted; the owner's has neither, and Next of each leads to the one
/// behind it (https://github.com/nohuto/decompiled-pseudocode: 11-23H2/ntoskrnl/KxWaitForLockOwnerShip.c, KeReleaseQueuedSpinLock.c;
/// 1607/ntoskrnl/KxReleaseQueuedSpinLock.c). Whoever does not take part has Next 0
/// (https://github.com/reactos/reactos/blob/master/ntoskrnl/ke/krnlinit.c, KiInitSpinLocks).
/// </summary>
internal static class SpinLockWriter
{
    /// <summary>LockQueueMaximumLock of wdm.h.</summary>
    private const int Count = 17;

    private const int EntrySize = 16;
    private const ulong Locks = 0xffffb680_01100000;
    private const ulong Waits = 1, Halted = 4;

    /// <summary>The listing that halts processors while they wait is of this build.</summary>
    private const int FirstBuildThatHalts = 22631;

    /// <summary>_KPRCB.LockQueue of 17763 to 22000; types of other builds do not say where it is.</summary>
    private const ulong UsualPlace = 0x6f0;

    public static void Write(SyntheticKernel kernel)
    {
        TypedMemory typed = kernel.Typed;
        typed.Memory.Map(Locks, Count * sizeof(ulong));
        foreach (PlacedProcessor processor in kernel.Processors)
        {
            typed.Set("_KPCR", processor.Pcr, "LockArray", Entry(kernel, processor, 0));
            for (int number = 0; number < Count; number++)
                typed.SetQuads(Entry(kernel, processor, number), 0, Locks + (ulong)number * sizeof(ulong));
        }

        foreach (PlacedProcessor owner in kernel.Processors)
        {
            if (owner.Thread.Spec.OwnsSpinLock is not { } number) continue;
            ulong spinLock = Locks + (ulong)number * sizeof(ulong), last = Entry(kernel, owner, number);
            typed.SetQuads(last, 0, spinLock);
            foreach (PlacedProcessor waiter in kernel.Processors.Where(processor => processor.Thread.Spec.SpinsFor == number))
            {
                ulong entry = Entry(kernel, waiter, number);
                typed.SetQuads(last, entry);
                typed.SetQuads(entry, 0, spinLock | Waits | (kernel.Types.Build >= FirstBuildThatHalts ? Halted : 0));
                last = entry;
            }
            typed.SetQuads(spinLock, last);
        }
    }

    private static ulong Entry(SyntheticKernel kernel, PlacedProcessor processor, int number) =>
        processor.Prcb + (ulong)(kernel.Types.Field("_KPRCB", "LockQueue")?.Offset ?? (int)UsualPlace) + (ulong)(number * EntrySize);
}
