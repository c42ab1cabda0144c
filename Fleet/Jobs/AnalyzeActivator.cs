using Hangfire;

namespace LockLeak.Fleet.Jobs;

/// <summary>Gives Hangfire the one object whose jobs it runs.</summary>
internal sealed class AnalyzeActivator(AnalyzeDump analyze) : JobActivator
{
    public override object ActivateJob(Type jobType) => analyze;
}
