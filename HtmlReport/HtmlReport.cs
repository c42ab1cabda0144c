using System.Security.Cryptography;
using System.Text;

namespace LockLeak.Html;

/// <summary>
/// A report of <c>!lockleak -json</c> as one HTML file that needs no other, no network and no server. The page is made by the
/// scripts in Page/, in the reader's browser, of the JSON that lies in the file; the scripts only ever set text, and the
/// content security policy lets nothing else run.
/// </summary>
public static class HtmlReport
{
    // In the order in which they build on each other.
    private static readonly string[] Scripts = ["words.js", "graph.js", "picture.js", "tables.js", "report.js"];

    private static readonly string Style = Resource("report.css");
    private static readonly string Script = string.Concat(Scripts.Select(Resource));

    /// <summary>What the page may do, for a server that sends it: run its own scripts and use its own style, and nothing else.</summary>
    public static string Policy { get; } =
        $"default-src 'none'; style-src '{Hash(Style)}'; script-src '{Hash(Script)}'; base-uri 'none'; form-action 'none'";

    /// <summary>Makes the file.</summary>
    /// <param name="json">A report of schema "lockleak/1"; its strings may hold anything.</param>
    /// <returns>The text of the file, to be written as UTF-8.</returns>
    public static string Render(string json) => $"""
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta http-equiv="Content-Security-Policy" content="{Policy}">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>LockLeak</title>
        <style>{Style}</style>
        </head>
        <body>
        <noscript>This report is made by the scripts in this file: allow them to run, or read the JSON at its end.</noscript>
        <main id="report"></main>
        <aside id="detail" aria-live="polite" hidden></aside>
        <script type="application/json" id="json">{Inert(json)}</script>
        <script>{Script}</script>
        </body>
        </html>

        """;

    // Nothing in it can end the element that it is in, or begin a comment in it (HTML Standard, 4.12.1.3: only "<" can).
    private static string Inert(string json) => json.Replace("<", @"\u003c", StringComparison.Ordinal);

    // A browser hashes what is between the tags, with the line ends of Unix (Content Security Policy Level 3, 6.7.3.3).
    private static string Hash(string text) => $"sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}";

    private static string Resource(string name)
    {
        using var reader = new StreamReader(typeof(HtmlReport).Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
