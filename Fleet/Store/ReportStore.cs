using System.Data.Common;
using Dapper;
using LockLeak.Fleet.Engine;

namespace LockLeak.Fleet.Store;

/// <summary>What was found, one report for each content.</summary>
internal sealed class ReportStore(Database database)
{
    /// <summary>Ends a dump whose content has a report.</summary>
    /// <returns>False when it has none.</returns>
    public bool TryReuse(string dump, string sha256)
    {
        using DbConnection connection = database.Open();
        return connection.Execute(
            "update dump set sha256 = @sha256, done = @now, reason = (select error from report where sha256 = @sha256) where id = @dump " +
            "and exists (select 1 from report where sha256 = @sha256)",
            new { dump, sha256, now = DateTime.UtcNow }) > 0;
    }

    /// <summary>Stores a report and ends its dump. Of two reports on one content the first stays, unless it is to be replaced.</summary>
    public void Keep(string dump, string sha256, Report report, double seconds, bool replace)
    {
        using DbConnection connection = database.Open();
        using DbTransaction transaction = connection.BeginTransaction();
        var key = new { dump, sha256, now = DateTime.UtcNow, report.Error };
        if (replace)
        {
            connection.Execute("delete from finding where sha256 = @sha256", key, transaction);
            connection.Execute("delete from report where sha256 = @sha256", key, transaction);
        }

        bool isNew = connection.Execute(
            """
            insert into report (sha256, bytes, analyzed, worker, seconds, build, revision, machine, stop_time, bug_check, findings, error, json)
            select @sha256, bytes, @now, worker, @seconds, @Build, @Revision, @Machine, @StopTime, @BugCheck, @findings, @Error, @json from dump where id = @dump
            on conflict do nothing
            """,
            new
            {
                dump,
                sha256,
                key.now,
                seconds,
                report.Build,
                report.Revision,
                report.Machine,
                report.StopTime,
                report.BugCheck,
                findings = report.Findings.Count,
                report.Error,
                json = new JsonText(report.Json)
            },
            transaction) > 0;
        if (isNew)
        {
            connection.Execute(
                """
                insert into finding (sha256, number, kind, certainty, module, module_version, function, signature, message, build, revision, stop_time)
                values (@sha256, @number, @Kind, @Certainty, @Module, @ModuleVersion, @Function, @Signature, @Message, @Build, @Revision, @StopTime)
                """,
                report.Findings.Select((finding, number) => new
                {
                    sha256,
                    number,
                    finding.Kind,
                    finding.Certainty,
                    finding.Module,
                    finding.ModuleVersion,
                    finding.Function,
                    finding.Signature,
                    finding.Message,
                    report.Build,
                    report.Revision,
                    report.StopTime,
                }),
                transaction);
        }

        connection.Execute("update dump set sha256 = @sha256, done = @now, failed = null, reason = @Error where id = @dump", key,
            transaction);
        transaction.Commit();
    }
}
