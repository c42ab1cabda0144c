using System.Text.Json.Serialization;
using LockLeak.Checks;

namespace LockLeak.Reports;

/// <summary>One thing that the kernel says in two places, and how often they agree.</summary>
/// <param name="Name">Its name, such as active-threads.</param>
/// <param name="Compares">The two places, in words.</param>
/// <param name="Made">Comparisons.</param>
/// <param name="Agreed">Those whose sides agree.</param>
/// <param name="Disagreed">Those whose sides differ.</param>
/// <param name="First">The first that differ, each a sentence.</param>
/// <param name="Suspects">Fields of the kernel's structures that may lie elsewhere; empty where all agree.</param>
internal sealed record CheckReport(
    string Name, [property: JsonIgnore] string Compares, long Made, long Agreed, long Disagreed, IReadOnlyList<string> First,
    IReadOnlyList<string> Suspects)
{
    /// <summary>Disagreements that are told.</summary>
    private const int Told = 5;

    /// <summary>All checks as data.</summary>
    internal static IReadOnlyList<CheckReport> Of(SelfCheck checks) =>
    [
        .. checks.Runs.Select(run => new CheckReport(
            run.Check.Name, run.Check.Compares, run.Result.Made, run.Result.Agreed, run.Result.Disagreed,
            [.. run.Result.Disagreements.Take(Told).Select(disagreement => disagreement.Text)], checks.Suspects(run))),
    ];
}
