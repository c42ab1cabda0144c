using LockLeak.Analysis;
using LockLeak.Kernel;

namespace LockLeak.Reports;

/// <summary>The text of a hang: one line that names who holds it up, and a short table of the locks that threads wait long for.</summary>
internal static class HangText
{
    /// <summary>Locks in the table without -v.</summary>
    private const int MostLocks = 5;

    /// <summary>Who holds the machine up.</summary>
    public static void Blocker(ReportWriter writer, BlockerReport blocker)
    {
        writer.Write(new Cell("HANG", Emphasis: Emphasis.Doubtful)).Write("  ");
        ReportText.Sentence(writer, blocker.Message);
        writer.Write("    ");
        ReportText.Sentence(writer, blocker.Reason);
        writer.Line();
    }

    /// <summary>That threads wait and nothing hangs.</summary>
    public static void Contention(ReportWriter writer) =>
        writer.Line($"No thread has waited {Phrases.Duration(Hangs.LongMilliseconds)} for a lock: this is contention and no hang.").Line();

    /// <summary>The locks with long waits that no finding is about; a single one is in a chain already.</summary>
    public static void Contentions(ReportWriter writer, LockLeakReport report, bool verbose)
    {
        Dictionary<LockAddress, LockReport> locks = report.Locks.ToDictionary(node => node.Lock);
        List<ContentionReport> contentions =
            [.. report.Contentions.Where(found =>
            !report.Findings.Any(finding => finding.Lock == found.Lock || finding.Locks.Contains(found.Lock)))];
        if (contentions.Count < 2)
        {
            return;
        }

        int shown = verbose ? contentions.Count : Math.Min(contentions.Count, MostLocks);
        writer.Line("Locks that threads wait long for:");
        writer.Table(4,
        [
            ["LOCK", "KIND", "WAITERS", "LONGEST", "BY", "OWNER", "CONTENTION"],
            .. contentions.Take(shown).Select(found => (IReadOnlyList<Cell>)Row(found, locks[found.Lock])),
        ]);
        if (shown < contentions.Count)
        {
            writer.Line(new Cell($"    and {contentions.Count - shown} more (-v shows all)", Emphasis: Emphasis.Quiet));
        }

        writer.Line();
    }

    private static List<Cell> Row(ContentionReport found, LockReport node) =>
    [
        Phrases.Lock(node), Phrases.Kind(node), Phrases.Count(found.Waiters),
        Phrases.Waited(found.WaitMilliseconds, found.WaitIsLowerBound),
        Phrases.Thread(found.Waiter),
        node.Owners switch
        {
            [] => "unknown",
            [var owner] => Phrases.Thread(owner.Thread),
            _ => $"{node.Owners.Count} threads",
        },
        found.ContentionCount is { } count ? $"{Phrases.Count(count, "time")}" : "",
    ];
}
