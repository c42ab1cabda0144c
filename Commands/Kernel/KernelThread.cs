namespace LockLeak.Kernel;

/// <summary>A thread that was worth a whole read.</summary>
public sealed class KernelThread
{
    private KernelThread(Window window, KernelProcess? process, IReadOnlyList<LockEntry> entries)
    {
        Window = window;
        Process = process;
        Entries = entries;
    }

    /// <summary>_ETHREAD.</summary>
    public ulong Address => Window.Structure;

    /// <summary>The whole structure, for what only few readers need.</summary>
    public Window Window { get; }

    /// <summary>The process; null when it cannot be read.</summary>
    public KernelProcess? Process { get; }

    /// <summary>All lock entries, free ones too; empty where the kernel has none or they cannot be read.</summary>
    public IReadOnlyList<LockEntry> Entries { get; }

    /// <summary>Process ID out of the Cid.</summary>
    public ulong UniqueProcess { get; private init; }

    /// <summary>Thread ID out of the Cid.</summary>
    public ulong UniqueThread { get; private init; }

    /// <summary>_KTHREAD_STATE.</summary>
    public byte State { get; private init; }

    /// <summary>_KWAIT_REASON of the current or last wait.</summary>
    public byte WaitReason { get; private init; }

    /// <summary>True while the thread waits on behalf of user mode.</summary>
    public bool WaitsInUserMode { get; private init; }

    /// <summary>Tick count at the start of the wait.</summary>
    public uint WaitTime { get; private init; }

    /// <summary>First _KWAIT_BLOCK of the current wait.</summary>
    public ulong WaitBlockList { get; private init; }

    /// <summary>The thread has ended.</summary>
    public bool IsTerminated { get; private init; }

    /// <summary>
    /// The thread once ran out of lock entries. The kernel does not take this back, and most threads have it: in two real dumps
    /// of 19041 it is set in a system worker and in a program's thread, all of whose entries are free, and so it is in the one
    /// thread of 24H2 of which a public <c>dt nt!_KTHREAD</c> shows the flags.
    /// </summary>
    public bool IsExhausted { get; private init; }

    /// <summary>The thread ran out of lock entries and has none to spare now: it may hold locks that no entry names.</summary>
    public bool IsOutOfEntries => IsExhausted && Entries.Any(entry => !entry.IsUser) && Entries.All(entry => entry.IsUser || entry.IsInUse);

    /// <summary>One past the highest byte of the kernel stack.</summary>
    public ulong StackBase { get; private init; }

    /// <summary>Lowest byte of the kernel stack.</summary>
    public ulong StackLimit { get; private init; }

    /// <summary>Start routine: the creator's where there is one, else the kernel's.</summary>
    public ulong StartAddress { get; private init; }

    /// <summary>The thread's description; null without one.</summary>
    public string? Name { get; private init; }

    /// <summary>Current priority, 0 to 31.</summary>
    public int Priority { get; private init; }

    /// <summary>Base priority, 0 to 31.</summary>
    public int BasePriority { get; private init; }

    /// <summary>Number of context switches.</summary>
    public uint ContextSwitches { get; private init; }

    /// <summary>True while the thread waits for an object, whatever it is.</summary>
    public bool IsWaiting => State == ThreadStates.Waiting;

    /// <summary>True while the thread waits for another thread to release a lock.</summary>
    public bool WaitsForLock => IsWaiting && WaitReasons.IsLock(WaitReason);

    /// <summary>The entry of the lock that the thread waits for; null when none says so.</summary>
    public LockEntry? WaitingEntry => Entries.FirstOrDefault(entry => entry.Relation == LockRelation.Waits && !entry.IsUser);

    /// <summary>
    /// False for memory that is no thread. Every thread has a kernel stack and a process in kernel memory, and a state
    /// of _KTHREAD_STATE.
    /// </summary>
    public bool LooksSane =>
        KernelMemory.IsKernelAddress(StackBase) && StackLimit < StackBase && Process is not null && State <= ThreadStates.Last;

    /// <summary>True when an address lies on the thread's kernel stack.</summary>
    public bool IsOnStack(ulong address) => address >= StackLimit && address < StackBase;

    /// <summary>Reads a thread whole.</summary>
    /// <param name="memory">The target's memory.</param>
    /// <param name="layout">Where the fields lie.</param>
    /// <param name="entryReader">Reads the lock entries; null where the kernel has none.</param>
    /// <param name="address">_ETHREAD.</param>
    /// <param name="processOf">Finds a process by its address.</param>
    /// <returns>Null when it cannot be read.</returns>
    public static KernelThread? TryRead(
        KernelMemory memory, KernelLayout layout, LockEntryReader? entryReader, ulong address, Func<ulong, KernelProcess?> processOf)
    {
        ThreadFields fields = layout.Thread;
        if (memory.TryReadWindow(address, 0, fields.Size) is not { } window)
        {
            return null;
        }

        byte state = (byte)window.Value(fields.State);
        ulong win32Start = memory.Canonical(window.Value(fields.Win32StartAddress));
        return new KernelThread(window, processOf(memory.Canonical(window.Value(fields.Process))), entryReader?.Read(window) ?? [])
        {
            UniqueProcess = window.Value(fields.UniqueProcess),
            UniqueThread = window.Value(fields.UniqueThread),
            State = state,
            WaitReason = (byte)window.Value(fields.WaitReason),
            WaitsInUserMode = window.Value(fields.WaitMode) != 0,
            WaitTime = (uint)window.Value(fields.WaitTime),
            WaitBlockList = memory.Canonical(window.Value(fields.WaitBlockList)),
            IsTerminated = window.IsSet(fields.Terminated) || state == ThreadStates.Terminated,
            IsExhausted = window.IsSet(fields.AutoBoostEntriesExhausted),
            StackBase = window.Value(fields.StackBase),
            StackLimit = window.Value(fields.StackLimit),
            StartAddress = win32Start != 0 ? win32Start : memory.Canonical(window.Value(fields.StartAddress)),
            Name = TargetText.ReadUnicodeString(memory, memory.Canonical(window.Value(fields.ThreadName))),
            Priority = (sbyte)window.Value(fields.Priority),
            BasePriority = (sbyte)window.Value(fields.BasePriority),
            ContextSwitches = (uint)window.Value(fields.ContextSwitches),
        };
    }
}
