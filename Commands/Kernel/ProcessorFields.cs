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
}
