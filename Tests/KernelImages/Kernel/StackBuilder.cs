using LockLeak.Target;

namespace KernelImages.Kernel;

/// <summary>Kernel stacks: return addresses where the unwind data of the functions says they lie.</summary>
internal static class StackBuilder
{
    /// <summary>Bytes that the kernel leaves free above InitialStack.</summary>
    public const ulong TopReserve = 0x70;

    /// <summary>
    /// Bytes of the switch frame (KSWITCH_FRAME) below the newest frame of a thread that does not run: Rbp and return address last.
    /// </summary>
    private const ulong SwitchFrame = 0x40;

    /// <summary>Where a wait block or event lies above the Child-SP of the function that waits; seen in the walk-through (22621).</summary>
    private const ulong WaitBlockInFrame = 0x30;

    private const ulong DeadPartDistance = 0x100, DeadPartSize = 0x80, DeadPartPlaces = 16;

    /// <summary>Builds the stack of a thread; null for one that runs and has no calls.</summary>
    public static CallStack? Build(SyntheticKernel kernel, PlacedThread thread)
    {
        List<(string Function, ulong Address)> calls = [];
        foreach (string call in CallPaths.Of(thread))
            if (kernel.Modules.FunctionOf(call) is { } function)
                calls.Add((function, kernel.Modules.Resolve(call)));
        if (calls.Count == 0) return null;

        ulong size = (ulong)calls.Sum(call => StackFunctions.FrameSize(call.Function));
        ulong newest = thread.Spec.StackPointer;
        if (newest == 0) newest = kernel.Stacks.Allocate(CallStack.Size + 0x1000, 0x1000) + CallStack.Size - TopReserve - 0x10 - size;
        ulong stackBase = newest + size + 0xfff & ~0xffful;

        List<StackFrame> frames = [];
        ulong stack = newest, waitBlock = 0;
        foreach ((string function, ulong address) in calls)
        {
            if (frames.Count > 0) kernel.Typed.SetQuads(stack - 8, address);
            frames.Add(new StackFrame(address, stack));
            if (waitBlock == 0 && CallPaths.HoldsWaitBlock(kernel, function)) waitBlock = stack + WaitBlockInFrame;
            stack += (ulong)StackFunctions.FrameSize(function);
        }
        kernel.Typed.SetQuads(stack - 8, 0);
        if (thread.Spec.Processor is null) kernel.Typed.SetQuads(newest - 0x10, 0, calls[0].Address);
        return new CallStack(frames, stackBase, newest - SwitchFrame) { WaitBlock = waitBlock };
    }

    /// <summary>
    /// A place below a thread's stack pointer, where calls that have returned left what they had. Which one, the address of a lock decides.
    /// </summary>
    public static ulong DeadPart(SyntheticKernel kernel, PlacedThread thread, ulong address) =>
        (kernel.Typed.Get("_KTHREAD", thread.Address, "KernelStack") & ~0xful) - DeadPartDistance - (
        address / DeadPartSize % DeadPartPlaces) * DeadPartSize;

    /// <summary>The stack of a thread that runs somewhere in user mode.</summary>
    public static CallStack Empty(SyntheticKernel kernel)
    {
        ulong stackBase = kernel.Stacks.Allocate(CallStack.Size + 0x1000, 0x1000) + CallStack.Size;
        return new CallStack([], stackBase, stackBase - TopReserve);
    }
}
