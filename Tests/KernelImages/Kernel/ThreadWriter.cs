using System.Text;
using KernelImages.Scenarios;

namespace KernelImages.Kernel;

/// <summary>_ETHREAD with its stack and lock entries.</summary>
internal static class ThreadWriter
{
    private const string Type = "_ETHREAD";
    private const ulong UserMode = 1;

    public static void Write(SyntheticKernel kernel, PlacedThread thread)
    {
        ulong address = thread.Address;
        var typed = kernel.Typed;
        kernel.Memory.Map(address, kernel.Types.RequiredSizeOf(Type));
        WriteScheduling(kernel, thread);
        typed.Set(Type, address, "Cid.UniqueProcess", thread.Process.Spec.Pid);
        typed.Set(Type, address, "Cid.UniqueThread", thread.Spec.Tid);
        typed.Set(Type, address, "CreateTime", (ulong)(kernel.Scenario.Time - kernel.Scenario.Uptime / 2).ToFileTimeUtc());
        typed.Set(Type, address, "StartAddress", kernel.Modules.Resolve(thread.Spec.Start));
        typed.Set(Type, address, "Win32StartAddress", kernel.Modules.Resolve(thread.Spec.Start));
        typed.Set(Type, address, "Terminated", thread.Spec.Terminated || thread.Spec.Ending ? 1u : 0);
        foreach (string list in (string[])["KeyedWaitChain", "ActiveTimerListHead", "OwnerEntryListHead", "DisownedOwnerEntryListHead",
            "IrpList"])
            typed.InitializeListHead(Type, address, list);
        if (thread.Spec.Description is { } text) WriteName(kernel, address, text);
        thread.Stack = StackBuilder.Build(kernel, thread);
        WriteStack(kernel, address, thread.Stack ?? StackBuilder.Empty(kernel));
        LockEntryWriter.Write(kernel, thread);
        if (thread.WaitsFor is null && thread.Spec.Wait is null &&
            StateOf(thread) == ThreadState.Waiting) WaitWriter.WaitForOwnEvent(kernel, thread);
    }

    /// <summary>The state that the scenario means.</summary>
    private static ThreadState StateOf(PlacedThread thread) => thread switch
    {
        { Spec.Terminated: true } => ThreadState.Terminated,
        { Spec.Processor: not null } => ThreadState.Running,
        { Wait.Stage: WaitStage.Woken } or { Spec.Ready: true } => ThreadState.Ready,
        _ => ThreadState.Waiting,
    };

    /// <summary>
    /// When the wait began that the thread is in. One for a resource begins anew with each round of ExpWaitForResource: the first
    /// lasts half a second, all others four.
    /// </summary>
    private static TimeSpan Waited(PlacedThread thread)
    {
        TimeSpan first = TimeSpan.FromSeconds(0.5), round = TimeSpan.FromSeconds(4), waited = thread.Spec.Waited;
        return !WaitWriter.IsInRounds(thread) || waited < first ? waited : TimeSpan.FromTicks((waited - first).Ticks % round.Ticks);
    }

    /// <summary>Real small dumps of 24H2 have it in five threads of nine: whoever once ran out of entries keeps it.</summary>
    private static bool IsExhausted(PlacedThread thread) =>
        thread.Spec.EntriesExhausted ?? thread.Process.Spec.Pid != 0 && thread.Spec.Tid / 4 % 2 == 0;

    private static void WriteScheduling(SyntheticKernel kernel, PlacedThread thread)
    {
        const string Type = "_KTHREAD";
        ThreadSpec spec = thread.Spec;
        ulong address = thread.Address;
        var typed = kernel.Typed;
        typed.Set(Type, address, "Header.Type", (ulong)DispatcherType.Thread);
        typed.Set(Type, address, "State", (ulong)StateOf(thread));
        typed.Set(Type, address, "Header.SignalState", spec.Terminated ? 1u : 0);
        string reason = spec.WaitReason ?? WaitWriter.ReasonOf(kernel, thread);
        typed.Set(Type, address, "WaitReason", (ulong)kernel.Types.EnumValue("_KWAIT_REASON", reason));
        typed.Set(Type, address, "WaitMode", spec.WaitsInUserMode ?? reason == "UserRequest" ? UserMode : 0);
        typed.Set(Type, address, "WaitTime", KernelVariables.TickCount(kernel.Scenario.Uptime - Waited(thread)));
        typed.Set(Type, address, "TimerActive", WaitWriter.IsTimed(thread) ? 1u : 0);
        typed.Set(Type, address, "ApcState.Process", thread.Process.Address);
        typed.Set(Type, address, "Process", thread.Process.Address);
        typed.Set(Type, address, "Priority", (byte)spec.Priority);
        typed.Set(Type, address, "BasePriority", (byte)spec.Priority);
        typed.Set(Type, address, "ContextSwitches", spec.ContextSwitches);
        typed.Set(Type, address, "NextProcessor", (ulong)(spec.Processor ?? 0));
        typed.Set(Type, address, "ApcQueueable", 1);
        typed.Set(Type, address, "AutoBoostActive", 1);
        typed.Set(Type, address, "AutoBoostEntriesExhausted", IsExhausted(thread) ? 1u : 0);
        foreach (string list in (string[])["Header.WaitListHead", "ApcState.ApcListHead[0]", "ApcState.ApcListHead[1]", "MutantListHead",
            "QueueListEntry"])
            typed.InitializeListHead(Type, address, list);
    }

    private static void WriteStack(SyntheticKernel kernel, ulong thread, CallStack stack)
    {
        const string Type = "_KTHREAD";
        kernel.Typed.Set(Type, thread, "KernelStack", stack.KernelStack);
        kernel.Typed.Set(Type, thread, "StackBase", stack.Base);
        kernel.Typed.Set(Type, thread, "StackLimit", stack.Base - CallStack.Size);
        kernel.Typed.Set(Type, thread, "InitialStack", stack.Base - StackBuilder.TopReserve);
        kernel.Typed.Set(Type, thread, "KernelStackResident", 1);
    }

    private static void WriteName(SyntheticKernel kernel, ulong thread, string text)
    {
        ulong name = kernel.Pool.Allocate(16 + Encoding.Unicode.GetByteCount(text));
        kernel.Typed.SetUnicodeString(name, text, name + 16);
        kernel.Typed.Set(Type, thread, "ThreadName", name);
    }
}
