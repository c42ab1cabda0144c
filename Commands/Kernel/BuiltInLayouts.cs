using LockLeak.Target;

namespace LockLeak.Kernel;

/// <summary>Types for kernels without symbols: one data file for each build, chosen by build number and checked against the target.</summary>
public static class BuiltInLayouts
{
    /// <summary>The layout for a target; null when its build is unknown or the data does not fit what is in memory.</summary>
    public static KernelLayout? Resolve(ITarget target) => null;
}
