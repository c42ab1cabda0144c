using LockLeak.Kernel;
using LockLeak.Locks;

namespace LockLeak.Reports;

/// <summary>The text of <c>!pushlock</c>.</summary>
/// <param name="report">The answer.</param>
/// <param name="writer">Where it goes.</param>
/// <param name="verbose">Show raw values, how threads were found, and stacks.</param>
internal sealed class PushLockText(PushLockReport report, ReportWriter writer, bool verbose)
{
    private readonly Dictionary<ThreadAddress, ThreadReport> threads = report.Threads.ToDictionary(thread => thread.Thread);

    /// <summary>Writes the whole report.</summary>
    public void Write()
    {
        writer.Write(report.Kind is PushLock ? Capitalised(report.Kind.Name) : $"{Capitalised(report.Kind.Name)}, not a push lock:")
            .Write(" ");
        writer.Write(new Cell($"{report.Lock}", report.Kind.TypeName is { } type ? $"dt nt!{type} {report.Lock}" : $"dq {report.Lock}"));
        writer.Line($"{(Phrases.Called(report.Node) is { } name ? $" {name}" : "")}  {Phrases.LockState(report.Node)}");
        if (verbose)
        {
            writer.Line($"    value {Address.Text(report.Value.GetValueOrDefault())}");
        }

        writer.Line($"    owners    {Owners()}");
        ReportText.Threads(writer, 6, report.Owners.Select(owner => (Thread(owner.Thread), verbose ? Owner(owner) : [])));
        if (report.Owners.Count == 1)
        {
            SiteText.Line(writer, 6, report.Sites);
        }
        else
        {
            SiteText.Holders(writer, 6, report.Sites);
        }

        writer.Line($"    waiters   {Waiters()}");
        ReportText.Threads(writer, 6, report.Waiters.Select(waiter => (Thread(waiter.Thread ?? default), Waiter(waiter))));
        SiteText.References(writer, 4, report.References);
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
            return Phrases.Count(report.Owners.Count) +
                (report.SharedOwners > report.Owners.Count ? $" of {Phrases.Count(report.SharedOwners)} found" : "");
        }

        return !report.Locked ? "none" : report.SharedOwners > 0
            ? $"none of {Phrases.Count(report.SharedOwners)} found: no thread has a lock entry for it"
            : "unknown: no thread has a lock entry for it";
    }

    /// <summary>Without the wait blocks of all waiters their order is not known.</summary>
    private string Waiters() => report.Waiters.Count == 0 ? "none"
        : Phrases.Count(report.Waiters.Count) + (report.Waiters.All(waiter => waiter.WaitBlock is not null) ? ", oldest first" : "");

    private static IEnumerable<Cell> Owner(OwnerReport owner) =>
        [$"by {Words.Of(owner.FoundBy)}{(owner.Entry is { } entry ? $" {entry}" : "")}"];

    private IEnumerable<Cell> Waiter(WaiterReport waiter) => verbose
        ? [Mode(waiter), waiter.WaitBlock is { } block ? $"block {Address.Text(block)}" : "",
            $"by {string.Join(", ", waiter.FoundBy.Select(Words.Of))}"]
        : [Mode(waiter)];

    private static string Mode(WaiterReport waiter) => waiter.Mode is { } mode ? Words.Of(mode) : "";

    private static string Capitalised(string words) => char.ToUpperInvariant(words[0]) + words[1..];

    private ThreadReport Thread(ThreadAddress address) =>
        threads.GetValueOrDefault(address) ?? ThreadReport.Unknown(address);
}
