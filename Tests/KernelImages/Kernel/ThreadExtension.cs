namespace KernelImages.Kernel;

/// <summary>What lies behind an _ETHREAD in its own allocation from 24H2 on: energy values, affinities, lock entries.</summary>
/// <remarks>
/// Read from https://github.com/nohuto/decompiled-pseudocode: 11-24H2/ntoskrnl/PspAllocateThread.c, and for 26H1 PspAllocateThread.c,
/// KeSizeOfKThreadExtension.c, KiInitializeKThreadExtension.c and KeAbComputeThreadEntriesSize.c in 11-26H1/ntoskrnl. Two real small dumps
/// of 26100, whose _ETHREAD has 0x788 bytes, have the kernel's entries at 0x870 and the user's 0x220 behind them, which is the same.
/// </remarks>
internal static class ThreadExtension
{
    /// <summary>Lock entries of a thread for the kernel's locks.</summary>
    public const int KernelEntries = 6;

    /// <summary>Lock entries of a thread for those of user mode.</summary>
    public const int UserEntries = 8;

    /// <summary>Bytes where the power manager estimates energy (PoEnergyEstimationEnabled).</summary>
    private const int EnergyValues = 200;

    /// <summary>Bytes of the affinity and the user affinity on machines with one group of processors.</summary>
    private const int Affinities = 2 * 16;

    /// <summary>Bytes between them and the lock entries on 26H1, to which _KTHREAD + 0x430 points.</summary>
    private const int MoreOn26H1 = 32;

    /// <summary>Bytes of a thread with all its entries: 544 and 720, or on 26H1 320 and 400.</summary>
    public static int SizeOfThread(SyntheticKernel kernel)
    {
        int size = kernel.Types.RequiredSizeOf("_ETHREAD");
        if (kernel.Types.Field("_KTHREAD", "KernelAbEntries") is null) return size;
        return OffsetOfEntries(kernel) + (AutoBoostEntries.AreInForce(kernel) ? 320 + 400 : 544 + 720);
    }

    /// <summary>Bytes from the start of the thread to its entries.</summary>
    public static int OffsetOfEntries(SyntheticKernel kernel) =>
        kernel.Types.RequiredSizeOf("_ETHREAD") + EnergyValues + Affinities + (Is26H1(kernel) ? MoreOn26H1 : 0);

    /// <summary>Threads of the System and Idle processes have no entries of user mode.</summary>
    public static bool HasUserEntries(PlacedThread thread) => thread.Process.Spec.Pid is not (0 or 4);

    private static bool Is26H1(SyntheticKernel kernel) => kernel.Modules.Kernel("KiAbpGlobalState") != 0;
}
