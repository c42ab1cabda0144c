using System.Collections.Concurrent;
using PuppeteerSharp;

namespace LockLeak.Html.Tests;

/// <summary>A real browser without a window.</summary>
internal sealed class Browser : IAsyncDisposable
{
    private static readonly string[] Known =
    [
        "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome",
        @"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe", @"C:\Program Files\Google\Chrome\Application\chrome.exe",
    ];

    private readonly IBrowser browser;

    private Browser(IBrowser browser) => this.browser = browser;

    /// <summary>Where one is; null where there is none.</summary>
    public static string? Program => Known.FirstOrDefault(File.Exists);

    /// <summary>Starts it.</summary>
    public static async Task<Browser> StartAsync()
    {
        if (Program is null)
        {
            Assert.Inconclusive("No Chromium, Chrome or Edge is installed.");
        }

        // Chromium's sandbox does not take root, and not every system lets other users have one; what it opens here is ours.
        string[] sandbox = OperatingSystem.IsLinux() ? ["--no-sandbox"] : [];
        return new Browser(await Puppeteer.LaunchAsync(
            new LaunchOptions
            {
                ExecutablePath = Program,
                Headless = true,
                Timeout = 60_000,
                Args = [.. sandbox, "--disable-gpu", "--window-size=1300,1000"]
            }));
    }

    /// <summary>Opens a page.</summary>
    public async Task<OpenPage> OpenAsync(string address)
    {
        IPage page = await browser.NewPageAsync();
        await page.Client.SendAsync("Performance.disable");
        await page.Client.SendAsync("Performance.setTimeDomain", new { timeDomain = "threadTicks" });
        await page.Client.SendAsync("Performance.enable");
        var opened = new OpenPage(page);
        await page.GoToAsync(address);
        return opened;
    }

    public async ValueTask DisposeAsync() => await browser.DisposeAsync();
}

/// <summary>A page that is open, and what it complained of.</summary>
internal sealed class OpenPage : IAsyncDisposable
{
    private readonly ConcurrentQueue<string> complaints = new();

    /// <summary>Listens to it.</summary>
    public OpenPage(IPage page)
    {
        Page = page;
        page.Console += (_, said) => complaints.Enqueue(said.Message.Text);
        page.PageError += (_, error) => complaints.Enqueue(error.Message);
        page.Dialog += async (_, opened) =>
        {
            complaints.Enqueue($"a dialog: {opened.Dialog.Message}");
            await opened.Dialog.Dismiss();
        };
        page.Request += (_, made) => Requests.Enqueue(made.Request.Url);
    }

    /// <summary>The page.</summary>
    public IPage Page { get; }

    /// <summary>What it wrote to its console, and errors of its scripts.</summary>
    public string Complaints => string.Join('\n', complaints);

    /// <summary>What it asked for, itself first.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    /// <summary>The value of an expression in it.</summary>
    public Task<T> ValueAsync<T>(string expression) => Page.EvaluateExpressionAsync<T>(expression);

    /// <summary>Seconds of processor time that it took to make it, which do not depend on how busy the machine is.</summary>
    public async Task<decimal> ProcessorSecondsAsync() => (await Page.MetricsAsync())["TaskDuration"];

    /// <summary>The text that a reader sees of an element.</summary>
    public Task<string> TextAsync(string selector) =>
        Page.EvaluateFunctionAsync<string>("selector => document.querySelector(selector).innerText", selector);

    public async ValueTask DisposeAsync() => await Page.DisposeAsync();
}
