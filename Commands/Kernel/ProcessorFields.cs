using LockLeak.Target;

namespace LockLeak.Kernel;

/// <summary>Fields of _KPCR and _KPRCB that say what a processor does besides running its thread.</summary>
/// <param name="Number">Its number.</param>
/// <param name="CurrentThread">The thread that it runs.</param>
/// <param name="DpcRoutineActive">It executes DPC routines; null where the kernel's types have only the public part of _KPRCB.</param>
/// <param name="Prcb">The _KPRCB in its _KPCR.</param>
/// <param name="CurrentPrcb">What leads there.</param>
/// <param name="LockArray">What leads to its array of _KSPIN_LOCK_QUEUE.</param>
internal sealed record ProcessorFields(TypeField Number, TypeField CurrentThread, TypeField? DpcRoutineActive, TypeField Prcb,
    TypeField CurrentPrcb, TypeField LockArray)
{
    /// <summary>Looks the fields up; null where the kernel's types lack them.</summary>
    public static ProcessorFields? TryResolve(ITypes types) =>
        types.Field("_KPRCB", "Number") is { } number && types.Field("_KPRCB", "CurrentThread") is { } currentThread &&
        types.Field("_KPCR", "Prcb") is { } prcb && types.Field("_KPCR", "CurrentPrcb") is { } currentPrcb &&
        types.Field("_KPCR", "LockArray") is { } lockArray
            ? new ProcessorFields(number, currentThread, types.Field("_KPRCB", "DpcRoutineActive"), prcb, currentPrcb, lockArray)
            : null;
}
