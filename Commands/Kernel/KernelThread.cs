using LockLeak.Target;

namespace LockLeak.Kernel;

/// <summary>A thread that was worth a whole read.</summary>
internal sealed class KernelThread
{
    /// <summary>_DISPATCHER_HEADER.Type: the first byte of every object that can be waited for.</summary>
    private static readonly TypeField HeaderType = new(0, 1, 0, 0, IsPointer: false);

    private KernelThread(Window window, KernelProcess? process, LockEntries entries)
    {
        Window = window;
        Process = process;
        Entries = entries;
        WaitingEntry = Array.Find(entries.InUse, entry => entry is { Relation: LockRelation.Waits, IsUser: false });
    }

    /// <summary>_ETHREAD.</summary>
    public ThreadAddress Address => new(Window.Structure);

    /// <summary>The whole structure, for what only few readers need.</summary>
    public Window Window { get; }

    /// <summary>The process; null when it cannot be read, as in a small dump.</summary>
    public KernelProcess? Process { get; }

    /// <summary>All lock entries, free ones too; none where the kernel has none or they cannot be read.</summary>
    public LockEntries Entries { get; }

    /// <summary>Those of them that are in use.</summary>
    public LockEntry[] EntriesInUse => Entries.InUse;

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

    /// <summary>Number of wait blocks; 0 on Windows 7, which links them.</summary>
    public uint WaitBlockCount { get; private init; }

    /// <summary>A timer ends the wait if nothing else does.</summary>
    public bool HasTimer { get; private init; }

    /// <summary>How often the thread was suspended and not resumed.</summary>
    public int SuspendCount { get; private init; }

    /// <summary>The thread has mutants on its list.</summary>
    public bool OwnsMutants { get; private init; }

    /// <summary>The thread has owner entries of fast resources on one of its two lists.</summary>
    public bool HasOwnerEntries { get; private init; }

    /// <summary>Negative while normal kernel APCs are disabled.</summary>
    public short KernelApcDisable { get; private init; }

    /// <summary>Negative while all APCs are disabled.</summary>
    public short SpecialApcDisable { get; private init; }

    /// <summary>The thread has ended or is past the point of no return.</summary>
    public bool IsTerminated { get; private init; }

    /// <summary>
    /// The thread once ran out of lock entries. The kernel does not take this back, and most threads have it: in two real dumps
    /// of 19041 it is set in a system worker and in a program's thread, all of whose entries are free, and so it is in the one
    /// thread of 24H2 of which a public <c>dt nt!_KTHREAD</c> shows the flags.
    /// </summary>
    public bool IsExhausted { get; private init; }

    /// <summary>The thread ran out of lock entries and has none to spare now: it may hold locks that no entry names.</summary>
    public bool IsOutOfEntries =>
        IsExhausted && EntriesInUse.Any(entry => !entry.IsUser) && Entries.All().All(entry => entry.IsUser || entry.IsInUse);

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

    /// <summary>True once the thread is in state Terminated: it will never run again, and releases nothing more.</summary>
    /// <remarks>
    /// CrossThreadFlags.Terminated alone is no proof: it is set at the start of the way out, on which the kernel still takes and
    /// releases locks. Two real dumps of 26100 show such threads: Terminated, State Running, an entry acquired.
    /// </remarks>
    public bool HasEnded => State == ThreadStates.Terminated;

    /// <summary>True while the thread waits for an object, whatever it is.</summary>
    public bool IsWaiting => State == ThreadStates.Waiting;

    /// <summary>True while the thread waits for another thread to release a lock.</summary>
    public bool WaitsForLock => IsWaiting && WaitReasons.IsLock(WaitReason);

    /// <summary>The entry of the lock that the thread waits for; null when none says so.</summary>
    public LockEntry? WaitingEntry { get; }

    /// <summary>The entry at an address; null when it is none of the thread's.</summary>
    public LockEntry? EntryAt(EntryAddress address) => Entries.At(address);

    /// <summary>The entry in use that names a lock; null when none does.</summary>
    /// <param name="address">The lock.</param>
    /// <param name="relation">What the entry has to say of it; null for whatever it says.</param>
    public LockEntry? EntryOf(LockAddress address, LockRelation? relation = null)
    {
        foreach (LockEntry entry in EntriesInUse)
        {
            if (entry.NamesALock && entry.Lock == address && (relation is null || entry.Relation == relation))
            {
                return entry;
            }
        }

        return null;
    }

