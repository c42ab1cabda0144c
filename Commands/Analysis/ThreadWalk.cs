using LockLeak.Kernel;
using LockLeak.Target;

namespace LockLeak.Analysis;

/// <summary>What the walk over the threads of one process came to, to be compared with what the kernel says of them elsewhere.</summary>
/// <param name="view">The machine.</param>
/// <param name="process">The process.</param>
internal sealed class ThreadWalk(KernelView view, KernelProcess process)
{
    private readonly TypeField links = view.Layout.Thread.ThreadListEntry;
    private readonly List<ThreadAddress> ending = [], misled = [], unread = [];
    private ulong previous = process.ThreadListHead;
    private ulong next = process.FirstThread;

    /// <summary>The process.</summary>
    public KernelProcess Process => process;

    /// <summary>Number of threads on its list.</summary>
    public int Threads { get; private set; }

    /// <summary>True when the walk ended at memory that cannot be read or that it had seen before, so that the number of threads is not known.</summary>
    public bool IsCutShort => next != process.ThreadListHead && KernelMemory.IsKernelAddress(next);

    /// <summary>Threads that have ended or are on their way out.</summary>
    public IReadOnlyList<ThreadAddress> Ending => ending;

    /// <summary>Threads whose link back does not lead to where the walk came from.</summary>
    public IReadOnlyList<ThreadAddress> Misled => misled;

    /// <summary>Threads that were to be read whole and are none, or cannot be read.</summary>
    public IReadOnlyList<ThreadAddress> Unread => unread;

    /// <summary>Takes a thread in, in the order of the list.</summary>
    /// <param name="thread">The part of it that the first look reads.</param>
    public void Add(Window thread)
    {
        var address = new ThreadAddress(thread.Structure);
        Threads++;
        if (thread.IsSet(view.Layout.Thread.Terminated))
        {
            ending.Add(address);
        }

        if (view.Memory.Canonical(thread.Value(ListEntry.Blink, links.Offset)) != previous)
        {
            misled.Add(address);
        }

        previous = thread.Structure + (ulong)links.Offset;
        next = view.Memory.Canonical(thread.Value(ListEntry.Flink, links.Offset));
    }

    /// <summary>Takes in that a thread could not be read whole.</summary>
    public void AddUnread(ThreadAddress thread) => unread.Add(thread);
}
