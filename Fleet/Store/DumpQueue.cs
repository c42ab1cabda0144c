using System.Data.Common;
using Dapper;

namespace LockLeak.Fleet.Store;

/// <summary>The files that were submitted, and how far each is.</summary>
internal sealed class DumpQueue(Database database)
{
    /// <summary>Notes a file. The same file, unchanged, is noted once.</summary>
    /// <returns>Its row, new or old.</returns>
    public Dump Add(FileInfo file)
    {
        using DbConnection connection = database.Open();
        // PostgreSQL keeps microseconds, SQLite is given milliseconds.
        DateTime written = new(file.LastWriteTimeUtc.Ticks / TimeSpan.TicksPerMillisecond * TimeSpan.TicksPerMillisecond, DateTimeKind.Utc);
        var key = new
        {
            Id = Guid.CreateVersion7().ToString("n"),
            Path = file.FullName,
            Bytes = file.Length,
            Written = written,
            Submitted = DateTime.UtcNow
        };
        connection.Execute("insert into dump (id, path, bytes, written, submitted) values (@Id, @Path, @Bytes, @Written, @Submitted) on " +
            "conflict do nothing", key);
        return connection.QuerySingle<Dump>("select * from dump where path = @Path and bytes = @Bytes and written = @Written", key);
    }

    /// <summary>Notes that a job looks at it.</summary>
    public void Queued(string id, string job) => Execute("update dump set job = @job where id = @id", new { id, job });

    /// <summary>Forgets how it ended: it is looked at once more.</summary>
    public void Reopen(string id) =>
        Execute("update dump set job = null, attempts = 0, started = null, done = null, failed = null, reason = null where id = @id",
        new { id });

    /// <summary>Notes that a worker begins with it.</summary>
    /// <returns>Its row; null when there is none.</returns>
    public Dump? Begin(string id, string worker)
    {
        using DbConnection connection = database.Open();
        connection.Execute(
            "update dump set attempts = attempts + 1, started = @now, worker = @worker where id = @id and done is null and failed is null",
            new { id, worker, now = DateTime.UtcNow });
        return connection.QuerySingleOrDefault<Dump>("select * from dump where id = @id", new { id });
    }

    /// <summary>Notes that its worker was stopped before it came to an end.</summary>
    public void PutBack(string id) => Execute("update dump set attempts = attempts - 1, started = null where id = @id", new { id });

    /// <summary>Notes why an attempt gave no report.</summary>
    /// <param name="id">The file.</param>
    /// <param name="reason">One line.</param>
    /// <param name="last">No other attempt follows.</param>
    public void Failed(string id, string reason, bool last) =>
        Execute("update dump set reason = @reason, started = null, failed = @failed where id = @id and done is null",
            new { id, reason, failed = last ? DateTime.UtcNow : (DateTime?)null });

    /// <summary>How many have not ended.</summary>
    public long Open()
    {
        using DbConnection connection = database.Open();
        return connection.ExecuteScalar<long>("select count(*) from dump where done is null and failed is null");
    }

    private void Execute(string statement, object parameters)
    {
        using DbConnection connection = database.Open();
        connection.Execute(statement, parameters);
    }
}
