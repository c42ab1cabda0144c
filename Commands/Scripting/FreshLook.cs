using LockLeak.Analysis;
using LockLeak.Kernel;
using LockLeak.Reports;
using LockLeak.Target;

namespace LockLeak.Scripting;

/// <summary>A look at the machine as it is now, for one question of a script.</summary>
internal static class FreshLook
{
    /// <summary>Begins one.</summary>
    public static KernelView At(ITarget target, IConsole console) =>
        new(target, KernelLayouts.Resolve(target, builtIn: false), console);

    /// <summary>One thread with its whole stack.</summary>
    public static ThreadReport Thread(ITarget target, IConsole console, ThreadAddress thread)
    {
        KernelView view = At(target, console);
        view.Thread(thread);
        return new ReportBuilder(view, LockGraph.Build(view), new ThreadStacks(view)).Thread(thread, ThreadDetail.Stack);
    }
}
