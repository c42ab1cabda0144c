using Hangfire;
using LockLeak.Fleet.Jobs;
using LockLeak.Fleet.Store;

namespace LockLeak.Fleet.Verbs;

/// <summary>Puts dumps into the queue. Doing it twice puts none there twice.</summary>
internal static class Submit
{
    /// <summary>Does it.</summary>
    /// <param name="database">Where the queue is.</param>
    /// <param name="named">Files, folders and patterns.</param>
    /// <param name="again">Also those that have a report or were given up.</param>
    public static void Run(Database database, IReadOnlyList<string> named, bool again)
    {
        var dumps = new DumpQueue(database);
        var client = new BackgroundJobClient(database.Jobs());
        int queued = 0, known = 0;
        foreach (FileInfo file in named.SelectMany(DumpFiles.Find).DistinctBy(file => file.FullName))
        {
            Dump dump = dumps.Add(file);
            if (again && dump.Ended)
            {
                dumps.Reopen(dump.Id);
            }
            else if (dump.Job is not null)
            {
                known++;
                continue;
            }

            dumps.Queued(dump.Id, client.Enqueue<AnalyzeDump>(analyze => analyze.RunAsync(dump.Id, again, null!, CancellationToken.None)));
            queued++;
        }

        Console.WriteLine($"{queued} submitted{(known > 0 ? $", {known} were before" : "")}: {database.Name}");
    }
}
