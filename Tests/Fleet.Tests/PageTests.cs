using System.Net;
using LockLeak.Html.Tests;

namespace LockLeak.Fleet.Tests;

/// <summary>What the pages say, as they come over the wire.</summary>
[TestClass]
[OSCondition(ConditionMode.Exclude, OperatingSystems.Windows)]
public sealed class PageTests
{
    private static SampleFleet sample = null!;
    private static RunningFleet server = null!;
    private static HttpClient client = null!;

    [ClassInitialize]
    public static void Serve(TestContext context)
    {
        sample = new SampleFleet();
        server = sample.Program.Start("serve", "--url", "http://127.0.0.1:0");
        string address = server.WaitFor(line => line.StartsWith("http", StringComparison.Ordinal), TimeSpan.FromSeconds(60));
        client = new HttpClient { BaseAddress = new Uri(address.Split(": ")[0]) };
    }

    [ClassCleanup]
    public static void Stop()
    {
        client.Dispose();
        server.Dispose();
        sample.Dispose();
    }

    [TestMethod]
    public async Task TheFirstPageSaysWhichDriverLeaksSinceWhenOnWhichBuild()
    {
        string page = await client.GetStringAsync("/");
        StringAssert.Contains(Words(page), "testdriver 2 2 2024-01-02 2026-01-02 19045.1, 22631.1 1.0, 1.1",
            "One driver, however it is written.");
        StringAssert.Contains(Words(page), "5 dumps 3 done 0 running 0 waiting 1 cannot be read 1 failed");
    }

    [TestMethod]
    public async Task SearchIsForTextAndNotForAPattern()
    {
        Assert.Contains("testdriver", await client.GetStringAsync("/?q=TESTDR"));
        Assert.DoesNotContain("testdriver", await client.GetStringAsync("/?q=T_STDR"));
        Assert.DoesNotContain("testdriver", await client.GetStringAsync("/?q=0%25"), "The function of the other driver is 50%.");
        Assert.Contains("driver?name=%3Cimg", await client.GetStringAsync("/?q=0%25"));
        Assert.Contains("Nothing was found that matches", await client.GetStringAsync("/?q=%27;drop%20table%20finding"));
    }

    [TestMethod]
    public async Task DriverLeadsToItsDumps()
    {
        string page = await client.GetStringAsync("/driver?name=TestDriver");
        StringAssert.Contains(Words(page), "certain leaked-entry FileMoveThread 1.1 22631.1 1 2026-01-02 2026-01-02 Thread x ended.");
        string report = page.Split("/reports/")[1].Split('"')[0];
        StringAssert.StartsWith(await client.GetStringAsync($"/reports/{report}.json"), "{\"schema\":\"lockleak/1\"");
    }

    [TestMethod]
    public async Task ABrowserGoesFromADriverToItsReport()
    {
        await using Browser browser = await Browser.StartAsync();
        await using OpenPage page = await browser.OpenAsync(client.BaseAddress!.AbsoluteUri);
        await FollowAsync("tbody a[href*=onerror]");
        Assert.AreEqual(SampleFleet.Hostile, await page.TextAsync("h1"));
        await FollowAsync("tbody a[href^='/reports/']");
        Assert.AreEqual("1 certain finding", await page.TextAsync("h1"));
        StringAssert.Contains(await page.TextAsync("article"), SampleFleet.Hostile);
        Assert.AreEqual("", page.Complaints);

        Task FollowAsync(string link) => Task.WhenAll(page.Page.WaitForNavigationAsync(), page.Page.ClickAsync(link));
    }

    [TestMethod]
    public async Task FailuresHaveTheirReasons()
    {
        Assert.Contains("no dump at all", await client.GetStringAsync("/dumps?state=Unreadable"));
        string failed = await client.GetStringAsync("/dumps?state=Failed");
        Assert.Contains("lockleak died: signal 9", failed);
        Assert.DoesNotContain("no dump at all", failed);
        Assert.Contains("deadly.dmp", await client.GetStringAsync("/dumps?q=signal"));
        Assert.DoesNotContain("deadly.dmp", await client.GetStringAsync("/dumps?q=testdriver"));
    }

    [TestMethod]
    public async Task WhatTargetsSayIsText()
    {
        foreach (string page in (string[])["/", $"/driver?name={Uri.EscapeDataString(SampleFleet.Hostile)}",
            $"/dumps?q={Uri.EscapeDataString(SampleFleet.Hostile)}"])
        {
            HttpResponseMessage response = await client.GetAsync(page);
            Assert.AreEqual("default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
                response.Headers.GetValues("Content-Security-Policy").Single());
            string text = await response.Content.ReadAsStringAsync();
            Assert.DoesNotContain("<img", text);
            Assert.Contains("&lt;img src=x onerror=alert(1)&gt;", text);
        }
    }

    [TestMethod]
    public async Task WhatIsNotThereIsNotFound()
    {
        foreach (string page in (string[])["/reports/nothing.json", "/reports/nothing", "/nothing", "/dumps?state=Odd"])
        {
            HttpStatusCode status = (await client.GetAsync(page)).StatusCode;
            Assert.IsTrue(status is HttpStatusCode.NotFound or HttpStatusCode.BadRequest, $"{page}: {status}");
        }
    }

    // What is between the tags, with one space between words.
    private static string Words(string page) =>
        string.Join(' ', WebUtility.HtmlDecode(string.Join(' ', page.Split('<').Select(piece => piece.Split('>')[^1])))
        .Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
