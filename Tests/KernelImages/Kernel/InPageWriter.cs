using KernelImages.Scenarios;

namespace KernelImages.Kernel;

/// <summary>The block of a page that is being read (MMINPAGE_SUPPORT, in no public symbol file).</summary>
/// <remarks>
/// Read from MiInitializeInPageSupport (11-24H2 and 11-26H1), MiWaitForCollidedFaultComplete and MiWaitForInPageComplete
/// (nohuto/decompiled-pseudocode): NotificationEvents at + 0x20, for which the reading thread waits, and at + 0x38, for which all
/// others do; the thread at + 0x98, a count of references at + 0xb0. A block that AutoBoost tracks holds its own address, which is the
/// lock's, at + 0xe0 in 26H1, at + 0xd8 in 24H2 and before, at + 0xd0 in the oldest of the listings. The waits have the reason WrPageIn.
/// </remarks>
internal static class InPageWriter
{
    private const ulong Read = 0x20, Collided = 0x38, Thread = 0x98, References = 0xb0;

    public static void Write(SyntheticKernel kernel, InPageBlock item, ulong address)
    {
        kernel.Memory.Map(address, item.Size);
        kernel.Typed.SetQuads(address + 0x10, address + 0x10, address + 0x10);
        FileObjectWriter.WriteNotificationEvent(kernel, address + Read);
        FileObjectWriter.WriteNotificationEvent(kernel, address + Collided);
        kernel.Typed.SetQuads(address + References, 1 + (ulong)item.Waiters.Count);
        kernel.Typed.SetQuads(address + OwnAddress(kernel.Types.Build), address);
        foreach (PlacedThread owner in item.Owners.Select(claim => kernel.Placed(claim.Thread)))
        {
            kernel.Typed.SetQuads(address + Thread, owner.Address);
            if (owner is { WaitsFor: null, Spec.WaitReason: "WrPageIn" }) WaitMover.Move(kernel, owner, address + Read);
        }
        WaitWriter.Wait(kernel, address + Collided, item.Waiters.Select(claim => kernel.Placed(claim.Thread)));
    }

    private static ulong OwnAddress(uint build) => build switch { >= 28000 => 0xe0, >= 22621 => 0xd8, _ => 0xd0 };
}
