using KernelImages.Kernel;
using ThreadState = KernelImages.Kernel.ThreadState;

namespace KernelImages.LockStates;

/// <summary>Writes the memory of states over a machine that has their threads and lock entries.</summary>
internal static class LockStateWriter
{
    /// <summary>A KernelStack below every wait block of the states.</summary>
    private const ulong AboveStackLimit = 0x800;

    /// <summary>The first build of which it is certain that a wait block holds the address of its thread's lock entry.</summary>
    private const uint FirstBuildWithEntryPointers = 19041;

    public static void Write(SyntheticKernel kernel, IReadOnlyList<LockState> states)
    {
        foreach (LockState state in states)
        {
            foreach ((int number, StateThread thread) in state.Threads.Index())
            {
                WriteThread(kernel, ThreadOf(kernel, state, number), thread);
            }
            foreach ((ulong address, byte[] bytes) in state.Memory) kernel.Memory.Write(address, bytes);
            foreach ((ulong address, int thread, uint low) in state.ThreadPointers)
            {
                kernel.Typed.SetQuads(address, ThreadOf(kernel, state, thread).Address + low);
            }
            WriteEntryPointers(kernel, state);
            foreach ((ulong dispatcher, IReadOnlyList<int> threads) in state.Waits)
            {
                WaitWriter.Wait(kernel, dispatcher, threads.Select(number => ThreadOf(kernel, state, number)));
            }
        }
        LinkResources(kernel, states);
    }

    /// <summary>The stack is the state's, and so is what the thread does: the generator knows neither.</summary>
    private static void WriteThread(SyntheticKernel kernel, PlacedThread placed, StateThread thread)
    {
        const string Type = "_KTHREAD";
        placed.Stack = null;
        kernel.Memory.Map(thread.StackLimit, (int)(thread.StackBase - thread.StackLimit));
        kernel.Typed.Set(Type, placed.Address, "StackLimit", thread.StackLimit);
        kernel.Typed.Set(Type, placed.Address, "StackBase", thread.StackBase);
        kernel.Typed.Set(Type, placed.Address, "InitialStack", thread.StackBase - StackBuilder.TopReserve);
        kernel.Typed.Set(Type, placed.Address, "KernelStack", thread.StackLimit + AboveStackLimit);
        kernel.Typed.Set(Type, placed.Address, "State", (ulong)Enum.Parse<ThreadState>(thread.State));
        kernel.Typed.Set(Type, placed.Address, "WaitBlockList", 0);
        kernel.Typed.Set(Type, placed.Address, "WaitBlockCount", 0);
    }

    private static void WriteEntryPointers(SyntheticKernel kernel, LockState state)
    {
        if (kernel.Types.Build < FirstBuildWithEntryPointers) return;
        foreach ((ulong address, int thread, int item) in state.EntryPointers)
            kernel.Typed.SetQuads(address,
                kernel.Entry(LockStateMachine.ThreadName(state, thread), LockStateMachine.LockName(state, item)));
    }

    private static void LinkResources(SyntheticKernel kernel, IReadOnlyList<LockState> states) =>
        kernel.Typed.LinkList(
            kernel.Modules.Kernel("ExpSystemResourcesList"),
            states.SelectMany(state => state.Locks).Where(item => item.Kind == "resource")
                .Select(item => item.Address + kernel.Types.OffsetOf("_ERESOURCE", "SystemResourcesList")));

    private static PlacedThread ThreadOf(SyntheticKernel kernel, LockState state, int number) =>
        kernel.Placed(LockStateMachine.ThreadName(state, number));
}
