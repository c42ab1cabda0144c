using System.Globalization;
using LockLeak.Findings;

namespace LockLeak.Reports;

/// <summary>Parts that the text of all reports shares.</summary>
internal static class ReportText
{
    /// <summary>Rows of threads under a heading: address, process and Cid, state, reason, time, extra columns, start, place.</summary>
    public static void Threads(ReportWriter writer, int indent, IEnumerable<(ThreadReport Thread, IEnumerable<Cell> Extra)> rows) =>
        writer.Table(indent, [.. rows.Select(row => (IReadOnlyList<Cell>)(row.Thread.Thread.Value == 0
            ? ["unknown thread", "", "", "", "", .. row.Extra]
            : [Phrases.Thread(row.Thread.Thread), Phrases.Process(row.Thread), Phrases.State(row.Thread), Phrases.Reason(row.Thread),
                Phrases.Waited(row.Thread),
               .. row.Extra, Phrases.Started(row.Thread), Phrases.At(row.Thread)]))]);

    /// <summary>A thread's stack under a line that names it; nothing without -v.</summary>
    public static void Stack(ReportWriter writer, int indent, ThreadReport thread)
    {
        if (thread.Stack.Count == 0)
        {
            return;
        }

        writer.Write(new string(' ', indent) + "stack of ").Write(Phrases.Thread(thread.Thread)).Line();
        foreach (string frame in thread.Stack)
        {
            writer.Line(new string(' ', indent + 2) + frame);
        }
    }

    /// <summary>A sentence on a line, or on what is left of one; the threads and locks in it are links.</summary>
    public static void Sentence(ReportWriter writer, Sentence sentence)
    {
        foreach (Cell cell in Phrases.Sentence(sentence))
        {
            writer.Write(cell);
        }

        writer.Line();
    }

    /// <summary>Notes, then what was looked at and what it cost.</summary>
    public static void Footer(ReportWriter writer, Report report)
    {
        foreach (string note in report.Notes)
        {
            writer.Line(new Cell($"Note: {note}", Emphasis: Emphasis.Doubtful));
        }

        CostReport cost = report.Cost;
        string seen = cost.Processes == 0
            ? ""
            : $"{Phrases.Count(cost.Threads, "thread")} in {Phrases.Count(cost.Processes, "process")}, " +
                $"{Phrases.Count(cost.ThreadsWithEntries)} with lock entries in use. ";
        string time = (cost.Milliseconds / 1000.0).ToString("0.00", CultureInfo.InvariantCulture);
        writer.Line(new Cell($"{seen}Types: {report.Target.LayoutSource}. {Phrases.Count(cost.Reads, "read")}, {time} " +
            $"s{(cost.Phases is { } phases ? $": {phases}" : "")}.", Emphasis: Emphasis.Quiet));
    }
}
