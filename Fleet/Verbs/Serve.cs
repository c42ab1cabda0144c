using Hangfire;
using LockLeak.Fleet.Pages;
using LockLeak.Fleet.Store;
using LockLeak.Html;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LockLeak.Fleet.Verbs;

/// <summary>
/// Shows the pages until it is stopped. They only read, and are made of what targets say: every word is escaped, and no script runs but a
/// report's own.
/// </summary>
internal static class Serve
{
    private const string Policy = "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    /// <summary>Does it.</summary>
    /// <param name="database">Where the results are.</param>
    /// <param name="url">Where the page is to be.</param>
    /// <param name="setup">How to look at dumps beside; null for not to.</param>
    /// <param name="stopped">Stops it.</param>
    public static async Task RunAsync(Database database, string url, WorkerSetup? setup, CancellationToken stopped)
    {
        await using WebApplication site = Build(database, url);
        using BackgroundJobServer? server = setup?.Start(database);
        await site.StartAsync(stopped);
        Console.WriteLine($"{string.Join(' ', site.Urls)}: {database.Name}");
        await site.WaitForShutdownAsync(stopped);
    }

    private static WebApplication Build(Database database, string url)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseKestrelCore().UseUrls(url);
        builder.Logging.ClearProviders().AddSimpleConsole(console => console.SingleLine = true).SetMinimumLevel(LogLevel.Error);
        builder.Services.AddRazorComponents();
        builder.Services.AddSingleton(new Overview(database));
        builder.Services.AddHangfire(hangfire => hangfire.UseStorage(database.Jobs()));
        WebApplication site = builder.Build();
        site.Use((context, next) =>
        {
            if (!context.Request.Path.StartsWithSegments("/jobs"))
            {
                context.Response.Headers.ContentSecurityPolicy = Policy;
            }

            context.Response.Headers.XContentTypeOptions = "nosniff";
            return next(context);
        });
        Map(site, new StoredReports(database));
        site.MapHangfireDashboard("/jobs"); // Hangfire shows it to this machine only
        return site;
    }

    private static void Map(WebApplication site, StoredReports stored)
    {
        string style = Resource.Text("fleet.css");
        site.MapGet("/fleet.css", () => TypedResults.Text(style, "text/css"));
        site.MapGet("/", (string? q) => new RazorComponentResult<DriversPage>(new { Search = q }));
        site.MapGet("/driver", (string? name) => new RazorComponentResult<DriverPage>(new { Name = name ?? "" }));
        site.MapGet("/dumps", (DumpState? state, string? q) => new RazorComponentResult<DumpsPage>(new { State = state, Search = q }));
        // The report's own scripts are let run here, and nothing else.
        site.MapGet("/reports/{sha256}", Results<ContentHttpResult, NotFound> (string sha256, HttpResponse response) =>
        {
            if (stored.Report(sha256) is not { } json)
            {
                return TypedResults.NotFound();
            }

            response.Headers.ContentSecurityPolicy = $"{HtmlReport.Policy}; frame-ancestors 'none'";
            return TypedResults.Text(HtmlReport.Render(json), "text/html");
        });
        site.MapGet("/reports/{sha256}.json", Results<ContentHttpResult, NotFound> (string sha256) =>
            stored.Report(sha256) is { } json ? TypedResults.Text(json, "application/json") : TypedResults.NotFound());
    }
}
