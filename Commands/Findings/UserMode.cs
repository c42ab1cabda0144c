using LockLeak.Kernel;

namespace LockLeak.Findings;

/// <summary>Whether a thread is back in user mode, where it can hold no lock of the kernel.</summary>
internal static class UserMode
{
    /// <summary>The upper half of the address space is the kernel's.</summary>
    private const ulong FirstKernelAddress = 1UL << 63;

    /// <summary>True for a thread that waits on behalf of user mode alone, or runs there.</summary>
    public static bool IsIn(KernelView view, KernelThread thread) =>
        thread is { IsWaiting: true, WaitsInUserMode: true }
            ? WaitReasons.IsOfUserMode(thread.WaitReason) : thread.State == ThreadStates.Running && Runs(view, thread);

    private static bool Runs(KernelView view, KernelThread thread)
    {
        int processor = view.Target.RunningThreads.TakeWhile(running => running != thread.Address.Value).Count();
        return processor < view.Target.RunningThreads.Count && view.Target.InstructionPointer(processor) is > 0 and < FirstKernelAddress;
    }
}
