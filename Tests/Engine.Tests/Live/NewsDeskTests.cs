using LockLeak.Host;

namespace LockLeak.Engine.Tests;

/// <summary>What of a look at a machine is news, and how a user writes times.</summary>
[TestClass]
public sealed class NewsDeskTests
{
    private const string Leak =
        """{"kind":"leaked-entry","certainty":"certain","thread":"0xffffc78839108040","entry":"0xffffc788391086e0","lock":"0xffffc7883a0f6f70","waiters":["0xffffc78838a32040"],"threads":[],"message":"Leaked."}""";

    private readonly NewsDesk desk = new(TimeSpan.FromSeconds(10));

    [TestMethod]
    public void FindingIsToldOnceUntilItHasGone()
    {
        Assert.AreEqual(
            new News("leaked-entry", "certain", "0xffffc78839108040", "0xffffc7883a0f6f70", "Leaked.") { Time = default },
            Look(Leak).Single() with { Time = default });
        Assert.IsEmpty(Look(Leak));
        Assert.IsEmpty(Look(""));
        Assert.HasCount(1, Look(Leak));
    }

    [TestMethod]
    public void LookThatWasCutShortForgetsNothing()
    {
        Assert.HasCount(1, Look(Leak));
        Assert.IsEmpty(Look("", complete: false));
        Assert.IsEmpty(Look(Leak));
    }

    [TestMethod]
    public void WaitIsToldFromTheLimitOnAndNamesTheOwner()
    {
        string owner = Thread("0xffffc78800000010", "Running", 0, "owns");
        Assert.IsEmpty(Threads(Thread("0xffffc78800000020", "Waiting", 9_999, "waits"), owner));
        News news = Threads(Thread("0xffffc78800000020", "Waiting", 12_345, "waits"), owner).Single();
        Assert.AreEqual("stuck-waiter", news.Kind);
        Assert.AreEqual("Thread ffffc788`00000020 (a.exe 208.210) has waited 12 s for push lock ffffc788`00000800, owned by " +
            "ffffc788`00000010.", news.Message);
        Assert.IsEmpty(Threads(Thread("0xffffc78800000020", "Waiting", 22_345, "waits"), owner));
    }

    [TestMethod]
    public void WaiterThatAFindingSpeaksOfIsNotToldAgain()
    {
        WatchReport[] look = [Report($"\"findings\":[{Leak}]"),
            Report($"\"threads\":[{Thread("0xffffc78838a32040", "Waiting", 60_000, "waits")}]")];
        Assert.AreEqual("leaked-entry", desk.Take(look).Single().Kind);
    }

    [TestMethod]
    public void WaiterWithoutLockEntriesIsKnownByItsWaitReason()
    {
        string waits = """{"thread":"0xffffc78800000020","image":"a.exe","pid":520,"tid":528,"state":"Waiting","waitReason":"REASON","waitMilliseconds":60000,"entries":[]}""";
        Assert.IsEmpty(Threads(waits.Replace("REASON", "UserRequest", StringComparison.Ordinal)));
        Assert.EndsWith("has waited 60 s for a lock (WrPushLock).",
            Threads(waits.Replace("REASON", "WrPushLock", StringComparison.Ordinal)).Single().Message);
    }

    [TestMethod]
    public void ThreadThatCannotBeReadIsNoNews() => Assert.IsEmpty(Threads(
        """{"thread":"0xffffc78800000020","image":null,"pid":null,"tid":null,"state":null,"waitReason":null,"waitMilliseconds":null,"entries":[]}"""));

    [TestMethod]
    public void WhatIsNoReportIsNone()
    {
        Assert.IsNull(WatchReport.Parse("Child-SP          RetAddr"));
        Assert.IsNull(WatchReport.Parse("""{"schema":"other/1"}"""));
    }

    [TestMethod]
    [DataRow("30", 30_000d)]
    [DataRow("30s", 30_000d)]
    [DataRow("1.5m", 90_000d)]
    [DataRow("250ms", 250d)]
    [DataRow("0", null)]
    [DataRow("-5s", null)]
    [DataRow("s", null)]
    [DataRow("", null)]
    [DataRow("soon", null)]
    [DataRow("99999999m", null)]
    public void TimesAreReadAsUsersWriteThem(string text, double? milliseconds) =>
        Assert.AreEqual(milliseconds, Duration.Parse(text)?.TotalMilliseconds);

    private IReadOnlyList<News> Look(string findings, bool complete = true) => desk.Take([Report($"\"findings\":[{findings}]", complete)]);

    private IReadOnlyList<News> Threads(params string[] threads) => desk.Take([Report($"\"threads\":[{string.Join(',', threads)}]")]);

    private static WatchReport Report(string content, bool complete = true) =>
        WatchReport.Parse($$"""{"schema":"lockleak/1","complete":{{(complete ? "true" : "false")}},{{content}}}""")!;

    private static string Thread(string address, string state, int waited, string relation) =>
        $$"""
        {"thread":"{{address}}","image":"a.exe","pid":520,"tid":528,"state":"{{state}}","waitReason":"WrPushLock","waitMilliseconds":{{waited}},
         "entries":[{"lock":"0xffffc78800000800","kind":"push lock","relation":"{{relation}}"}]}
        """;
}
