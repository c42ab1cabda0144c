using System.Globalization;

namespace LockLeak.Reports;

/// <summary>The text of <c>!lockleak -check</c>: a table of what the kernel says twice, and under it what disagrees.</summary>
internal static class CheckText
{
    /// <summary>Writes the table.</summary>
    /// <param name="report">A report with checks.</param>
    /// <param name="checks">They.</param>
    /// <param name="writer">Where it goes.</param>
    public static void Write(LockLeakReport report, IReadOnlyList<CheckReport> checks, ReportWriter writer)
    {
        writer.Line("What the kernel says in two places, and how often both say the same:");
        writer.Line();
        writer.Table(2, [["check", "made", "agreed", "disagreed"], .. checks.Select(Row)]);
        writer.Line();
        foreach (CheckReport check in checks.Where(check => check.Disagreed > 0))
        {
            writer.Line(new Cell($"DISAGREES  {check.Name}: {Number(check.Disagreed)} of {Number(check.Made)}",
                Emphasis: Emphasis.Doubtful));
            foreach (string text in check.First)
            {
                writer.Line($"    {text}");
            }

            writer.Line($"    Either memory is damaged, or these fields lie elsewhere: {string.Join(", ", check.Suspects)}.");
            writer.Line();
        }

        long made = checks.Sum(check => check.Made), disagreed = checks.Sum(check => check.Disagreed);
        writer.Line(
            made == 0 ? "Nothing could be compared."
            : disagreed == 0 ? $"All {Number(made)} comparisons agree: the structures lie where the types say."
            : $"{Number(disagreed)} of {Number(made)} comparisons disagree.");
        writer.Line();
        ReportText.Footer(writer, report);
    }

    private static IReadOnlyList<Cell> Row(CheckReport check) =>
        [check.Name, Number(check.Made), Number(check.Agreed),
            new Cell(Number(check.Disagreed), Emphasis: check.Disagreed > 0 ? Emphasis.Wrong : Emphasis.None), check.Compares];

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
