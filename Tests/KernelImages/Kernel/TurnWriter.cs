using KernelImages.Scenarios;

namespace KernelImages.Kernel;

/// <summary>
/// What a thread has its turn at and others stand in line for, each with an event or a gate on its own stack: creating a section,
/// writing a hive, writing behind the end of a file. None of them is a lock of its own type.
/// </summary>
/// <remarks>
/// Read from nohuto/decompiled-pseudocode, ntoskrnl of 22631.4169. MiReferenceControlArea: the file's pointer to the control area is
/// what lock entries name, also while the control area is being deleted and nobody has an entry that owns it; flags + 0x38, list of
/// waiters {next, 1, KGATE} + 0x50, wait reason WrVirtualMemory (18). CmpAcquireWriteQueue, CmpWaitOnHiveWriteQueue: {thread, list of
/// waiters {KEVENT, status, next}}, wait reason Executive. FsRtlpWaitForIoAtEof: {thread, LIST_ENTRY of waiters {LIST_ENTRY, KEVENT,
/// offset, thread, priorities}, header, priority, count of acquisitions + 0x26}, wait reason Executive, no lock entry.
/// </remarks>
internal static class TurnWriter
{
    private const int ControlAreaSize = 0x80, GateSize = 0x18;
    private const ulong ControlAreaFlags = 0x38, ControlAreaWaiters = 0x50, BeingDeleted = 1, BeingCreated = 2;
    private const ulong SectionWaiterGate = 0x10, HiveWaiterNext = 0x20, EofWaiterEvent = 0x10, EofWaiterOffset = 0x28;
    private const ulong EofWaiters = 8, EofHeader = 0x18;
    private const int EofCountShift = 48;

    public static void Write(SyntheticKernel kernel, SectionPointer item, ulong address)
    {
        ulong area = kernel.Pool.Allocate(ControlAreaSize);
        kernel.Memory.Map(area, ControlAreaSize);
        kernel.Typed.SetQuads(address, area);
        kernel.Typed.SetQuads(area + ControlAreaFlags, item.BeingDeleted ? BeingDeleted : BeingCreated);
        ulong newest = 0;
        foreach (PlacedThread waiter in WaitersOf(kernel, item))
        {
            ulong block = waiter.Stack!.WaitBlock;
            kernel.Typed.SetQuads(block, newest, 1);
            WaitWriter.WriteObject(kernel, block + SectionWaiterGate, DispatcherType.Gate, GateSize / 4, 0);
            WaitWriter.Wait(kernel, block + SectionWaiterGate, [waiter]);
            newest = block;
        }
        kernel.Typed.SetQuads(area + ControlAreaWaiters, newest);
    }

    public static void Write(SyntheticKernel kernel, HiveWriteQueue item, ulong address)
    {
        ulong newest = 0;
        foreach (PlacedThread waiter in WaitersOf(kernel, item))
        {
            ulong block = waiter.Stack!.WaitBlock;
            WaitWriter.WriteEvent(kernel, block);
            WaitWriter.Wait(kernel, block, [waiter]);
            kernel.Typed.SetQuads(block + HiveWaiterNext, newest);
            newest = block;
        }
        kernel.Typed.SetQuads(address, OwnerOf(kernel, item), newest);
    }

    public static void Write(SyntheticKernel kernel, EofLock item, ulong address)
    {
        kernel.Typed.SetQuads(address, OwnerOf(kernel, item));
        kernel.Typed.SetQuads(address + EofHeader, kernel.Pool.Allocate(ControlAreaSize),
            (ulong)item.Owners.Sum(owner => owner.Recursion) << EofCountShift);
        kernel.Typed.LinkList(address + EofWaiters, [.. WaitersOf(kernel, item).Select(waiter => waiter.Stack!.WaitBlock)]);
        foreach (PlacedThread waiter in WaitersOf(kernel, item))
        {
            ulong block = waiter.Stack!.WaitBlock;
            WaitWriter.WriteEvent(kernel, block + EofWaiterEvent);
            WaitWriter.Wait(kernel, block + EofWaiterEvent, [waiter]);
            kernel.Typed.SetQuads(block + EofWaiterOffset, ulong.MaxValue, waiter.Address);
        }
    }

    private static ulong OwnerOf(SyntheticKernel kernel, LockSpec item) => item.Owners is [var owner, ..] ? kernel.Thread(owner.Thread) : 0;

    private static IEnumerable<PlacedThread> WaitersOf(SyntheticKernel kernel, LockSpec item) =>
        item.Waiters.Select(claim => kernel.Placed(claim.Thread));
}
