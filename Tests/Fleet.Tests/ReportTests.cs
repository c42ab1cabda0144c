using LockLeak.Fleet.Engine;

namespace LockLeak.Fleet.Tests;

/// <summary>What is read out of lockleak's answer.</summary>
[TestClass]
public sealed class ReportTests
{
    [TestMethod]
    public void ColumnsComeFromTheAnswer()
    {
        Report report = Report.Read(Programs.Answer("""
            "kind":"leaked-entry","certainty":"certain","module":"TestDriver","moduleVersion":"1.2","function":"FileMoveThread","signature":"s","message":"m"
            """))!;
        Assert.AreEqual(22621, report.Build);
        Assert.AreEqual("22621.2506", report.Revision);
        Assert.AreEqual("LAB-7", report.Machine);
        Assert.AreEqual(new DateTime(2026, 2, 3, 4, 5, 6, 789, DateTimeKind.Utc), report.StopTime);
        Assert.AreEqual("0x153", report.BugCheck);
        Assert.AreEqual(new Finding("leaked-entry", "certain", "TestDriver", "1.2", "FileMoveThread", "s", "m"), report.Findings.Single());
        Assert.IsNull(report.Error);
    }

    [TestMethod]
    [DataRow("")]
    [DataRow("Nothing leaked.")]
    [DataRow("[]")]
    [DataRow("{}")]
    [DataRow("""{"schema":"lockleak/2"}""")]
    [DataRow("""{"schema":"lockleak/1"} {}""")]
    [DataRow("""{"schema":"lockleak/1","target":{"machine":"\ud800"}}""")]
    public void AnythingElseIsNoAnswer(string output) => Assert.IsNull(Report.Read(output));

    [TestMethod]
    public void KeysOfOtherTypesAreAsIfTheyWereNotThere()
    {
        Report report = Report.Read(
            """{"schema":"lockleak/1","target":{"build":"x","stopTime":3,"bugCheck":null},"findings":[3,{"kind":4}]}""")!;
        Assert.IsNull(report.Build);
        Assert.HasCount(2, report.Findings);
        Assert.AreEqual("?", report.Findings[1].Kind);
    }

    [TestMethod]
    [DataRow("not-a-dump", true, true, false)]
    [DataRow("not-a-dump", false, false, false)]
    [DataRow("usage", true, false, false)]
    [DataRow("no-such-file", true, false, false)]
    [DataRow("time-limit", false, false, true)]
    public void ReasonsAreOfTheDumpOrNot(string code, bool saidPermanent, bool permanent, bool timedOut)
    {
        Report report = Report.Read(
            $$$"""{"schema":"lockleak/1","error":{"code":"{{{code}}}","message":"why","permanent":{{{(saidPermanent ? "true" : "false")}}}}}""")!;
        Assert.AreEqual("why", report.Error);
        Assert.AreEqual((permanent, timedOut), (report.Permanent, report.TimedOut));
    }

    // PostgreSQL refuses it; what follows a backslash of its own is none.
    [TestMethod]
    [DataRow("""a\u0000b""", "a\uFFFDb")]
    [DataRow("""a\\u0000b""", """a\u0000b""")]
    [DataRow("""a\\\u0000b""", "a\\\uFFFDb")]
    public void ZeroCharactersAreReplaced(string written, string read) =>
        Assert.AreEqual(read, Report.Read($$$"""{"schema":"lockleak/1","target":{"machine":"{{{written}}}"}}""")!.Machine);
}
