using System.Text.Json.Nodes;
using PuppeteerSharp.Media;

namespace LockLeak.Html.Tests;

/// <summary>The report in a real browser, opened as a file.</summary>
[TestClass]
public sealed class ReportPageTests
{
    private static readonly string Folder = Directory.CreateTempSubdirectory("lockleak-html-").FullName;
    private static Browser browser = null!;

    public TestContext TestContext { get; set; } = null!;

    [ClassInitialize]
    public static async Task StartAsync(TestContext context) => browser = await Browser.StartAsync();

    [ClassCleanup]
    public static async Task StopAsync()
    {
        // Where there is no browser none was started, and the tests are left out.
        if (browser is not null)
        {
            await browser.DisposeAsync();
        }

        Directory.Delete(Folder, recursive: true);
    }

    [TestMethod]
    public async Task TheAnswerComesFirst()
    {
        await using OpenPage page = await OpenAsync(SampleReports.Leak(1));
        Assert.AreEqual("1 certain finding", await page.TextAsync("h1"));
        StringAssert.Contains(await page.TextAsync("header"), "Bug check 0x153 KERNEL_LOCK_ENTRY_LEAKED_ON_THREAD_TERMINATION");
        Assert.AreEqual("LEAKED ENTRY Thread System ended without releasing a push lock.", await page.TextAsync("article h2"));
        Assert.AreEqual("3", await page.ValueAsync<string>("String(document.querySelectorAll('article .node').length)"),
            "Waiter, lock and owner.");
        await AssertSilentAsync(page);
    }

    [TestMethod]
    public async Task ClickOnAThreadShowsIt()
    {
        await using OpenPage page = await OpenAsync(SampleReports.Leak(1));
        Assert.IsTrue(await page.ValueAsync<bool>("document.getElementById('detail').hidden"));
        await page.Page.ClickAsync($".node.thread[data-key='{SampleReports.Address(1)}']");
        string detail = await page.TextAsync("#detail");
        StringAssert.Contains(detail, "Thread ffffc788`00010100");
        StringAssert.Contains(detail, "TestDriver!FileMoveThread");
        StringAssert.Contains(detail, "nt!KiSwapContext+0x76");
        await page.Page.ClickAsync("#detail .address"); // the lock that it owns
        StringAssert.Contains(await page.TextAsync("#detail"), "push lock ffffc788`00010200");
        await page.Page.Keyboard.PressAsync("Escape");
        Assert.IsTrue(await page.ValueAsync<bool>("document.getElementById('detail').hidden"));
        await AssertSilentAsync(page);
    }

    [TestMethod]
    public async Task HostileNameIsText()
    {
        JsonObject report = SampleReports.Leak(3, SampleReports.Hostile);
        report["notes"] = new JsonArray(SampleReports.Hostile, "<!--<script>");
        ((JsonObject)report["target"]!)["machine"] = SampleReports.Hostile;
        await using OpenPage page = await OpenAsync(report);
        await page.Page.ClickAsync(".node.thread");
        Assert.AreEqual(2, await page.ValueAsync<int>("document.scripts.length"), "The JSON and the page's own.");
        Assert.AreEqual(0, await page.ValueAsync<int>("document.images.length"));
        StringAssert.Contains(await page.TextAsync("article h2"), SampleReports.Hostile);
        StringAssert.Contains(await page.TextAsync("#detail"), SampleReports.Hostile);
        await AssertSilentAsync(page);
    }

    [TestMethod]
    public async Task NothingButThePageItselfMayRun()
    {
        await using OpenPage page = await OpenAsync(SampleReports.Leak(1));
        await page.Page.EvaluateExpressionAsync(
            "document.body.insertAdjacentHTML('beforeend', '<img src=http://127.0.0.1:9/ onerror=alert(1)><b style=\"color:red\">')");
        await page.ValueAsync<bool>("new Promise(done => setTimeout(() => done(true), 100))");
        Assert.HasCount(1, page.Requests.Where(url => url.StartsWith("file:", StringComparison.Ordinal)).Distinct());
        StringAssert.Contains(page.Complaints, "Content Security Policy");
        Assert.DoesNotContain("a dialog", page.Complaints);
    }

    [TestMethod]
    public async Task DeadlockIsARedCircle()
    {
        await using OpenPage page = await OpenAsync(SampleReports.Deadlock(3));
        Assert.AreEqual(6, await page.ValueAsync<int>("document.querySelectorAll('.node.bad').length"));
        Assert.AreEqual(6, await page.ValueAsync<int>("document.querySelectorAll('.edge.bad').length"));
        Assert.AreEqual(7, await page.ValueAsync<int>("document.querySelectorAll('.node').length"), "The one outside waits too.");
        await AssertNothingOverlapsAsync(page);
        await AssertSilentAsync(page);
    }

    [TestMethod]
    [DataRow(2)]
    [DataRow(12)]
    [DataRow(40)]
    public async Task CirclesOfAnySizeCanBeRead(int threads)
    {
        await using OpenPage page = await OpenAsync(SampleReports.Deadlock(threads));
        await AssertNothingOverlapsAsync(page);
        await AssertSilentAsync(page);
    }

