namespace LockLeak.Kernel;

/// <summary>One object that a thread waits for.</summary>
/// <param name="Object">The dispatcher object: an event, a mutant, a thread ...</param>
/// <param name="IsEnough">True when this object alone ends the wait (WaitAny), false when all of them must come (WaitAll).</param>
internal readonly record struct WaitBlock(ulong Object, bool IsEnough);

/// <summary>Reads the _KWAIT_BLOCKs of a thread that waits.</summary>
/// <remarks>
/// Windows 7 links them through NextWaitBlock into a ring; from Windows 8 on they are an array of
/// _KTHREAD.WaitBlockCount elements (symbol files of 7601 to 26100). They lie in the thread, or outside it when there are
/// more than its own four (KeWaitForMultipleObjects, WaitBlockArray:
/// https://learn.microsoft.com/windows-hardware/drivers/ddi/wdm/nf-wdm-kewaitformultipleobjects).
/// </remarks>
/// <param name="memory">The target's memory.</param>
/// <param name="layout">Where the fields lie.</param>
internal sealed class WaitBlockReader(KernelMemory memory, KernelLayout layout)
{
    /// <summary>MAXIMUM_WAIT_OBJECTS (wdm.h), and one for the timer of Windows 7.</summary>
    private const int Most = 65;

    /// <summary>_KWAIT_BLOCK.WaitType: WaitAny (_WAIT_TYPE).</summary>
    private const ulong WaitAny = 1;

    /// <summary>The objects of a thread's wait.</summary>
    /// <returns>Empty when it does not wait, or its blocks cannot be read or are not its own.</returns>
    public IReadOnlyList<WaitBlock> Read(KernelThread thread)
    {
        LockFields fields = layout.Locks;
        if (!thread.IsWaiting || thread.WaitBlockList == 0 ||
            fields is not { WaitBlockObject: { } theObject, WaitBlockThread: { } owner, WaitBlockSize: > 0 and var size })
        {
            return [];
        }

        int count = fields.NextWaitBlock is not null ? Most : Math.Clamp((int)thread.WaitBlockCount, 1, Most);
        var blocks = new List<WaitBlock>(capacity: fields.NextWaitBlock is null ? count : 1);
        ulong address = thread.WaitBlockList;
        do
        {
            // The usual blocks lie inside the thread, which has been read whole.
            ulong inside = address - thread.Address.Value;
            bool isInside = inside + (ulong)size <= (ulong)thread.Window.Length;
            int at = isInside ? (int)inside : 0;
            if ((isInside ? thread.Window : memory.TryReadWindow(address, 0, size)) is not { } window ||
                memory.Canonical(window.Value(owner, at)) != thread.Address.Value)
            {
                return [];
            }

            ulong waitObject = memory.Canonical(window.Value(theObject, at));
            if (KernelMemory.IsKernelAddress(waitObject))
            {
                blocks.Add(new WaitBlock(waitObject, window.Value(fields.WaitType, at) == WaitAny));
            }

            address = fields.NextWaitBlock is { } next ? memory.Canonical(window.Value(next, at)) : address + (ulong)size;
        }
        while (--count > 0 && address != thread.WaitBlockList && address != 0);

        return blocks;
    }
}
