using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace LockLeak.Kernel;

/// <summary>What the walk over the threads of one process came to, to be compared with what the kernel says of them elsewhere.</summary>
/// <param name="process">The process.</param>
/// <param name="seen">Gets each thread; one list serves the walks over many processes, one after the other.</param>
internal sealed class ThreadWalk(KernelProcess process, List<ThreadAddress> seen)
{
    private readonly int first = seen.Count;

    // Most processes have none of these.
    private List<ThreadAddress>? ending, misled, unread;

    /// <summary>The process.</summary>
    public KernelProcess Process => process;

    /// <summary>Number of threads on its list.</summary>
    public int Threads { get; private set; }

    /// <summary>Where the list goes on: its head once the walk is at its end.</summary>
    public ulong Next { get; private set; } = process.FirstThread;

    /// <summary>Where it came from: the head of the list at first.</summary>
    public ulong Before { get; private set; } = process.ThreadListHead;

    /// <summary>The threads that it came to.</summary>
    public ReadOnlySpan<ThreadAddress> Addresses => CollectionsMarshal.AsSpan(seen).Slice(first, Threads);

    /// <summary>
    /// True when the walk ended at memory that cannot be read or that it had seen before, so that the number of threads is not known.
    /// </summary>
    public bool IsCutShort => Next != process.ThreadListHead && KernelMemory.IsKernelAddress(Next);

    /// <summary>Threads that have ended or are on their way out.</summary>
    public IReadOnlyList<ThreadAddress> Ending => ending ?? [];

    /// <summary>Threads whose link back does not lead to where the walk came from.</summary>
    public IReadOnlyList<ThreadAddress> Misled => misled ?? [];

    /// <summary>Threads that were to be read whole and are none, or cannot be read.</summary>
    public IReadOnlyList<ThreadAddress> Unread => unread ?? [];

    /// <summary>Takes a thread in, in the order of the list.</summary>
    /// <param name="thread">_ETHREAD.</param>
    /// <param name="next">Where its link leads.</param>
    /// <param name="isMisled">True when its link back leads elsewhere than to the one before it.</param>
    /// <param name="isEnding">True when it has ended or is on its way out.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)] // for each thread of a machine; built for size, it would be a call
    public void Add(ThreadAddress thread, ulong next, bool isMisled, bool isEnding)
    {
        Threads++;
        seen.Add(thread);
        (Before, Next) = (Next, next);
        if (isMisled)
        {
            (misled ??= []).Add(thread);
        }

        if (isEnding)
        {
            (ending ??= []).Add(thread);
        }
    }

    /// <summary>Takes in that a thread could not be read whole.</summary>
    public void AddUnread(ThreadAddress thread) => (unread ??= []).Add(thread);
}
