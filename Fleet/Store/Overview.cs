using System.Data.Common;
using Dapper;

namespace LockLeak.Fleet.Store;

/// <summary>What the pages ask.</summary>
internal sealed class Overview(Database database)
{
    /// <summary>Rows that a page shows of a long list.</summary>
    public const int PageLength = 200;

    // Upper and lower case are one driver to Windows.
    private const string Named = "coalesce(lower(module), '') = @module";
    private const string Matches = """
        (coalesce(lower(module), '') like @like escape '\' or lower(coalesce(function, '')) like @like escape '\' or lower(coalesce(signature, '')) like @like escape '\'
            or lower(kind) like @like escape '\' or coalesce(revision, cast(build as text), '') like @like escape '\')
        """;

    /// <summary>How far the fleet is.</summary>
    public Progress Progress()
    {
        using DbConnection connection = database.Open();
        return connection.QuerySingle<Progress>(
            """
            select count(*) as total,
                count(case when done is not null then 1 end) as done,
                count(case when done is not null and reason is not null then 1 end) as unreadable,
                count(failed) as failed,
                count(case when started is not null and done is null and failed is null then 1 end) as running,
                count(distinct sha256) as contents
            from dump
            """);
    }

    /// <summary>Which driver leaks, since when, on which build: the one in most dumps first.</summary>
    public IReadOnlyList<Driver> Drivers(string? search)
    {
        using DbConnection connection = database.Open();
        var like = new { like = Like(search) };
        ILookup<string, Where> places = connection.Query<Where>(
            $"select distinct coalesce(lower(module), '') as module, module_version as version, coalesce(revision, cast(build as text)) " +
            $"as build from finding where {Matches}", like)
            .ToLookup(place => place.Module);
        var drivers = connection.Query<Driver>(
            $"""
            select coalesce(lower(module), '') as module, count(distinct sha256) as dumps, count(distinct case when certainty = 'certain' then sha256 end) as certain,
                min(stop_time) as first, max(stop_time) as last
            from finding where {Matches} group by 1 order by 2 desc, 1
            """, like).AsList();
        foreach (Driver driver in drivers)
        {
            driver.Builds = Distinct(places[driver.Module].Select(place => place.Build));
            driver.Versions = Distinct(places[driver.Module].Select(place => place.Version));
        }

        return drivers;
    }

    /// <summary>The defects of a driver: the one in most dumps first.</summary>
    public IReadOnlyList<Defect> Defects(string module)
    {
        using DbConnection connection = database.Open();
        return connection.Query<Defect>(
            $"""
            select kind, certainty, function, module_version as version, coalesce(revision, cast(build as text)) as build, signature,
                count(distinct sha256) as dumps, min(stop_time) as first, max(stop_time) as last, min(sha256) as sha256, min(message) as message
            from finding where {Named} group by 1, 2, 3, 4, 5, 6 order by 7 desc, 1, 3, 4, 5
            """, new { module = module.ToLowerInvariant() }).AsList();
    }

    /// <summary>Files, the newest first.</summary>
    /// <param name="state">Only those that are in it; null for all.</param>
    /// <param name="search">Only those whose path, machine, module, hash or reason has this; null for all.</param>
    public IReadOnlyList<DumpRow> Dumps(DumpState? state, string? search)
    {
        string only = state switch
        {
            DumpState.Waiting => "started is null and done is null and failed is null",
            DumpState.Running => "started is not null and done is null and failed is null",
            DumpState.Done => "done is not null and dump.reason is null",
            DumpState.Unreadable => "done is not null and dump.reason is not null",
            DumpState.Failed => "failed is not null",
            _ => "1 = 1",
        };
        using DbConnection connection = database.Open();
        return connection.Query<DumpRow>(
            $"""
            select dump.*, report.findings, report.machine, coalesce(report.revision, cast(report.build as text)) as build, report.bug_check, report.stop_time, report.seconds
            from dump left join report on report.sha256 = dump.sha256
            where {only} and (lower(path) like @like escape '\' or lower(coalesce(machine, '')) like @like escape '\' or coalesce(dump.sha256, '') like @like escape '\'
                or lower(coalesce(reason, '')) like @like escape '\'
                or exists (select 1 from finding where finding.sha256 = dump.sha256 and lower(coalesce(module, '')) like @like escape '\'))
            order by submitted desc, path limit {PageLength + 1}
            """, new { like = Like(search) }).AsList();
    }

