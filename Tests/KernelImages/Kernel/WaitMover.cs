namespace KernelImages.Kernel;

/// <summary>Lets a thread wait for another object than the one that ThreadWriter has found for it.</summary>
internal static class WaitMover
{
    public static void Move(SyntheticKernel kernel, PlacedThread thread, ulong dispatcher)
    {
        ulong block = kernel.Typed.Get("_KTHREAD", thread.Address, "WaitBlockList");
        kernel.Typed.InitializeListHead("_DISPATCHER_HEADER", kernel.Typed.Get("_KWAIT_BLOCK", block, "Object"), "WaitListHead");
        WaitWriter.Wait(kernel, dispatcher, [thread]);
    }
}
