using LockLeak.Kernel;
using LockLeak.Target;

namespace LockLeak.Analysis;

/// <summary>One look at the machine: what a command has read so far, so that nothing is read twice.</summary>
public sealed class KernelView
{
    private readonly Dictionary<ulong, KernelThread?> threads = [];
    private readonly Dictionary<ulong, KernelProcess?> processes = [];
    private readonly LockEntryReader? entryReader;
    private readonly ProcessWalker processWalker;
    private readonly ThreadWalker threadWalker;
    private readonly Lazy<KernelClock?> clock;
    private readonly IConsole console;

    /// <summary>Starts with nothing read.</summary>
    public KernelView(ITarget target, KernelLayout layout, IConsole console)
    {
        Target = target;
        Layout = layout;
        this.console = console;
        Memory = new KernelMemory(target);
        entryReader = layout.Entries is { } set ? new LockEntryReader(Memory, set, Notes) : null;
        processWalker = new ProcessWalker(target, Memory, layout.Process, Notes);
        threadWalker = new ThreadWalker(Memory, layout, Notes);
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

    /// <summary>What the user has to know besides the answer.</summary>
    public Notes Notes { get; } = new();

    /// <summary>Says how far the look is.</summary>
    public void Progress(string text) => console.Progress(text);

    /// <summary>All processes, one read each.</summary>
    public IEnumerable<KernelProcess> Processes()
    {
        foreach (KernelProcess process in processWalker.Walk())
        {
            processes[process.Address] = process;
            yield return process;
        }
    }

    /// <summary>The threads of a process, one small read each; the caller decides with <see cref="DeservesALook"/> which to read whole.</summary>
    public IEnumerable<Window> Threads(KernelProcess process) => threadWalker.Walk(process);

    /// <summary>True when a thread may hold or wait for a lock, or has ended.</summary>
    public bool DeservesALook(Window thread) => threadWalker.DeservesALook(thread);

    /// <summary>A process by its address, from memory if need be; null when it cannot be read.</summary>
    public KernelProcess? Process(ulong address)
    {
        if (!processes.TryGetValue(address, out KernelProcess? process))
        {
            process = processWalker.TryRead(address);
            processes[address] = process;
        }

        return process;
    }

    /// <summary>A thread by its address, read whole once; null when it cannot be read.</summary>
    public KernelThread? Thread(ulong address)
    {
        if (!threads.TryGetValue(address, out KernelThread? thread))
        {
            thread = TryRead(address);
            threads[address] = thread;
        }

        return thread;
    }

    /// <summary>A thread as it is at this moment, whatever was read of it before; null when it cannot be read.</summary>
    public KernelThread? ReadAgain(ulong address)
    {
        Memory.Forget();
        return TryRead(address);
    }

    /// <summary>All threads that were read whole.</summary>
    public IEnumerable<KernelThread> KnownThreads => threads.Values.OfType<KernelThread>();

    /// <summary>The thread that a lock entry belongs to by the kernel's own road; null when it cannot be told.</summary>
    public ulong? ThreadOfEntry(ulong entry) => entryReader?.ThreadOf(entry);

    /// <summary>Milliseconds that a thread has waited; null when it does not wait or the clock cannot be read.</summary>
    public long? WaitMilliseconds(KernelThread thread) => thread.IsWaiting ? clock.Value?.MillisecondsSince(thread.WaitTime) : null;

    private KernelThread? TryRead(ulong address) => KernelThread.TryRead(Memory, Layout, entryReader, address, Process);
}
