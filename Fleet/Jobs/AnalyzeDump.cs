using System.Diagnostics;
using System.Security.Cryptography;
using Hangfire.Server;
using LockLeak.Fleet.Engine;
using LockLeak.Fleet.Store;

namespace LockLeak.Fleet.Jobs;

/// <summary>
/// The job of one dump: look whether its content is known, else ask lockleak, and store what comes out. Doing it twice changes nothing.
/// </summary>
internal sealed class AnalyzeDump(DumpQueue dumps, ReportStore reports, Lockleak lockleak)
{
    /// <summary>How often a dump may take its worker with it.</summary>
    private const int DeadWorkers = 3;

    private static readonly string Worker = $"{Environment.MachineName}:{Environment.ProcessId}";

    /// <summary>Does it.</summary>
    /// <param name="id">The dump.</param>
    /// <param name="again">What is known of its content does not count.</param>
    /// <param name="job">Hangfire's part.</param>
    /// <param name="cancelled">The worker is stopped.</param>
    public async Task RunAsync(string id, bool again, PerformContext job, CancellationToken cancelled)
    {
        if (dumps.Begin(id, Worker) is not { Ended: false } dump)
        {
            return;
        }

        int failed = Retries.Before(job);
        try
        {
            // Attempts that neither failed nor were put back ended with their worker.
            if (dump.Attempts - 1 - failed >= DeadWorkers)
            {
                throw new DumpFailure($"its worker died {DeadWorkers} times while it looked at this dump", retries: 0);
            }

            string outcome = await LookAsync(dump, again, cancelled);
            Console.WriteLine($"{outcome}  {dump.Path}");
        }
        catch (OperationCanceledException) when (cancelled.IsCancellationRequested)
        {
            dumps.PutBack(id);
            throw;
        }
        catch (Exception e)
        {
            bool last = failed >= Retries.After(e);
            dumps.Failed(id, OneLine(e.Message), last);
            Console.WriteLine($"{(last ? "failed" : "once more")}: {OneLine(e.Message)}  {dump.Path}");
            throw;
        }
    }

    private async Task<string> LookAsync(Dump dump, bool again, CancellationToken cancelled)
    {
        string sha256 = await HashAsync(dump.Path, cancelled);
        if (!again && reports.TryReuse(dump.Id, sha256))
        {
            return "known";
        }

        var clock = Stopwatch.StartNew();
        Report report = await lockleak.AskAsync(dump.Path, cancelled);
        reports.Keep(dump.Id, sha256, report, clock.Elapsed.TotalSeconds, again);
        return report.Error is { } error
            ? $"cannot be read: {OneLine(error)}" : $"{report.Findings.Count} found, {clock.Elapsed.TotalSeconds:0.0} s";
    }

    private static async Task<string> HashAsync(string path, CancellationToken cancelled)
    {
        // A folder that is away may come back.
        if (!File.Exists(path) && Directory.Exists(Path.GetDirectoryName(path)))
        {
            throw new DumpFailure("the file is gone", retries: 0);
        }

        await using FileStream file =
            new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1024 * 1024,
            FileOptions.Asynchronous | FileOptions.SequentialScan);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancelled));
    }

    private static string OneLine(string text) => text.ReplaceLineEndings(" ");
}
