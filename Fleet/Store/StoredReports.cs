using System.Data.Common;
using Dapper;

namespace LockLeak.Fleet.Store;

/// <summary>All that was found, to be written elsewhere.</summary>
internal sealed class StoredReports(Database database)
{
    /// <summary>Every finding, by module and time.</summary>
    public IReadOnlyList<FindingRow> Findings()
    {
        using DbConnection connection = database.Open();
        return connection.Query<FindingRow>(
            """
            select finding.*, report.machine, report.bug_check, (select min(path) from dump where dump.sha256 = finding.sha256) as path
            from finding join report on report.sha256 = finding.sha256
            order by module, stop_time, finding.sha256, number
            """).AsList();
    }

    /// <summary>Every report as JSON, one after the other from the database.</summary>
    public IEnumerable<(string Sha256, string Json)> Reports()
    {
        using DbConnection connection = database.Open();
        const string all = "select sha256, json from report order by sha256";
        foreach ((string, string) report in connection.Query<(string, string)>(all, buffered: false))
        {
            yield return report;
        }
    }

    /// <summary>The files that have a content.</summary>
    public ILookup<string, string> Paths()
    {
        using DbConnection connection = database.Open();
        return connection.Query<(string Sha256, string Path)>(
            "select distinct sha256, path from dump where sha256 is not null order by path")
            .ToLookup(row => row.Sha256, row => row.Path);
    }

    /// <summary>One report as JSON; null when there is none.</summary>
    public string? Report(string sha256)
    {
        using DbConnection connection = database.Open();
        return connection.QuerySingleOrDefault<string>("select json from report where sha256 = @sha256", new { sha256 });
    }
}
