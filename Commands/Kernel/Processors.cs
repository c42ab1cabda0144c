namespace LockLeak.Kernel;

/// <summary>What processors do besides running their threads.</summary>
internal static class Processors
{
    /// <summary>
    /// True when a processor executes DPC routines in the place of its thread; false when it does not, or that is not proved.
    /// </summary>
    /// <remarks>
    /// KiExecuteAllDpcs sets DpcRoutineActive around them (https://github.com/nohuto/decompiled-pseudocode, ntoskrnl of 22631.4169). That a
    /// _KPRCB has the processor's number and its thread is what other memory has not by chance.
    /// </remarks>
    public static bool IsInDpc(KernelView view, int processor, ThreadAddress thread)
    {
        KernelMemory memory = view.Memory;
        return !view.Layout.IsBuiltIn && view.Layout.Processor is { } fields &&
            view.Target.Symbols.TryGetAddress("nt!KiProcessorBlock", out ulong table) &&
            memory.TryReadPointer(table + (ulong)processor * sizeof(ulong), out ulong prcb) &&
            memory.TryReadUInt32(prcb + (ulong)fields.Number.Offset, out uint number) && number == processor &&
            memory.TryReadPointer(prcb + (ulong)fields.CurrentThread.Offset, out ulong current) && current == thread.Value &&
            memory.TryReadByte(prcb + (ulong)fields.DpcRoutineActive.Offset) is 1;
    }
}
