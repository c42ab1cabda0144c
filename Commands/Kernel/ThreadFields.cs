using LockLeak.Target;

namespace LockLeak.Kernel;

/// <summary>Fields of _ETHREAD and of the _KTHREAD at its start. All offsets count from the _ETHREAD.</summary>
/// <param name="State">_KTHREAD_STATE.</param>
/// <param name="WaitReason">_KWAIT_REASON of the current or last wait.</param>
/// <param name="WaitMode">0 kernel mode, 1 user mode.</param>
/// <param name="WaitTime">Tick count at the start of the wait, 32 bits.</param>
/// <param name="WaitBlockList">First _KWAIT_BLOCK of the current wait.</param>
/// <param name="Process">_KPROCESS that the thread belongs to.</param>
/// <param name="UniqueProcess">Cid, first half.</param>
/// <param name="UniqueThread">Cid, second half.</param>
/// <param name="ThreadListEntry">Link in _EPROCESS.ThreadListHead, which keeps a thread until its last reference goes.</param>
/// <param name="Terminated">The thread has ended or is past the point of no return.</param>
/// <param name="StartAddress">Kernel start routine.</param>
/// <param name="Win32StartAddress">Start routine as the creator gave it.</param>
/// <param name="StackBase">One past the highest byte of the kernel stack.</param>
/// <param name="StackLimit">Lowest byte of the kernel stack.</param>
internal sealed record ThreadFields(
    TypeField State, TypeField WaitReason, TypeField WaitMode, TypeField WaitTime, TypeField WaitBlockList, TypeField Process,
    TypeField UniqueProcess, TypeField UniqueThread, TypeField ThreadListEntry, TypeField Terminated, TypeField StartAddress,
    TypeField Win32StartAddress, TypeField StackBase, TypeField StackLimit)
{
    /// <summary>The thread ran out of lock entries at least once (Windows 8.1 and later).</summary>
    public TypeField? AutoBoostEntriesExhausted { get; init; }

    /// <summary>UNICODE_STRING of the thread's description (Windows 10 1607 and later).</summary>
    public TypeField? ThreadName { get; init; }

    /// <summary>Current priority.</summary>
    public TypeField? Priority { get; init; }

    /// <summary>Base priority.</summary>
    public TypeField? BasePriority { get; init; }

    /// <summary>Number of context switches.</summary>
    public TypeField? ContextSwitches { get; init; }

    /// <summary>Number of wait blocks of the current wait (Windows 8 and later).</summary>
    public TypeField? WaitBlockCount { get; init; }

    /// <summary>A timer ends the current wait.</summary>
    public TypeField? TimerActive { get; init; }

    /// <summary>LIST_ENTRY of the _KMUTANTs that the thread owns.</summary>
    public TypeField? MutantListHead { get; init; }

    /// <summary>Number of linked lock entries that wait (Windows 8.1 and later).</summary>
    public TypeField? WaitEntryCount { get; init; }

    /// <summary>How often the thread was suspended and not resumed.</summary>
    public TypeField? SuspendCount { get; init; }

    /// <summary>Negative while normal kernel APCs are disabled (KeEnterCriticalRegion), 16 bits.</summary>
    public TypeField? KernelApcDisable { get; init; }

    /// <summary>Negative while all APCs are disabled (KeEnterGuardedRegion), 16 bits.</summary>
    public TypeField? SpecialApcDisable { get; init; }

    /// <summary>LIST_ENTRY of the fast resources that the thread owns (Windows 10 1809 and later).</summary>
    public TypeField? OwnerEntryListHead { get; init; }

    /// <summary>LIST_ENTRY of the fast resources that the thread took and disowned (Windows 10 1809 and later).</summary>
    public TypeField? DisownedOwnerEntryListHead { get; init; }

    /// <summary>LIST_ENTRY of the _IRPs that the thread has sent and that are not complete, newest first.</summary>
    public TypeField? IrpList { get; init; }

    /// <summary>One past the last byte that has to be there: what tells who the thread is and what it does.</summary>
    public int Required { get; } =
        new[] { State, WaitReason, WaitMode, WaitTime, WaitBlockList, Process, UniqueThread, ThreadListEntry, Terminated, StackBase,
        StackLimit }.Max(part => part.End);

    /// <summary>One past the last byte that is looked at.</summary>
    public int End => new[]
    {
        StartAddress, Win32StartAddress, AutoBoostEntriesExhausted, ThreadName, Priority, BasePriority, ContextSwitches, WaitBlockCount,
        TimerActive, MutantListHead,
        WaitEntryCount, SuspendCount, KernelApcDisable, SpecialApcDisable, OwnerEntryListHead, DisownedOwnerEntryListHead, IrpList,
    }.Present().Select(part => part.End).Append(Required).Max();

    /// <summary>Looks the fields up.</summary>
    public static ThreadFields? TryResolve(ITypes types)
    {
        TypeField? Tcb(string field) => types.Field("_KTHREAD", field);
        TypeField? Thread(string field) => types.Field("_ETHREAD", field);

        if (Tcb("State") is not { } state || Tcb("WaitReason") is not { } waitReason || Tcb("WaitMode") is not { } waitMode ||
            Tcb("WaitTime") is not { } waitTime || Tcb("WaitBlockList") is not { } waitBlockList || Tcb("Process") is not { } process ||
            Tcb("StackBase") is not { } stackBase || Tcb("StackLimit") is not { } stackLimit ||
            Thread("Cid.UniqueProcess") is not { } uniqueProcess || Thread("Cid.UniqueThread") is not { } uniqueThread ||
            Thread("ThreadListEntry") is not { } threadListEntry || Thread("Terminated") is not { } terminated ||
            Thread("StartAddress") is not { } startAddress || Thread("Win32StartAddress") is not { } win32StartAddress)
        {
            return null;
        }

        return new ThreadFields(
            state, waitReason, waitMode, waitTime, waitBlockList, process, uniqueProcess, uniqueThread, threadListEntry, terminated,
            startAddress, win32StartAddress, stackBase, stackLimit)
        {
            AutoBoostEntriesExhausted = Tcb("AutoBoostEntriesExhausted"),
            ThreadName = Thread("ThreadName"),
            Priority = Tcb("Priority"),
            BasePriority = Tcb("BasePriority"),
            ContextSwitches = Tcb("ContextSwitches"),
            WaitBlockCount = Tcb("WaitBlockCount"),
            TimerActive = Tcb("TimerActive"),
            MutantListHead = Tcb("MutantListHead"),
            WaitEntryCount = Tcb("AbWaitEntryCount"),
            SuspendCount = Tcb("SuspendCount"),
            KernelApcDisable = Tcb("KernelApcDisable"),
            SpecialApcDisable = Tcb("SpecialApcDisable"),
            OwnerEntryListHead = Thread("OwnerEntryListHead"),
            DisownedOwnerEntryListHead = Thread("DisownedOwnerEntryListHead"),
            IrpList = Thread("IrpList"),
        };
    }
}
