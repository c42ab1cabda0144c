using Hangfire.Common;
using Hangfire.States;
using LockLeak.Fleet.Engine;

namespace LockLeak.Fleet.Jobs;

/// <summary>Which attempts at a dump are followed by another one. Hangfire's own rule is the same for every reason.</summary>
internal sealed class Retries : JobFilterAttribute, IElectStateFilter
{
    private const string Parameter = "RetryCount"; // as Hangfire's dashboard knows it
    private const int RetriesOfUnknown = 10;

    /// <summary>
    /// How many attempts may follow the first one that ended so. What is no fault of the dump, such as a database or a folder that is away,
    /// may take hours.
    /// </summary>
    public static int After(Exception failure) => failure switch
    {
        DumpFailure dump => dump.Retries,
        _ => RetriesOfUnknown,
    };

    /// <summary>How many attempts have failed before this one.</summary>
    public static int Before(Hangfire.Server.PerformContext job) => job.GetJobParameter<int>(Parameter);

    public void OnStateElection(ElectStateContext context)
    {
        if (context.CandidateState is not FailedState { Exception: var failure })
        {
            return;
        }

        int before = context.GetJobParameter<int>(Parameter);
        if (before < After(failure))
        {
            context.SetJobParameter(Parameter, before + 1);
            context.CandidateState = new ScheduledState(Delay(failure, before)) { Reason = failure.Message };
        }
    }

    // The engine's fault may pass at once; 10 s, 20 s, ... 85 minutes for the rest.
    private static TimeSpan Delay(Exception failure, int before) =>
        failure is DumpFailure ? TimeSpan.FromSeconds(1) : TimeSpan.FromSeconds(10 * Math.Pow(2, before));
}
