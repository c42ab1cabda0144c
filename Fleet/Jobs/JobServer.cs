using Hangfire;
using Hangfire.Common;
using LockLeak.Fleet.Engine;
using LockLeak.Fleet.Store;

namespace LockLeak.Fleet.Jobs;

/// <summary>Hangfire, set up for dumps.</summary>
internal static class JobServer
{
    /// <summary>Starts workers. Disposing stops them; what they were at is put back.</summary>
    public static BackgroundJobServer Start(Database database, JobStorage jobs, Lockleak lockleak, int workers)
    {
        GlobalConfiguration.Configuration.UseLogProvider(new HangfireLog());
        var analyze = new AnalyzeDump(new DumpQueue(database), new ReportStore(database), lockleak);
        return new BackgroundJobServer(
            new BackgroundJobServerOptions
            {
                WorkerCount = workers,
                Activator = new AnalyzeActivator(analyze),
                FilterProvider = Filters(),
                SchedulePollingInterval = TimeSpan.FromSeconds(1),
                CancellationCheckInterval = TimeSpan.FromSeconds(1),
                ShutdownTimeout = TimeSpan.FromSeconds(10),
            },
            jobs);
    }

    // Hangfire's, but for its own rule of what is tried again.
    private static JobFilterProviderCollection Filters()
    {
        var filters = new JobFilterCollection { new Retries() };
        foreach (JobFilter filter in GlobalJobFilters.Filters.Where(filter => filter.Instance is not AutomaticRetryAttribute))
        {
            filters.Add(filter.Instance, filter.Order);
        }

        return new JobFilterProviderCollection(filters);
    }
}
