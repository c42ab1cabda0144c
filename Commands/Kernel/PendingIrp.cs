using LockLeak.Target;

namespace LockLeak.Kernel;

/// <summary>An I/O request that a thread has sent and that is not complete yet.</summary>
/// <param name="Address">_IRP.</param>
/// <param name="Function">IRP_MJ_* of the driver that has it; null when it is with no driver.</param>
/// <param name="Device">The device that has it; 0 when it is with no driver.</param>
/// <param name="File">The file that it is for; 0 without one.</param>
/// <param name="Event">The event that its end sets; 0 when that is the file's.</param>
internal sealed record PendingIrp(ulong Address, byte? Function, ulong Device, ulong File, ulong Event)
{
    /// <summary>IRP and IO_STACK_LOCATION on 64-bit systems (wdm.h).</summary>
    private const int Size = 0xD0, LocationSize = 0x48;

    /// <summary>IO_TYPE_IRP (wdm.h).</summary>
    private const ulong TypeIrp = 6;

    /// <summary>More requests than a thread has under way when it waits for one; a damaged list ends here.</summary>
    private const int Most = 64;

    /// <summary>FILE_OBJECT.Event (wdm.h), which the end of a request without an event of its own sets.</summary>
    private const ulong FileEvent = 0x98;

    private static readonly TypeField Type = new(0, 2, 0, 0, false), WholeSize = new(2, 2, 0, 0, false), Links = new(0x20, 8, 0, 0, true),
    StackCount = new(0x42, 1, 0, 0, false),
        CurrentLocation = new(0x43, 1, 0, 0, false), UserEvent = new(0x50, 8, 0, 0, true), Thread = new(0x98, 8, 0, 0, true),
        CurrentStackLocation = new(0xB8, 8, 0, 0, true);

    private static readonly TypeField MajorFunction = new(0, 1, 0, 0, false), LocationDevice = new(0x28, 8, 0, 0, true),
    LocationFile = new(0x30, 8, 0, 0, true);

    /// <summary>The requests of a thread, newest first.</summary>
    /// <remarks>
    /// IopQueueThreadIrp puts each at the head of _ETHREAD.IrpList; IopAllocateIrpPrivate says where its stack locations lie
    /// (https://github.com/nohuto/decompiled-pseudocode, 11-24H2/ntoskrnl). That a request points back to the thread, and its current
    /// location follows from its number, is what other memory has not by chance.
    /// </remarks>
    public static IReadOnlyList<PendingIrp> Of(KernelView view, KernelThread thread)
    {
        var requests = new List<PendingIrp>();
        if (view.Layout.Thread.IrpList is not { } list)
        {
            return requests;
        }

        ulong head = thread.Address.Value + (ulong)list.Offset;
        ulong link = view.Memory.Canonical(thread.Window.Link(list));
        var seen = new HashSet<ulong> { head };
        while (requests.Count < Most && seen.Add(link))
        {
            ulong address = link - (ulong)Links.Offset;
            if (view.Memory.TryReadWindow(address, 0, Size) is not { } window || !IsIrpOf(view.Memory, window, thread))
            {
                view.Notes.Add($"An I/O request of thread {thread.Address} cannot be read at {Kernel.Address.Text(address)}: it is " +
                    "gone, paged out or not in the dump.");
                break;
            }

            requests.Add(Read(view.Memory, window));
            link = view.Memory.Canonical(window.Value(Links));
        }

        return requests;
    }

    /// <summary>True for an object that a thread waits for until this request is complete.</summary>
    public bool Ends(ulong waitObject) =>
        waitObject != 0 && (Event != 0 ? waitObject == Event : File != 0 && waitObject == File + FileEvent);

    private static bool IsIrpOf(KernelMemory memory, Window window, KernelThread thread)
    {
        ulong count = window.Value(StackCount), current = window.Value(CurrentLocation);
        return window.Value(Type) == TypeIrp && window.Value(WholeSize) >= Size + count * LocationSize &&
            memory.Canonical(window.Value(Thread)) == thread.Address.Value &&
            current >= 1 && current <= count + 1 &&
                memory.Canonical(window.Value(CurrentStackLocation)) == window.Structure + Size + (current - 1) * LocationSize;
    }

    private static PendingIrp Read(KernelMemory memory, Window window)
    {
        // Bit 0 of the event is a flag of the I/O manager's (IopSynchronousServiceTail).
        ulong @event = memory.Canonical(window.Value(UserEvent)) & ~1UL;
        return window.Value(CurrentLocation) <= window.Value(StackCount) &&
            memory.TryReadWindow(memory.Canonical(window.Value(CurrentStackLocation)), 0, LocationSize) is { } location
            ? new PendingIrp(
                window.Structure, (byte)location.Value(MajorFunction), memory.Canonical(location.Value(LocationDevice)),
                memory.Canonical(location.Value(LocationFile)), @event)
            : new PendingIrp(window.Structure, null, 0, 0, @event);
    }
}
