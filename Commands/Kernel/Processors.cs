namespace LockLeak.Kernel;

/// <summary>What processors do besides running their threads.</summary>
internal static class Processors
{
    /// <summary>
    /// True when a processor executes DPC routines in the place of its thread; false when it does not, or that is not proved.
    /// </summary>
    /// <remarks>
    /// KiExecuteAllDpcs sets DpcRoutineActive around them (https://github.com/nohuto/decompiled-pseudocode, ntoskrnl of 22631.4169).
    /// </remarks>
    public static bool IsInDpc(KernelView view, int processor, ThreadAddress thread) =>
        view.Layout.Processor?.DpcRoutineActive is { } active && Prcb(view, processor, thread) is { } prcb &&
        view.Memory.TryReadByte(prcb + (ulong)active.Offset) is 1;

    /// <summary>The _KPRCB of a processor; null where it is not proved.</summary>
    /// <remarks>That it has the processor's number and its thread is what other memory has not by chance.</remarks>
    /// <param name="view">The machine.</param>
    /// <param name="processor">Its number, from 0 on.</param>
    /// <param name="thread">The thread that it runs.</param>
    public static ulong? Prcb(KernelView view, int processor, ThreadAddress thread)
    {
        KernelMemory memory = view.Memory;
        return !view.Layout.IsBuiltIn && view.Layout.Processor is { } fields &&
            view.Target.Symbols.TryGetAddress("nt!KiProcessorBlock", out ulong table) &&
            memory.TryReadPointer(table + (ulong)processor * sizeof(ulong), out ulong prcb) &&
            memory.TryReadUInt32(prcb + (ulong)fields.Number.Offset, out uint number) && number == processor &&
            memory.TryReadPointer(prcb + (ulong)fields.CurrentThread.Offset, out ulong current) && current == thread.Value
            ? prcb : null;
    }
}
