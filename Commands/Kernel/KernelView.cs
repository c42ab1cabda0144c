using System.Runtime.CompilerServices;
using LockLeak.Target;

namespace LockLeak.Kernel;

/// <summary>One look at the machine: what a command has read so far, so that nothing is read twice.</summary>
internal sealed class KernelView : IProcesses, IAudience
{
    private readonly Dictionary<ThreadAddress, KernelThread?> threads = [];
    private readonly Dictionary<ProcessAddress, KernelProcess?> processes = [];
    private readonly Dictionary<ProcessAddress, KernelProcess> walked = [];
    private readonly SortedSet<(ulong Limit, ThreadAddress Thread)> stacks = new(Comparer<(ulong Limit, ThreadAddress Thread)>.Create(
        (a, b) => (a.Limit, a.Thread.Value).CompareTo((b.Limit, b.Thread.Value))));
    private readonly List<KernelThread> unsorted = [];
    private readonly LockEntryReader? entryReader;
    private readonly ProcessWalker processWalker;
    private readonly ThreadWalker threadWalker;
    private readonly WaitBlockReader waitBlocks;
    private readonly Lazy<KernelClock?> clock;
    private readonly IConsole console;
    private IReadOnlyList<KernelThread>? knownThreads;

    /// <summary>Starts with nothing read.</summary>
    /// <param name="target">The machine under the debugger.</param>
    /// <param name="layout">Where its fields lie.</param>
    /// <param name="console">The user's.</param>
    /// <param name="phases">Where the time goes of the command that looks; null when nobody asks.</param>
    public KernelView(ITarget target, KernelLayout layout, IConsole console, Phases? phases = null)
    {
        Phases = phases ?? new Phases(isMeasured: false);
        Target = target;
        Layout = layout;
        this.console = console;
        Memory = new KernelMemory(target);
        entryReader = layout.Entries is { } set ? new LockEntryReader(Memory, set, Notes) : null;
        processWalker = new ProcessWalker(target, Memory, layout.Process, Notes);
        threadWalker = new ThreadWalker(Memory, layout, Notes);
        waitBlocks = new WaitBlockReader(Memory, layout);
        clock = new Lazy<KernelClock?>(() => KernelClock.TryRead(Memory));
    }

    /// <summary>The machine under the debugger.</summary>
    public ITarget Target { get; }

    /// <summary>Where its fields lie.</summary>
    public KernelLayout Layout { get; }

    /// <summary>Its memory, counted.</summary>
    public KernelMemory Memory { get; }

    /// <summary>True once the user has asked to stop: what is there is shown, and nothing more is looked for.</summary>
    public bool IsInterrupted => console.IsInterrupted;

    /// <summary>Where the time goes.</summary>
    public Phases Phases { get; }

    /// <summary>What the user has to know besides the answer.</summary>
    public Notes Notes { get; } = new();

    /// <inheritdoc/>
    public bool WantsProgress => console.WantsProgress;

    /// <summary>Says how far the look is.</summary>
    internal void Progress([InterpolatedStringHandlerArgument("")] ref WantedText line)
    {
        if (line.IsWanted)
        {
            console.Progress(line.Text());
        }
    }

    /// <summary>All processes, one read each.</summary>
    public IEnumerable<KernelProcess> Processes()
    {
        foreach (KernelProcess process in processWalker.Walk())
        {
            walked[process.Address] = process;
            yield return process;
        }
    }

    /// <summary>
    /// The next thread of a process, one small read; the caller decides with <see cref="DeservesALook"/> whether to read it whole.
    /// </summary>
    /// <param name="walk">The process, and how far the walk is; takes in what it comes to.</param>
    /// <param name="thread">The part that was read, until the next one.</param>
    /// <returns>False after the last one.</returns>
    internal bool TryNextThread(ThreadWalk walk, out Window thread) => threadWalker.TryNext(walk, out thread);

    /// <summary>True when a thread may hold or wait for a lock, or has ended.</summary>
    internal bool DeservesALook(in Window thread) => threadWalker.DeservesALook(in thread);

    /// <summary>Keeps what was looked at of a thread, before it is read whole and the next one is looked at.</summary>
    internal void KeepLook(in Window thread) => threadWalker.Keep(in thread);

    /// <summary>A process by its address; null when it cannot be read or no process is there.</summary>
    public KernelProcess? Process(ProcessAddress address)
    {
        if (!processes.TryGetValue(address, out KernelProcess? process))
        {
            process = walked.TryGetValue(address, out KernelProcess? seen) && processWalker.IsProcess(address)
                ? seen : processWalker.TryRead(address);
            processes[address] = process;
        }

        return process;
    }

    /// <inheritdoc/>
    public bool IsLeftOut(ProcessAddress address) =>
        !Memory.TryReadUInt64(address.Value, out ulong header) || (header == 0 && Target.Facts.IsTriageDump);

    /// <summary>A thread by its address, read whole once; null when it cannot be read or no thread is there.</summary>
    public KernelThread? Thread(ThreadAddress address)
    {
        if (!threads.TryGetValue(address, out KernelThread? thread))
        {
            thread = TryRead(address);
            threads[address] = thread;
            if (thread is not null)
            {
                unsorted.Add(thread);
                knownThreads = null;
            }
        }

        return thread;
    }

    /// <summary>The known thread on whose kernel stack an address lies; null when it is on none of them.</summary>
    public KernelThread? ThreadOfStack(ulong address)
    {
        // Hardly anybody asks, and to sort thousands of them is dear.
        unsorted.ForEach(thread => stacks.Add((thread.StackLimit, thread.Address)));
        unsorted.Clear();
        (_, ThreadAddress nearest) = stacks.GetViewBetween(default, (address, new ThreadAddress(ulong.MaxValue))).Max;
        return nearest.Value != 0 && Thread(nearest) is { } thread && thread.IsOnStack(address) ? thread : null;
    }

    /// <summary>All threads that have been read whole by now; later ones do not come into it.</summary>
    public IReadOnlyList<KernelThread> KnownThreads() => knownThreads ??= [.. threads.Values.Present()];

    /// <summary>The thread that a lock entry belongs to by the kernel's own way of finding it; null when it cannot be told.</summary>
    public ThreadAddress? ThreadOfEntry(EntryAddress entry) => entryReader?.ThreadOf(entry);

    /// <summary>The objects that a thread waits for; empty when it does not wait or that cannot be told.</summary>
    public IReadOnlyList<WaitBlock> WaitBlocks(KernelThread thread) => waitBlocks.Read(thread);

    /// <summary>The machine's time; null when it cannot be read.</summary>
    public KernelClock? Clock => clock.Value;

    /// <summary>Milliseconds that a thread has waited; null when it does not wait or the clock cannot be read.</summary>
    public long? WaitMilliseconds(KernelThread thread) => thread.IsWaiting ? clock.Value?.MillisecondsSince(thread.WaitTime) : null;

    private KernelThread? TryRead(ThreadAddress address) => KernelThread.TryRead(Memory, Layout, entryReader, address, this);
}
