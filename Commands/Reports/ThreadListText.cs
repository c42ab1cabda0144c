using LockLeak.Kernel;

namespace LockLeak.Reports;

/// <summary>The text of <c>!threadlocks</c> without a thread: a row for each thread, or for each process with -s.</summary>
/// <param name="report">The answer.</param>
/// <param name="writer">Where it goes.</param>
/// <param name="waitReasons">The reasons of the waits that the user asked for; empty for threads that hold or wait for a lock.</param>
internal sealed class ThreadListText(ThreadLocksReport report, ReportWriter writer, IReadOnlyList<string> waitReasons)
{
    /// <summary>Writes the whole report.</summary>
    public void Write()
    {
        if (report.Processes is { } processes)
        {
            WriteSummary(processes);
        }
        else if (report.Threads.Count == 0)
        {
            writer.Line(waitReasons.Count > 0
                ? $"No thread waits with {string.Join(", ", waitReasons)}." : report.Complete && report.Notes.Count == 0
                ? "No thread holds or waits for a lock."
                : "No thread that could be looked at holds or waits for a lock; the notes below say what was not.");
        }
        else
        {
            WriteThreads();
        }

        writer.Line();
        ReportText.Footer(writer, report);
    }

    private void WriteThreads()
    {
        List<IReadOnlyList<Cell>> rows =
            [["THREAD", "PROCESS CID", "STATE", "REASON", "TIME", "WAITS FOR", "HOLDS", "START",
            report.Threads.Any(thread => thread.Name is not null) ? "NAME" : ""]];
        foreach (ThreadReport thread in report.Threads)
        {
            List<Cell> held = [.. Holding(thread).DefaultIfEmpty("")];
            rows.Add(
            [
                Phrases.Thread(thread.Thread), Phrases.Process(thread), Phrases.State(thread), Phrases.Reason(thread),
                Phrases.Waited(thread),
                thread.WaitsFor is { } waits ? Phrases.Lock(waits) : "", held[0], thread.StartSymbol ?? "", thread.Name ?? "",
            ]);
            rows.AddRange(held.Skip(1).Select(further => (IReadOnlyList<Cell>)["", "", "", "", "", "", further]));
        }

        writer.Table(0, rows);
        foreach (ThreadReport thread in report.Threads)
        {
            ReportText.Stack(writer, 0, thread);
        }
    }

    /// <summary>The locks of a thread's entries but the one that it waits for; what is no plain ownership says so.</summary>
    private static IEnumerable<Cell> Holding(ThreadReport thread)
    {
        foreach (EntryReport entry in thread.Entries.Where(entry =>
            entry.Lock is not null && entry.Relation is not LockRelation.Waits and not LockRelation.Free))
        {
            string how = entry.User ? " (user mode)" : entry.CrossThreadReleasable
                ? " (disowned)" : entry.Relation == LockRelation.Owns ? "" : $" ({Words.Of(entry.Relation)})";
            Cell held = Phrases.Lock(entry.Lock.GetValueOrDefault());
            yield return held with { Text = $"{held.Text}{how}" };
        }

        foreach (HeldLock held in thread.Holds)
        {
            yield return Phrases.Lock(held.Lock) with { Text = $"{held.Lock} ({held.Kind})" };
        }
    }

    private void WriteSummary(IReadOnlyList<ProcessReport> processes)
    {
        List<IReadOnlyList<Cell>> rows =
            [["PID", "PROCESS", "NAME", "THREADS", "ENDED", "RUNNING", "READY", "WAITING", "ON LOCKS", "HOLDING"]];
        rows.AddRange(processes.Select(process => (IReadOnlyList<Cell>)
        [
            process.Pid.ToString("x", System.Globalization.CultureInfo.InvariantCulture),
            new Cell($"{process.Process}", $"!threadlocks -p {process.Process}"),
            process.Image, Number(process.Threads), Number(process.Terminated), Number(process.Running), Number(process.Ready),
            Number(process.Waiting),
            Number(process.WaitingForLock), Number(process.Owning),
        ]));
        writer.Table(0, rows);
    }

    private static string Number(long count) => count == 0 ? "." : Phrases.Count(count);
}