    [TestMethod]
    public async Task TablesSortAndFilter()
    {
        await using OpenPage page = await OpenAsync(SampleReports.Leak(20));
        await page.Page.ClickAsync("th:nth-child(6) button");
        await page.Page.ClickAsync("th:nth-child(6) button");
        StringAssert.Contains(await page.TextAsync("tbody tr"), "4.204c", "The longest wait first, by number and not by text.");
        await page.Page.TypeAsync(".filter input", "4.2010");
        Assert.AreEqual(1, await page.ValueAsync<int>("document.querySelector('.list tbody').rows.length"));
        Assert.AreEqual("1 of 21", await page.TextAsync(".filter output"));
    }

    [TestMethod]
    public async Task TwoThousandThreadsOpenAtOnce()
    {
        string path = Write(SampleReports.Leak(2000));
        Assert.IsLessThan(4_000_000, new FileInfo(path).Length);
        await using OpenPage page = await browser.OpenAsync(new Uri(path).AbsoluteUri);
        decimal seconds = await page.ProcessorSecondsAsync();
        TestContext.WriteLine($"{seconds} s of processor time");
        Assert.IsLessThan(4, seconds, "0.2 where nothing else runs; busy neighbours slow a processor down.");
        Assert.AreEqual(200, await page.ValueAsync<int>("document.querySelector('.list tbody').rows.length"));
        await page.Page.TypeAsync(".filter input", "4.3f2c");
        StringAssert.Contains(await page.TextAsync(".list tbody"), "4.3f2c", "What is not shown is found.");
        await page.Page.EvaluateExpressionAsync(
            "document.querySelector('.filter input').value = ''; document.querySelector('.all').click()");
        Assert.AreEqual(2001, await page.ValueAsync<int>("document.querySelector('.list tbody').rows.length"));
        Assert.AreEqual(15, await page.ValueAsync<int>("document.querySelectorAll('.node').length"), "The others are one node.");
        await page.Page.ClickAsync(".node.more");
        StringAssert.StartsWith((await page.TextAsync("#detail")).TrimStart('\u00d7', '\n', ' '), "1,988 threads");
        await AssertSilentAsync(page);
    }

    [TestMethod]
    [DataRow("""{"schema":"lockleak/1","command":"lockleak","error":{"code":"not-a-dump","message":"It is no dump.","permanent":true}}""",
        "It is no dump.")]
    [DataRow("""{"schema":"lockleak/1","findings":[],"target":null,"threads":null,"locks":7}""", "Nothing leaked")]
    [DataRow("""{"schema":"lockleak/1","findings":[{"kind":"new-kind"}]}""", "1 suspicion")]
    public async Task WhatIsMissingIsLeftOut(string json, string answer)
    {
        await using OpenPage page = await OpenAsync(JsonNode.Parse(json)!.AsObject());
        Assert.AreEqual(answer, await page.TextAsync("h1"));
        await AssertSilentAsync(page);
    }

    [TestMethod]
    public async Task DarkAndPaperHaveTheirColours()
    {
        await using OpenPage page = await OpenAsync(SampleReports.Leak(1));
        await page.Page.EmulateMediaFeaturesAsync(
            [new PuppeteerSharp.MediaFeatureValue { MediaFeature = PuppeteerSharp.MediaFeature.PrefersColorScheme, Value = "dark" }]);
        Assert.AreEqual("rgb(20, 23, 26)", await page.ValueAsync<string>("getComputedStyle(document.body).backgroundColor"));
        await page.Page.EmulateMediaTypeAsync(MediaType.Print);
        Assert.AreEqual("rgb(255, 255, 255)", await page.ValueAsync<string>("getComputedStyle(document.body).backgroundColor"));
        await AssertSilentAsync(page);
    }

    private static async Task<OpenPage> OpenAsync(JsonObject report) => await browser.OpenAsync(new Uri(Write(report)).AbsoluteUri);

    private static string Write(JsonObject report)
    {
        string path = Path.Combine(Folder, $"{Guid.NewGuid():n}.html");
        File.WriteAllText(path, HtmlReport.Render(report.ToJsonString()));
        return path;
    }

    private static async Task AssertSilentAsync(OpenPage page)
    {
        await page.ValueAsync<bool>("new Promise(done => setTimeout(() => done(true), 50))");
        Assert.AreEqual("", page.Complaints);
        Assert.HasCount(1, page.Requests, "It asks for nothing but itself.");
    }

    // Two nodes on each other could be neither read nor clicked.
    private static async Task AssertNothingOverlapsAsync(OpenPage page) => Assert.AreEqual(0, await page.ValueAsync<int>("""
        (() => {
            const boxes = [...document.querySelectorAll('article .node rect')].map(rect => rect.getBoundingClientRect());
            return boxes.filter((one, at) => boxes.slice(at + 1).some(other => one.left < other.right - 1 && other.left < one.right - 1 && one.top < other.bottom - 1 && other.top < one.bottom - 1)).length;
        })()
        """));
}
