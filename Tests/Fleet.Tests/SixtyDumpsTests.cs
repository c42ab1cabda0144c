using Dapper;
using KernelImages.Dump;
using KernelImages.Scenarios;
using LockLeak.Build;
using LockLeak.Engine.Tests;
using LockLeak.Layouts;
using Npgsql;

namespace LockLeak.Fleet.Tests;

/// <summary>
/// The whole: a real PostgreSQL, the real engine, 60 dumps of which 12 are bad in six ways, and two workers of which one is killed.
/// </summary>
[TestClass]
[OSCondition(ConditionMode.Exclude, OperatingSystems.Windows)]
public sealed class SixtyDumpsTests
{
    private static readonly string[] Scenarios =
        ["pushlock153", "clean", "deadlock3", "terminated", "ownerless", "stale-waiter", "user-mode-owner", "bugcheck162", "chain",
            "deadlock2", "mutexes", "readers"];

    /// <summary>Generous: the machine may be slow and busy.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(4);

    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    public void EveryDumpIsAccountedForOnce()
    {
        if (!PostgresServer.IsInstalled)
        {
            Assert.Inconclusive("PostgreSQL is not installed.");
        }

        using var folder = new TemporaryFolder();
        MakeDumps(folder);
        using var postgres = new PostgresServer();
        Wine.StartServices(Path.Combine(Repository.Binaries, "lockleak.exe"), "-z", Repository.SampleDump);
        var fleet = new FleetProgram(postgres.ConnectionString, Programs.Engine(folder));
        string[] options = ["work", "--drain", "--workers", "2", "--timeout", "15s", "--disk", "50", "--patience", "5s", "-y",
            folder.Path("symbols")];

        StringAssert.StartsWith(fleet.Run("submit", folder.Path("dumps")), "60 submitted");
        using RunningFleet first = fleet.Start(options), second = fleet.Start(options);
        first.WaitFor(line => line.Contains(" found, ", StringComparison.Ordinal), Limit);
        first.Kill();
        Assert.AreEqual(0, second.Wait(Limit), second.Printed);
        TestContext.WriteLine(first.Printed + "\n" + second.Printed);

        using var connection = new NpgsqlConnection(postgres.ConnectionString);
        Row[] rows = [.. connection.Query<Row>(
            "select path, done is not null as done, failed is not null as failed, reason, attempts, sha256 from dump")];
        Assert.HasCount(60, rows);
        Assert.IsTrue(rows.All(row => row.Done != row.Failed), "Each either has a report or was given up.");
        Assert.AreEqual(48, rows.Count(row => row.Done && row.Reason is null));
        AssertReason(rows, "cut", isDone: true, "", 1); // the engine's own words
        AssertReason(rows, "text", isDone: true, "cannot open", 1);
        AssertReason(rows, "process", isDone: true, "is not a kernel dump", 1);
        AssertReason(rows, "a-hangs", isDone: false, "took longer than 15 s", 2);
        AssertReason(rows, "kills", isDone: false, "lockleak died: signal 11", 3);
        AssertReason(rows, "fills", isDone: false, "wrote more than 50 MB", 3);

        // The same content has one report, under however many names it was submitted.
        Assert.AreEqual(rows.Where(row => row.Done).Select(row => row.Sha256).Distinct().Count(),
            connection.ExecuteScalar<int>("select count(*) from report"));
        Assert.AreEqual(44, connection.ExecuteScalar<int>("select count(*) from report where error is null"));
        Assert.AreEqual(4, Findings(connection, "pushlock153", "leaked-entry"));
        Assert.AreEqual(4, Findings(connection, "deadlock3", "deadlock"));
        Assert.AreEqual(0, connection.ExecuteScalar<int>(
            "select count(*) from finding join dump using (sha256) where path like '%/clean%'"));

        StringAssert.StartsWith(fleet.Run("submit", folder.Path("dumps")), "0 submitted, 60 were before");
    }

    private static int Findings(NpgsqlConnection connection, string scenario, string kind) =>
        connection.ExecuteScalar<int>("select count(*) from finding join dump using (sha256) where path like @path and kind = @kind",
            new { path = $"%/{scenario}-%", kind });

    private static void AssertReason(Row[] rows, string name, bool isDone, string reason, int attempts)
    {
        Row[] two = [.. rows.Where(row => Path.GetFileName(row.Path).StartsWith(name, StringComparison.Ordinal))];
        Assert.HasCount(2, two);
        foreach (Row row in two)
        {
            Assert.AreEqual(isDone, row.Done, row.Path);
            StringAssert.Contains(row.Reason, reason, row.Path);
            // One more if the killed worker was just at it.
            Assert.IsInRange(attempts, attempts + 1, row.Attempts, row.Path);
        }
    }

    // 12 scenarios, each four times; trailing bytes, which no debugger reads, make them different. Four are the same as another.
    private static void MakeDumps(TemporaryFolder folder)
    {
        string dumps = Directory.CreateDirectory(folder.Path("dumps")).FullName, symbols = folder.Path("symbols");
        KernelTypes types = KernelTypes.Load("10.0.22621");
        foreach (string scenario in Scenarios)
        {
            byte[] dump = File.ReadAllBytes(DumpFolder.Write(symbols, ScenarioLibrary.Find(scenario), types));
            foreach (byte number in (byte[])[1, 2, 3, 4])
            {
                bool isCopy = number == 4 && Array.IndexOf(Scenarios, scenario) < 4;
                File.WriteAllBytes(Path.Combine(dumps, $"{scenario}-{number}.dmp"), [.. dump, isCopy ? (byte)3 : number]);
            }
        }

        byte[] good = File.ReadAllBytes(Path.Combine(dumps, "clean-1.dmp"));
        for (int number = 1; number <= 2; number++)
        {
            File.WriteAllBytes(Path.Combine(dumps, $"cut{number}.dmp"), good[..(0x3000 + number)]);
            File.WriteAllText(Path.Combine(dumps, $"text{number}.dmp"), $"This is no dump, {number}.");
            MiniDump.Write(Path.Combine(dumps, $"process{number}.dmp"));
            File.AppendAllText(Path.Combine(dumps, $"process{number}.dmp"), $"{number}");
            foreach (string name in (string[])["a-hangs", "kills", "fills"])
            {
                File.WriteAllText(Path.Combine(dumps, $"{name}{number}.dmp"), $"{name} {number}");
            }
        }
    }

    private sealed class Row
    {
        public string Path { get; init; } = "";
        public bool Done { get; init; }
        public bool Failed { get; init; }
        public string? Reason { get; init; }
        public int Attempts { get; init; }
        public string? Sha256 { get; init; }
    }
}
