using Hangfire;
using LockLeak.Fleet.Engine;
using LockLeak.Fleet.Jobs;
using LockLeak.Fleet.Store;

namespace LockLeak.Fleet.Verbs;

/// <summary>Looks at the dumps of the queue until it is stopped.</summary>
internal static class Work
{
    /// <summary>Does it.</summary>
    /// <param name="database">Where the queue is.</param>
    /// <param name="setup">How.</param>
    /// <param name="drain">Ends when no dump waits.</param>
    /// <param name="stopped">Stops it.</param>
    public static async Task RunAsync(Database database, WorkerSetup setup, bool drain, CancellationToken stopped)
    {
        var dumps = new DumpQueue(database);
        using BackgroundJobServer server = setup.Start(database);
        Console.WriteLine($"{setup.Workers} at work: {database.Name}");
        try
        {
            while (!drain || !Empty())
            {
                await Task.Delay(TimeSpan.FromMilliseconds(500), stopped);
            }
        }
        catch (OperationCanceledException)
        {
            // What was begun is put back.
        }

        bool Empty()
        {
            try
            {
                return dumps.Open() == 0;
            }
            catch (System.Data.Common.DbException)
            {
                return false; // it is away, and may come back
            }
        }
    }
}

/// <summary>How dumps are looked at.</summary>
/// <param name="Workers">How many at a time.</param>
/// <param name="Program">lockleak.</param>
/// <param name="Symbols">The symbol path; null for lockleak's own.</param>
/// <param name="Limits">What a dump may cost.</param>
/// <param name="Patience">How long a worker may give no sign of life.</param>
internal sealed record WorkerSetup(int Workers, string Program, string? Symbols, Limits Limits, TimeSpan Patience)
{
    /// <summary>Starts the workers.</summary>
    /// <exception cref="FleetException">lockleak is not there.</exception>
    public BackgroundJobServer Start(Database database)
    {
        RequireProgram();
        return JobServer.Start(database, database.Jobs(Patience, Limits.Time + (2 * Limits.Grace)), new Lockleak(Program, Symbols, Limits),
            Workers);
    }

    // Else every dump would be found to fail.
    private void RequireProgram()
    {
        IEnumerable<string> folders =
            Path.GetDirectoryName(Program) is { Length: > 0 }
            ? [""] : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        if (!folders.Any(folder => File.Exists(Path.Combine(folder, Program)) || File.Exists(Path.Combine(folder, Program + ".exe"))))
        {
            throw new FleetException($"{Program} is not there: name it with --lockleak, or in LOCKLEAK");
        }
    }
}
