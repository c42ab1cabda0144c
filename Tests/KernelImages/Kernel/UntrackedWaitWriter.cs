using KernelImages.Scenarios;

namespace KernelImages.Kernel;

/// <summary>Waits that look like those for a push lock and are none: no lock entry tells of them, and nobody owns anything.</summary>
/// <remarks>
/// ExBlockOnAddressPushLock puts the address of a zeroed wait block into the push lock, without flag bits; Next of the block is what was
/// there before, and the wait is for a NotificationEvent with the reason WrPushLock (ExTimedWaitForUnblockPushLock). A rundown reference
/// holds the address of {count, KEVENT, flags} with bit 0 set, and the wait has the reason Executive (ExfWaitForRundownProtectionRelease).
/// Both: nohuto/decompiled-pseudocode, 11-21H2 and 11-26H1/ntoskrnl.
/// </remarks>
internal static class UntrackedWaitWriter
{
    private const int WaitBlockSize = 0x40, RundownBlockSize = 0x28;
    private const ulong Next = 0x18, RundownEvent = 8, IsRundown = 1;

    public static void Write(SyntheticKernel kernel, BlockedPushLock item, ulong address)
    {
        ulong older = 0;
        foreach (PlacedThread waiter in item.Waiters.Select(claim => kernel.Placed(claim.Thread)))
        {
            ulong block = waiter.Stack!.WaitBlock;
            kernel.Memory.Write(block, new byte[WaitBlockSize]);
            FileObjectWriter.WriteNotificationEvent(kernel, block);
            WaitWriter.Wait(kernel, block, [waiter]);
            kernel.Typed.SetQuads(block + Next, older);
            older = block;
        }
        kernel.Typed.SetQuads(address, older);
    }

    public static void Write(SyntheticKernel kernel, RundownReference item, ulong address)
    {
        PlacedThread waiter = kernel.Placed(item.Waiters.Single().Thread);
        ulong block = waiter.Stack!.WaitBlock;
        kernel.Memory.Write(block, new byte[RundownBlockSize]);
        kernel.Typed.SetQuads(block, (ulong)item.Owners.Count);
        WaitWriter.WriteEvent(kernel, block + RundownEvent);
        WaitWriter.Wait(kernel, block + RundownEvent, [waiter]);
        kernel.Typed.SetQuads(address, block | IsRundown);
    }
}