    // What is a sign of its own in a pattern is none here.
    private static string Like(string? search) =>
        $"%{(search ?? "").Trim().ToLowerInvariant().Replace(@"\", @"\\").Replace("%", @"\%").Replace("_", @"\_")}%";

    private static string Distinct(IEnumerable<string?> words) =>
        string.Join(", ", words.OfType<string>().Distinct().Order(StringComparer.Ordinal));

    private sealed class Where
    {
        public required string Module { get; init; }
        public string? Version { get; init; }
        public string? Build { get; init; }
    }
}

/// <summary>Counts of files.</summary>
internal sealed class Progress
{
    public long Total { get; init; }

    /// <summary>With an answer, if only that the dump can not be read.</summary>
    public long Done { get; init; }

    /// <summary>Of <see cref="Done"/>: the answer is a reason why there is no report.</summary>
    public long Unreadable { get; init; }
    public long Failed { get; init; }
    public long Running { get; init; }

    /// <summary>Different contents of the files.</summary>
    public long Contents { get; init; }
    public long Waiting => Total - Done - Failed - Running;
}

/// <summary>A driver in whose name locks leak.</summary>
internal sealed class Driver
{
    /// <summary>In lower case; empty when it is not known.</summary>
    public required string Module { get; init; }
    public long Dumps { get; init; }
    public long Certain { get; init; }

    /// <summary>When the first of the machines stopped.</summary>
    public DateTime? First { get; init; }
    public DateTime? Last { get; init; }
    public string Builds { get; set; } = "";
    public string Versions { get; set; } = "";
}

/// <summary>A defect of a driver on a build.</summary>
internal sealed class Defect
{
    public required string Kind { get; init; }
    public required string Certainty { get; init; }
    public string? Function { get; init; }
    public string? Version { get; init; }
    public string? Build { get; init; }
    public string? Signature { get; init; }
    public long Dumps { get; init; }
    public DateTime? First { get; init; }
    public DateTime? Last { get; init; }

    /// <summary>One of the dumps.</summary>
    public required string Sha256 { get; init; }
    public required string Message { get; init; }
}

/// <summary>How far a file is.</summary>
public enum DumpState
{
    /// <summary>In the queue; for another attempt, if it has a reason.</summary>
    Waiting,

    /// <summary>A worker looks at it.</summary>
    Running,

    /// <summary>It has a report.</summary>
    Done,

    /// <summary>It has the reason why it never will have a report.</summary>
    Unreadable,

    /// <summary>It was given up.</summary>
    Failed,
}

/// <summary>A file with what is known of its content.</summary>
internal sealed class DumpRow
{
    public required string Path { get; init; }
    public DateTime Submitted { get; init; }
    public DateTime? Started { get; init; }
    public DateTime? Done { get; init; }
    public DateTime? Failed { get; init; }
    public string? Sha256 { get; init; }
    public string? Reason { get; init; }
    public long Attempts { get; init; }
    public string? Worker { get; init; }
    public long? Findings { get; init; }
    public string? Machine { get; init; }
    public string? Build { get; init; }
    public string? BugCheck { get; init; }
    public DateTime? StopTime { get; init; }
    public double? Seconds { get; init; }

    public DumpState State =>
        Failed is not null ? DumpState.Failed
        : Done is not null ? (Reason is null ? DumpState.Done : DumpState.Unreadable)
        : Started is not null ? DumpState.Running
        : DumpState.Waiting;
}
