using LockLeak.Kernel;
using LockLeak.Target;

namespace LockLeak.Locks;

/// <summary>
/// An owner entry of a fast resource: a thread's part in it, on the thread's list and in version 1 on the resource's too.
/// </summary>
/// <param name="Thread">The thread.</param>
/// <param name="Resource">The resource.</param>
/// <param name="Waits">The thread has put it there before it waits, and owns nothing yet.</param>
/// <param name="IsDisowned">Another thread will release the resource.</param>
internal readonly record struct FastOwnerEntry(ThreadAddress Thread, LockAddress Resource, bool Waits, bool IsDisowned)
{
    /// <summary>More entries than a list has; ends one that was overwritten.</summary>
    private const int Limit = 4096;

    private const int Size = 0x40;

    /// <summary>From the resource of version 2 to the entry inside it.</summary>
    private const ulong Inline = 0x40;

    /// <summary>Version 1: from an entry to its link in the resource's list.</summary>
    private const ulong Link1 = 0x38;

    // Version 1: { list of the thread; handle, flags, listed, waits (a byte each); resource; thread; ...; list of the resource }.
    private static readonly TypeField Waits1 = Byte(0x13), Resource1 = Quad(0x18), Thread1 = Quad(0x20);

    // Version 2: { list of the thread; thread, bit 0 disowned; resource; count; handle, flags }.
    private static readonly TypeField Thread2 = Quad(0x10), Resource2 = Quad(0x18), Flags2 = Byte(0x25);

    private const ulong IsInline = 2, Waits2 = 4;

    /// <summary>The entries on both lists of a thread: those that it owns, and those that it disowned.</summary>
    public static IEnumerable<FastOwnerEntry> OfThread(LockMemory memory, KernelThread thread)
    {
        ThreadFields fields = memory.View.Layout.Thread;
        foreach (TypeField? list in new[] { fields.OwnerEntryListHead, fields.DisownedOwnerEntryListHead })
        {
            if (list is not { } head || memory.Memory.Canonical(thread.Window.Link(head)) is var first &&
                first == 0)
            {
                continue;
            }

            bool isDisowned = list == fields.DisownedOwnerEntryListHead;
            foreach (ulong link in Walk(memory, thread.Address.Value + (ulong)head.Offset, first, $"thread {thread.Address}"))
            {
                if (TryRead(memory, link, thread.Address) is { } entry)
                {
                    yield return entry with { IsDisowned = entry.IsDisowned || isDisowned };
                }
            }
        }
    }

    /// <summary>The entries on the list of a resource of version 1.</summary>
    public static IEnumerable<FastOwnerEntry> OfResource(LockMemory memory, LockNode node, ulong listOffset)
    {
        ulong head = node.Address.Value + listOffset;
        if (!memory.Memory.TryReadPointer(head, out ulong first))
        {
            yield break;
        }

        foreach (ulong link in Walk(memory, head, first, $"{node.Kind} {node.Address}"))
        {
            if (memory.Memory.TryReadWindow(link - Link1, 0, Size) is { } window &&
                memory.Memory.Canonical(window.Value(Resource1)) == node.Address.Value)
            {
                yield return new FastOwnerEntry(new ThreadAddress(memory.Memory.Canonical(window.Value(Thread1))), node.Address,
                    window.IsSet(Waits1), IsDisowned: false);
            }
        }
    }

    private static FastOwnerEntry? TryRead(LockMemory memory, ulong address, ThreadAddress thread)
    {
        if (memory.Memory.TryReadWindow(address, 0, Size, atLeast: Flags2.Offset + 1) is not { } window)
        {
            return null;
        }

        if (memory.Memory.Canonical(window.Value(Thread1)) == thread.Value)
        {
            return new FastOwnerEntry(thread, new LockAddress(memory.Memory.Canonical(window.Value(Resource1))), window.IsSet(Waits1),
                IsDisowned: false);
        }

        ulong owner = memory.Memory.Canonical(window.Value(Thread2)), flags = window.Value(Flags2);
        ulong resource = (flags & IsInline) != 0 ? address - Inline : memory.Memory.Canonical(window.Value(Resource2));
        return (owner & ~1UL) == thread.Value
            ? new FastOwnerEntry(thread, new LockAddress(resource), (flags & Waits2) != 0, (owner & 1) != 0) : null;
    }

    private static IEnumerable<ulong> Walk(LockMemory memory, ulong head, ulong first, string whose)
    {
        var seen = new HashSet<ulong>();
        for (ulong link = first; link != head;)
        {
            if (seen.Count == Limit || !seen.Add(link) || !memory.Memory.TryReadPointer(link, out ulong next))
            {
                memory.Notes.Add($"The list of owner entries of {whose} breaks after {seen.Count} at {Address.Text(link)}.");
                yield break;
            }

            yield return link;
            link = next;
        }
    }

    private static TypeField Quad(int offset) => new(offset, 8, 0, 0, IsPointer: true);

    private static TypeField Byte(int offset) => new(offset, 1, 0, 0, IsPointer: false);
}
