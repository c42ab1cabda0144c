using LockLeak.Target;

namespace LockLeak.Kernel;

/// <summary>Fields of _KPRCB that say what a processor does besides running its thread.</summary>
/// <param name="Number">Its number.</param>
/// <param name="CurrentThread">The thread that it runs.</param>
/// <param name="DpcRoutineActive">It executes DPC routines.</param>
internal sealed record ProcessorFields(TypeField Number, TypeField CurrentThread, TypeField DpcRoutineActive)
{
    /// <summary>Looks the fields up; null where the kernel's types have only the public part of _KPRCB.</summary>
    public static ProcessorFields? TryResolve(ITypes types) =>
        types.Field("_KPRCB", "Number") is { } number && types.Field("_KPRCB", "CurrentThread") is { } currentThread &&
        types.Field("_KPRCB", "DpcRoutineActive") is { } dpcRoutineActive
            ? new ProcessorFields(number, currentThread, dpcRoutineActive)
            : null;

    /// <summary>True when a processor executes DPC routines in the place of its thread; false when it does not, or that is not proved.</summary>
    /// <remarks>
    /// KiExecuteAllDpcs sets DpcRoutineActive around them (https://github.com/nohuto/decompiled-pseudocode, ntoskrnl of 22631.4169). That a
    /// _KPRCB has the processor's number and its thread is what other memory has not by chance.
    /// </remarks>
    internal static bool IsInDpc(KernelView view, int processor, ThreadAddress thread)
    {
        KernelMemory memory = view.Memory;
        return !view.Layout.IsBuiltIn && view.Layout.Processor is { } fields && view.Target.Symbols.TryGetAddress("nt!KiProcessorBlock", out ulong table) &&
            memory.TryReadPointer(table + (ulong)processor * sizeof(ulong), out ulong prcb) &&
            memory.TryReadUInt32(prcb + (ulong)fields.Number.Offset, out uint number) && number == processor &&
            memory.TryReadPointer(prcb + (ulong)fields.CurrentThread.Offset, out ulong current) && current == thread.Value &&
            memory.TryReadByte(prcb + (ulong)fields.DpcRoutineActive.Offset) is 1;
    }
}