    /// <summary>True when an address lies on the thread's kernel stack.</summary>
    public bool IsOnStack(ulong address) => address >= StackLimit && address < StackBase;

    /// <summary>Reads a thread whole, once the memory has proved to be one.</summary>
    /// <param name="memory">The target's memory.</param>
    /// <param name="layout">Where the fields lie.</param>
    /// <param name="entryReader">Reads the lock entries; null where the kernel has none.</param>
    /// <param name="address">_ETHREAD.</param>
    /// <param name="processes">Finds the process.</param>
    /// <returns>Null when it cannot be read or is no thread.</returns>
    public static KernelThread? TryRead(
        KernelMemory memory, KernelLayout layout, LockEntryReader? entryReader, ThreadAddress address, IProcesses processes)
    {
        ThreadFields fields = layout.Thread;
        if (memory.TryReadWindow(address.Value, 0, layout.ThreadSize, atLeast: fields.Required) is not { } window ||
            !IsThread(memory, fields, window))
        {
            return null;
        }

        var processAddress = new ProcessAddress(memory.Canonical(window.Value(fields.Process)));
        KernelProcess? process = processes.Process(processAddress);
        if (process is null && !processes.IsLeftOut(processAddress))
        {
            // Something is there, and it is no process.
            return null;
        }

        byte state = (byte)window.Value(fields.State);
        ulong win32Start = memory.Canonical(window.Value(fields.Win32StartAddress));
        return new KernelThread(window, process, entryReader?.Read(window) ?? LockEntries.None)
        {
            UniqueProcess = window.Value(fields.UniqueProcess),
            UniqueThread = window.Value(fields.UniqueThread),
            State = state,
            WaitReason = (byte)window.Value(fields.WaitReason),
            WaitsInUserMode = window.Value(fields.WaitMode) != 0,
            WaitTime = (uint)window.Value(fields.WaitTime),
            WaitBlockList = memory.Canonical(window.Value(fields.WaitBlockList)),
            WaitBlockCount = (uint)window.Value(fields.WaitBlockCount),
            HasTimer = window.IsSet(fields.TimerActive),
            IsTerminated = window.IsSet(fields.Terminated) || state == ThreadStates.Terminated,
            IsExhausted = window.IsSet(fields.AutoBoostEntriesExhausted),
            SuspendCount = (int)window.Value(fields.SuspendCount),
            OwnsMutants = HasAny(memory, window, fields.MutantListHead),
            HasOwnerEntries = HasAny(memory, window, fields.OwnerEntryListHead) ||
                HasAny(memory, window, fields.DisownedOwnerEntryListHead),
            KernelApcDisable = (short)window.Value(fields.KernelApcDisable),
            SpecialApcDisable = (short)window.Value(fields.SpecialApcDisable),
            StackBase = window.Value(fields.StackBase),
            StackLimit = window.Value(fields.StackLimit),
            StartAddress = win32Start != 0 ? win32Start : memory.Canonical(window.Value(fields.StartAddress)),
            Name = TargetText.ReadUnicodeString(memory, memory.Canonical(window.Value(fields.ThreadName))),
            Priority = (sbyte)window.Value(fields.Priority),
            BasePriority = (sbyte)window.Value(fields.BasePriority),
            ContextSwitches = (uint)window.Value(fields.ContextSwitches),
        };
    }

    /// <summary>True for a list that does not lead back to its head at once; its memory is not 0 either.</summary>
    private static bool HasAny(KernelMemory memory, Window window, TypeField? listHead) =>
        listHead is { } head && memory.Canonical(window.Link(head)) is var first and not 0 &&
        first != window.Structure + (ulong)head.Offset;

    /// <summary>
    /// A dispatcher header of a thread, a state of _KTHREAD_STATE, a process in kernel memory, and a kernel stack, which an
    /// ended thread may have given back (its header and its state stay until its last reference goes).
    /// </summary>
    private static bool IsThread(KernelMemory memory, ThreadFields fields, Window window)
    {
        ulong state = window.Value(fields.State), stackBase = window.Value(fields.StackBase);
        return ObjectTypes.Of(window.Value(HeaderType)) == ObjectTypes.Thread && state <= ThreadStates.Last &&
            KernelMemory.IsKernelAddress(memory.Canonical(window.Value(fields.Process))) &&
            (state == ThreadStates.Terminated || (KernelMemory.IsKernelAddress(stackBase) && window.Value(fields.StackLimit) < stackBase));
    }
}
