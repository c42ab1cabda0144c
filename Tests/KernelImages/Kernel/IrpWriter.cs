using KernelImages.Scenarios;

namespace KernelImages.Kernel;

/// <summary>_IRPs, which hang on their thread's IrpList, newest first, with their stack locations behind them.</summary>
/// <remarks>
/// Written from IopAllocateIrpPrivate (type 6, size, StackCount at 0x42, CurrentLocation at 0x43, CurrentStackLocation at 0xb8, which is
/// 0xd0 + 0x48 for each location from the IRP), IopQueueThreadIrp (thread at 0x98, link at 0x20 put at the head of _ETHREAD.IrpList) and
/// IopSynchronousServiceTail (UserEvent at 0x50; the wait for FILE_OBJECT + 0x98 with Executive): nohuto/decompiled-pseudocode,
/// 11-24H2/ntoskrnl. IO_STACK_LOCATION is that of wdm.h.
/// </remarks>
internal static class IrpWriter
{
    private const ushort Type = 6, Size = 0xd0, LocationSize = 0x48;
    private const ulong Links = 0x20, Counts = 0x40, UserEvent = 0x50, Thread = 0x98, CurrentStackLocation = 0xb8;
    private const ulong Device = 0x28, File = 0x30, FileEvent = 0x98;
    private const ulong UserMode = 1;

    public static void Write(SyntheticKernel kernel, PlacedThread thread)
    {
        List<ulong> links = [];
        foreach (IrpSpec irp in thread.Spec.Irps)
        {
            links.Add(Write(kernel, thread, irp) + Links);
        }

        if (links.Count > 0) kernel.Typed.LinkList(thread.Address + kernel.Types.OffsetOf("_ETHREAD", "IrpList"), links);
    }

    private static ulong Write(SyntheticKernel kernel, PlacedThread thread, IrpSpec irp)
    {
        int size = Size + irp.StackCount * LocationSize;
        ulong address = kernel.Pool.Allocate(size), file = FileObjectWriter.AddFile(kernel, irp.FileName, irp.Driver, out ulong device);
        kernel.Memory.Map(address, size);
        // Each driver that passes a request on counts its location down.
        int current = irp.StackCount - irp.Passed;
        ulong location = address + Size + (ulong)((current - 1) * LocationSize);
        kernel.Typed.SetQuads(address, Type | (uint)size << 16);
        kernel.Typed.SetQuads(address + Counts, UserMode | (uint)irp.StackCount << 16 | (uint)current << 24);
        kernel.Typed.SetQuads(address + Thread, thread.Address);
        kernel.Typed.SetQuads(address + CurrentStackLocation, location);
        kernel.Typed.SetQuads(location, irp.Function);
        kernel.Typed.SetQuads(location + Device, device, file);
        ulong awaited = file + FileEvent;
        if (irp.HasOwnEvent)
        {
            awaited = WaitWriter.AddEvent(kernel);
            kernel.Typed.SetQuads(address + UserEvent, awaited);
        }

        if (irp.IsAwaited) WaitMover.Move(kernel, thread, awaited);
        return address;
    }
}
