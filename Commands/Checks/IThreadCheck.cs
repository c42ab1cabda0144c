using LockLeak.Kernel;

namespace LockLeak.Checks;

/// <summary>A check that compares what each thread says with what else is known of it.</summary>
internal interface IThreadCheck
{
    /// <summary>Makes the comparisons that are about one thread.</summary>
    void Compare(CheckContext context, KernelThread thread, CheckResult result);
}
