using System.Globalization;
using LockLeak.Code;
using LockLeak.Kernel;
using LockLeak.Locks;

namespace LockLeak.Reports;

/// <summary>
/// What the code says of the locks of a finding or a chain. The words are chosen with care: that a function can end with a lock held
/// is no proof that this lock leaked there (docs/commands.md says what each of them promises).
/// </summary>
internal static class SiteText
{
    /// <summary>The line of a finding about one lock: what the best place is, or how many are as good; nothing without any.</summary>
    public static void Line(ReportWriter writer, int indent, IReadOnlyList<SiteReport> sites)
    {
        if (sites.Count > 0)
        {
            List<SiteReport> best = Best(sites);
            writer.Write(new string(' ', indent) + "code    ").Write(best is [var only] ? Place(only) : Places(best))
                .Line($"  {(best.Count == 1 ? Meaning(best[0]) : $"take a {best[0].Kind} in the same way (-v shows them)")}");
        }
    }

    /// <summary>A row for each owner whose place is known, in a circle or in a chain, and with -v what more there is to say.</summary>
    public static void Holders(ReportWriter writer, int indent, IReadOnlyList<SiteReport> sites, IReadOnlyList<string> notes, bool verbose)
    {
        Holders(writer, indent, sites);
        if (verbose)
        {
            Ways(writer, indent, [.. sites.Where(site => site.Verdict != SiteVerdict.Holds || site.Through.Count > 0)], notes);
        }
    }

    /// <summary>A row for each owner whose place is known: in a circle, in a chain, of one lock.</summary>
    public static void Holders(ReportWriter writer, int indent, IReadOnlyList<SiteReport> sites) => writer.Table(indent,
    [
        .. sites.GroupBy(site => (site.Thread, site.Lock)).Select(group => Best([.. group])).Select(best => (IReadOnlyList<Cell>)
        [
            Phrases.Thread(best[0].Thread),
            best[0].Verdict switch { SiteVerdict.Holds => "took", SiteVerdict.MayHold => "may hold", _ => "code for" },
            Phrases.Lock(best[0].Lock),
            best[0].Verdict == SiteVerdict.MayHold ? "since" : "at",
            best is [var only] ? Place(only) : $"one of {Places(best)} (-v shows them)",
            best.Count > 1 ? "" : best[0].Verdict is SiteVerdict.Holds or SiteVerdict.MayHold ? best[0].Routine : Meaning(best[0]),
        ]),
    ]);

    /// <summary>The functions that refer to a lock in a driver's data.</summary>
    public static void References(ReportWriter writer, int indent, IReadOnlyList<ReferenceReport> references)
    {
        if (references.Count > 0)
        {
            writer.Line($"{new string(' ', indent)}code      {Phrases.Count(references.Count, "instruction")} " +
                $"{(references.Count == 1 ? "refers" : "refer")} to it");
            writer.Table(indent + 2,
                [.. references.Select(reference => (IReadOnlyList<Cell>)[Place(reference.Address, reference.Symbol, reference.Source)])]);
        }
    }

    /// <summary>Every place with the ways from it, and what could not be told.</summary>
    public static void Ways(ReportWriter writer, int indent, IReadOnlyList<SiteReport> sites, IReadOnlyList<string> notes)
    {
        string margin = new(' ', indent);
        foreach (SiteReport site in sites)
        {
            writer.Write($"{margin}code    ").Write(Place(site))
                .Line($"  {Meaning(site)}{(site.SameLock ? "; its address is that of the lock" : "")}");
            foreach (ulong call in site.Through)
            {
                Way("called at", call, "");
            }

            if (site.Raises is { } raises)
            {
                Way("if the code at", raises, " raises an exception");
            }

            if (site.Branch is { } branch)
            {
                Way("the branch at", branch, " leads there");
            }

            if (site.ReturnsAt is { } exit)
            {
                Way("ends at", exit, "");
            }

            void Way(string before, ulong address, string after) =>
                writer.Write($"{margin}          {before} ").Write(Named(site, address)).Line(after);
        }

        foreach (string note in notes)
        {
            writer.Line(new Cell($"{margin}code    {note}", Emphasis: Emphasis.Quiet));
        }
    }

    private static List<SiteReport> Best(IReadOnlyList<SiteReport> sites) =>
        [.. sites.TakeWhile(site => (site.Verdict, site.SameLock) == (sites[0].Verdict, sites[0].SameLock))
            .DistinctBy(site => site.Address)];

    private static string Places(List<SiteReport> sites) => string.Create(CultureInfo.InvariantCulture, $"{sites.Count} places");

    private static Cell Place(SiteReport site) => Place(site.Address, site.Symbol, site.Source);

    private static Cell Named(SiteReport site, ulong address) =>
        Place(address, site.Symbols.GetValueOrDefault(address)?.ToString(), source: null);

    private static Cell Place(ulong address, string? symbol, string? source) =>
        new(Phrases.Place(symbol ?? Address.Text(address), source), $"u {Address.Text(address)}");

    private static string Meaning(SiteReport site)
    {
        string takes = $"takes a {site.Kind} {(site.Mode == LockMode.Exclusive ? "exclusively" : "shared")}";
        string way = site switch
        {
            { Raises: { } raises } => $" if the code at {Named(site, raises).Text} raises",
            { Branch: { } branch } => $": the branch at {Named(site, branch).Text} leads there",
            _ => "",
        };
        string unless = site.Unless.Count == 0
            ? "" : $", unless the call at {string.Join(" or ", site.Unless.Select(call => Named(site, call).Text))} releases it";
        string what = site.Verdict switch
        {
            SiteVerdict.Holds => "took it",
            SiteVerdict.MayHold => "may hold it since",
            SiteVerdict.Takes => takes,
            SiteVerdict.NeverReleases => $"{takes} and never releases it",
            SiteVerdict.CanReturn => $"{takes}, and can end without releasing it{way}{unless}",
            SiteVerdict.NoPathSeen => $"{takes}; no way out without a release was seen",
            SiteVerdict.CannotTell => $"{takes}; what becomes of it cannot be told",
        };
        return $"{what}, {site.Routine}";
    }
}
