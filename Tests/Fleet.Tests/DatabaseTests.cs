using Dapper;
using Npgsql;

namespace LockLeak.Fleet.Tests;

/// <summary>A database that goes away, and the one that needs no server.</summary>
[TestClass]
[OSCondition(ConditionMode.Exclude, OperatingSystems.Windows)]
public sealed class DatabaseTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(100);

    [TestMethod]
    public void DatabaseThatIsGoneForAWhileLosesNothing()
    {
        if (!PostgresServer.IsInstalled)
        {
            Assert.Inconclusive("PostgreSQL is not installed.");
        }

        using var folder = new TemporaryFolder();
        using var postgres = new PostgresServer();
        for (int number = 0; number < 8; number++)
        {
            folder.Write($"{number}.dmp", $"{number}");
        }

        var fleet = new FleetProgram(postgres.ConnectionString,
            Programs.Script(folder, $"sleep 0.5; echo '{Programs.Answer("\"kind\":\"deadlock\"")}'"));
        fleet.Run("submit", folder.Path());
        using RunningFleet worker = fleet.Start("work", "--workers", "2", "--drain", "--patience", "5s");
        worker.WaitFor(line => line.StartsWith("1 found", StringComparison.Ordinal), Limit);
        postgres.Crash();
        Thread.Sleep(1500);
        postgres.Start();
        Assert.AreEqual(0, worker.Wait(Limit), worker.Printed);

        using var connection = new NpgsqlConnection(postgres.ConnectionString);
        Assert.AreEqual(8, connection.ExecuteScalar<int>("select count(*) from dump where done is not null and failed is null"),
            worker.Printed);
        Assert.AreEqual(8, connection.ExecuteScalar<int>("select count(*) from report"));
        Assert.AreEqual(8, connection.ExecuteScalar<int>("select count(*) from finding"));
    }

    [TestMethod]
    public void WithoutAServerAFileServesOneMachine()
    {
        using var folder = new TemporaryFolder();
        string log = folder.Path("asked");
        Directory.CreateDirectory(folder.Path("in", "below"));
        foreach (string dump in (string[])["a.dmp", "b.DMP", "below/c.dmp", "no dump.txt"])
        {
            folder.Write($"in/{dump}", dump == "b.DMP" ? "a.dmp" : dump); // b has what a has
        }

        var fleet = new FleetProgram($"Data Source={folder.Path("fleet.db")}",
            Programs.Script(folder, $"echo $2 >> {log}; echo '{Programs.Answer()}'"));
        StringAssert.StartsWith(fleet.Run("submit", folder.Path("in")), "3 submitted");
        string printed = fleet.Run("work", "--workers", "1", "--drain");
        StringAssert.Contains(printed, "0 found");
        StringAssert.Contains(printed, $"known  {folder.Path("in", "b.DMP")}");
        Assert.HasCount(2, File.ReadAllLines(log), "The same content is asked about once.");

        StringAssert.StartsWith(fleet.Run("submit", folder.Path("in", "*.dmp")), "0 submitted, 2 were before");
        StringAssert.StartsWith(fleet.Run("submit", "--again", folder.Path("in", "a.dmp")), "1 submitted");
        fleet.Run("work", "--workers", "1", "--drain");
        Assert.HasCount(3, File.ReadAllLines(log));
    }

    [TestMethod]
    public void FileThatIsGoneIsGivenUp()
    {
        using var folder = new TemporaryFolder();
        var fleet = new FleetProgram($"Data Source={folder.Path("fleet.db")}", Programs.FindsNothing(folder));
        string dump = folder.Write("gone.dmp", "x");
        fleet.Run("submit", dump);
        File.Delete(dump);
        StringAssert.Contains(fleet.Run("work", "--drain"), $"failed: the file is gone  {dump}");
    }

    [TestMethod]
    public void WhatCannotBeDoneIsOneLine()
    {
        using var folder = new TemporaryFolder();
        foreach ((string connection, string[] arguments, string line) in ((string, string[], string)[])
        [
            ("nonsense", ["submit", "x"], "lockleak-fleet: LOCKLEAK_DB is no connection string"),
            ("Host=/nowhere", ["submit", "x"], "lockleak-fleet: PostgreSQL on /nowhere"),
            ($"Data Source={folder.Path("fleet.db")}", ["submit", folder.Path("no.dmp")], "lockleak-fleet: no such file or folder: "),
            ($"Data Source={folder.Path("fleet.db")}", ["work", "--lockleak", "/no/lockleak"], "lockleak-fleet: /no/lockleak is not there"),
            ($"Data Source={folder.Path("fleet.db")}", ["work", "--timeout", "soon"],
                "lockleak-fleet: --timeout takes a time such as 30s or 5m, not 'soon'"),
            ($"Data Source={folder.Path("fleet.db")}", ["export", "x.csv"],
                "lockleak-fleet: the file's name has to end with .jsonl or .parquet"),
            ($"Data Source={folder.Path("fleet.db")}", ["march"], "lockleak-fleet: "),
        ])
        {
            string printed = new FleetProgram(connection, Programs.FindsNothing(folder)).RunBadly(arguments);
            StringAssert.StartsWith(printed, line);
            Assert.DoesNotContain("\n", printed);
        }
    }
}
