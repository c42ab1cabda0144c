using System.Text.Json;
using KernelImages;
using LockLeak.Code;
using LockLeak.Locks;
using LockLeak.Reports;

namespace LockLeak.Tests.Code;

/// <summary>What reports make of what the code says: data in the JSON, words in the text.</summary>
[TestClass]
internal sealed class SiteReportTests
{
    [TestMethod]
    public void AThreadThatEndedHasThePlaceInItsStartRoutine()
    {
        JsonElement site = Finding(Machines.Target("pushlock153")).GetProperty("sites").EnumerateArray().Single();

        Assert.AreEqual("never-releases", site.GetProperty("verdict").GetString());
        Assert.AreEqual("TestDriver!FileMoveThread+0x3a", site.GetProperty("symbol").GetString());
        Assert.AreEqual("ExAcquirePushLockExclusiveEx", site.GetProperty("routine").GetString());
        Assert.AreEqual(("push lock", "exclusive"), (site.GetProperty("kind").GetString(), site.GetProperty("mode").GetString()));
        Assert.AreEqual("0xffffc7883a0f6f70", site.GetProperty("lock").GetString());
        Assert.AreEqual("0xffffc78839108040", site.GetProperty("thread").GetString());
        Assert.AreEqual("0xfffff8074596132e", site.GetProperty("returnsAt").GetString());
        Assert.AreEqual(JsonValueKind.Null, site.GetProperty("branch").ValueKind);
    }

    [TestMethod]
    public void ThreadsOfADeadlockHaveThePlacesOnTheirStacks()
    {
        InMemoryTarget target = Machines.Target("deadlock2");
        JsonElement finding = Finding(target);

        string[] places = [.. finding.GetProperty("sites").EnumerateArray()
            .Select(site => $"{site.GetProperty("verdict")} {site.GetProperty("symbol")}")];
        CollectionAssert.AreEquivalent((string[])["holds TestDriver!FileCopyThread+0x17", "holds TestDriver!FileFlushThread+0x23"], places);
        CollectionAssert.AreEquivalent(
            finding.GetProperty("threads").EnumerateArray().Select(thread => thread.GetString()).ToArray(),
            finding.GetProperty("sites").EnumerateArray().Select(site => site.GetProperty("thread").GetString()).ToArray());
    }

    /// <summary>The words promise no more than the verdict does.</summary>
    [TestMethod]
    [DataRow(SiteVerdict.Takes, "takes a push lock exclusively, ExAcquire")]
    [DataRow(SiteVerdict.NeverReleases, "takes a push lock exclusively and never releases it, ExAcquire")]
    [DataRow(SiteVerdict.CanReturn,
        "takes a push lock exclusively, and can end without releasing it: the branch at driver!F+0x20 leads there, unless the call at " +
        "fffff807`00000030 releases it, ExAcquire")]
    [DataRow(SiteVerdict.NoPathSeen, "takes a push lock exclusively; no way out without a release was seen, ExAcquire")]
    [DataRow(SiteVerdict.CannotTell, "takes a push lock exclusively; what becomes of it cannot be told, ExAcquire")]
    [DataRow(SiteVerdict.Holds, "took it, ExAcquire")]
    [DataRow(SiteVerdict.MayHold, "may hold it since, ExAcquire")]
    public void AVerdictIsALine(SiteVerdict verdict, string words)
    {
        var writer = new ReportWriter(dml: false);
        SiteReport site = Site(verdict, 0x10);
        SiteText.Line(writer, 4,
            [verdict == SiteVerdict.CanReturn ? site with { Branch = 0xfffff807_00000020, Unless = [0xfffff807_00000030] } : site]);
        Assert.AreEqual($"    code    driver!F+0x10 [f.c:7]  {words}\n", writer.ToString());
    }

    [TestMethod]
    public void PlacesThatFitEquallyWellAreCounted()
    {
        var writer = new ReportWriter(dml: false);
        SiteText.Line(writer, 4, [Site(SiteVerdict.Takes, 0x10), Site(SiteVerdict.Takes, 0x40), Site(SiteVerdict.NoPathSeen, 0x80)]);
        Assert.AreEqual("    code    2 places  take a push lock in the same way (-v shows them)\n", writer.ToString());
    }

    /// <summary>The normal case of small dumps: the user can provide the image, and is told how.</summary>
    [TestMethod]
    public void WhereTheCodeIsNotInTheDumpTheAnswerSaysWhatHelps()
    {
        var target = new InMemoryTarget(Machines.Kernel("pushlock153")) { Unreadable = { (0xfffff807_45960000, 0xfffff807_45965000) } };

        string answer = Session.Run(target, "!lockleak").Text;

        Assert.Contains("    code    The code of TestDriver cannot be read: it is not in the dump or paged out. Add the folder of its " +
            "image to the image path (.exepath+) and try again.\n", answer);
    }

    /// <summary>On a live machine code comes over the link.</summary>
    [TestMethod]
    public void ALiveMachinesCodeIsReadForWhatIsCertainAlone()
    {
        var live = new InMemoryTarget(Machines.Kernel("chain")) { IsLive = true };
        Assert.AreEqual(0, Session.Run(live, "!lockleak -json").Json.GetProperty("chains")[0].GetProperty("sites").GetArrayLength());
        Assert.AreEqual(1, Finding(new InMemoryTarget(Machines.Kernel("terminated")) { IsLive = true }).GetProperty("sites")
            .GetArrayLength());
    }

    private static JsonElement Finding(InMemoryTarget target) =>
        Session.Run(target, "!lockleak -json").Json.GetProperty("findings").EnumerateArray().Single();

    private static SiteReport Site(SiteVerdict verdict, ulong offset) => new(
        verdict, default, default, 0xfffff807_00000000 + offset, $"driver!F+0x{offset:x}", "f.c:7", "ExAcquire", LockKinds.PushLock,
        LockMode.Exclusive)
    {
        Symbols = new Dictionary<ulong, Target.SymbolName?> { [0xfffff807_00000020] = new("driver", "F", 0x20) },
    };
}
