using LockLeak.Kernel;

namespace LockLeak.Reports;

/// <summary>The text of <c>!pushlock</c>.</summary>
/// <param name="report">The answer.</param>
/// <param name="writer">Where it goes.</param>
/// <param name="verbose">Show raw values, how threads were found, and stacks.</param>
public sealed class PushLockText(PushLockReport report, ReportWriter writer, bool verbose)
{
    private readonly Dictionary<ulong, ThreadReport> threads = report.Threads.ToDictionary(thread => thread.Thread);

    /// <summary>Writes the whole report.</summary>
    public void Write()
    {
        var node = new LockReport(report.Lock, report.Kind, report.Symbol, report.Value, report.Locked, report.SharedOwners, report.Exclusive, report.Owners, report.Waiters);
        writer.Write(report.Kind == "push lock" ? "Push lock " : $"{report.Kind}, not a push lock: ").Write(new Cell(Address.Text(report.Lock), $"dt nt!_EX_PUSH_LOCK {Address.Text(report.Lock)}"));
        writer.Line($"{(report.Symbol is null ? "" : $" {report.Symbol}")}  {Phrases.LockState(node)}");
        if (verbose)
        {
            writer.Line($"    value {Address.Text(report.Value.GetValueOrDefault())}");
        }

        writer.Line($"    owners    {Owners()}");
        ReportText.Threads(writer, 6, report.Owners.Select(owner => Thread(owner.Thread)), thread =>
            verbose ? [Owner(thread.Thread)] : []);
        writer.Line($"    waiters   {(report.Waiters.Count == 0 ? "none" : $"{Phrases.Count(report.Waiters.Count)}, oldest first")}");
        ReportText.Threads(writer, 6, report.Waiters.Select(waiter => Thread(waiter.Thread ?? 0)), thread => Waiter(thread.Thread));
        foreach (ThreadReport thread in report.Threads)
        {
            ReportText.Stack(writer, 4, thread);
        }

        writer.Line();
        ReportText.Footer(writer, report);
    }

    private string Owners()
    {
        if (report.Owners.Count > 0)
        {
            return Phrases.Count(report.Owners.Count) + (report.SharedOwners > report.Owners.Count ? $" of {Phrases.Count(report.SharedOwners)} found" : "");
        }

        return !report.Locked ? "none" : report.SharedOwners > 0
            ? $"none of {Phrases.Count(report.SharedOwners)} found: no thread has a lock entry for it"
            : "unknown: no thread has a lock entry for it";
    }

    private string Owner(ulong thread)
    {
        OwnerReport owner = report.Owners.First(owner => owner.Thread == thread);
        return $"by {owner.FoundBy}{(owner.Entry is { } entry ? $" {Address.Text(entry)}" : "")}";
    }

    private IEnumerable<Cell> Waiter(ulong thread)
    {
        WaiterReport waiter = report.Waiters.First(waiter => (waiter.Thread ?? 0) == thread);
        return verbose
            ? [waiter.Mode ?? "", waiter.WaitBlock is { } block ? $"block {Address.Text(block)}" : "", $"by {string.Join(", ", waiter.FoundBy)}"]
            : [waiter.Mode ?? ""];
    }

    private ThreadReport Thread(ulong address) =>
        threads.GetValueOrDefault(address) ?? new ThreadReport(address, null, null, 0, 0, null, "?", "?", null, false, false, null, null, []);
}
