using System.Data.Common;
using Dapper;
using Hangfire;
using Hangfire.PostgreSql;
using Hangfire.Storage.SQLite;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace LockLeak.Fleet.Store;

/// <summary>Where the queue and the results are: PostgreSQL for many machines, a SQLite file for one.</summary>
internal abstract class Database
{
    /// <summary>The environment variable that names the connection.</summary>
    public const string Variable = "LOCKLEAK_DB";

    /// <summary>The database that the environment names; without one a file of this user.</summary>
    public static Database FromEnvironment()
    {
        DefaultTypeMap.MatchNamesWithUnderscores = true;
        Times.Register();
        string? given = Environment.GetEnvironmentVariable(Variable);
        if (string.IsNullOrWhiteSpace(given))
        {
            string folder = Path.Combine(
                Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.Create),
                "LockLeak");
            Directory.CreateDirectory(folder);
            return new SqliteDatabase(Path.Combine(folder, "fleet.db"));
        }

        try
        {
            var words = new DbConnectionStringBuilder { ConnectionString = given };
            return words.TryGetValue("Data Source", out object? file) ? new SqliteDatabase((string)file) : new PostgresDatabase(given);
        }
        catch (ArgumentException)
        {
            throw new FleetException(
                $"{Variable} is no connection string: give \"Host=...;Database=...;Username=...;Password=...\" or \"Data Source=<SQLite " +
                $"file>\"");
        }
    }

    /// <summary>An open connection.</summary>
    public abstract DbConnection Open();

    /// <summary>Hangfire's part of it, for who fetches nothing.</summary>
    public JobStorage Jobs() => Jobs(TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1));

    /// <summary>Hangfire's part of it.</summary>
    /// <param name="patience">How long a dump's worker may give no sign of life before another one fetches the dump.</param>
    /// <param name="longest">How long a worker may be busy with one dump.</param>
    public abstract JobStorage Jobs(TimeSpan patience, TimeSpan longest);

    /// <summary>What a user can tell it by, without a password.</summary>
    public abstract string Name { get; }

    /// <summary>Makes the tables that are not there.</summary>
    /// <exception cref="FleetException">It cannot be reached.</exception>
    public virtual void Prepare()
    {
        try
        {
            using DbConnection connection = Open();
            connection.Execute(Resource.Text("schema.sql"));
        }
        catch (DbException e)
        {
            throw new FleetException($"{Name} cannot be used: {e.Message}");
        }
    }

    private sealed class PostgresDatabase : Database
    {
        // Any number that nothing else uses: two programs that make the tables at the same time would fail.
        private const long PreparingLock = 0x4C4F434B4C45414B;

        private readonly NpgsqlDataSource source;

        public PostgresDatabase(string connection)
        {
            source = NpgsqlDataSource.Create(connection);
            var words = new NpgsqlConnectionStringBuilder(connection);
            Name = $"PostgreSQL on {words.Host}, database {words.Database ?? words.Username}";
        }

        public override string Name { get; }

        public override DbConnection Open() => source.OpenConnection();

        public override void Prepare()
        {
            try
            {
                using DbConnection connection = Open();
                connection.Execute("select pg_advisory_lock(@PreparingLock)", new { PreparingLock });
                base.Prepare();
                connection.Execute("select pg_advisory_unlock(@PreparingLock)", new { PreparingLock });
            }
            catch (DbException e)
            {
                throw new FleetException($"{Name} cannot be used: {e.Message}");
            }
        }

        public override JobStorage Jobs(TimeSpan patience, TimeSpan longest) =>
            new PostgreSqlStorage(new Connections(source), new PostgreSqlStorageOptions
            {
                // A worker renews what it has fetched five times in this span.
                InvisibilityTimeout = patience,
                UseSlidingInvisibilityTimeout = true,
                // A lock is a row: when the connection breaks it stays, and Hangfire would wait ten minutes for it.
                DistributedLockTimeout = patience,
                QueuePollInterval = TimeSpan.FromSeconds(1),
            });

        private sealed class Connections(NpgsqlDataSource source) : IConnectionFactory
        {
            public NpgsqlConnection GetOrCreateConnection() => source.CreateConnection();
        }
    }

    private sealed class SqliteDatabase : Database
    {
        private readonly string connection;
        private readonly string file;

        public SqliteDatabase(string file)
        {
            SQLitePCL.raw.SetProvider(new SQLitePCL.SQLite3Provider_e_sqlite3());
            this.file = Path.GetFullPath(file);
            // Another process may write: wait for it.
            connection = new SqliteConnectionStringBuilder { DataSource = this.file, DefaultTimeout = 60 }.ToString();
        }

        public override string Name => file;

        public override DbConnection Open()
        {
            var opened = new SqliteConnection(connection);
            opened.Open();
            return opened;
        }

        // Nobody renews what is fetched: it has to last for the longest dump.
        public override JobStorage Jobs(TimeSpan patience, TimeSpan longest) => new SQLiteStorage(file, new SQLiteStorageOptions
        {
            InvisibilityTimeout = longest + patience,
            QueuePollInterval = TimeSpan.FromSeconds(1),
        });
    }
}
