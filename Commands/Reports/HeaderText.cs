using System.Globalization;

namespace LockLeak.Reports;

/// <summary>The first line of an answer: which machine it is about.</summary>
internal static class HeaderText
{
    /// <summary>
    /// "BUILD07, Windows 22621.2506 (22621.ni_release.220506-1250), 6 processors, up 51m44s, stopped 2023-12-24 17:17:43 UTC, full dump";
    /// what is not known is left out.
    /// </summary>
    public static void Write(ReportWriter writer, TargetReport target)
    {
        bool isLive = target.Kind == "live";
        string?[] parts =
        [
            target.Machine,
            $"Windows {target.Revision ?? Invariant(target.Build)}{(target.Lab is null ? "" : $" ({target.Lab})")}",
            target.Processors is { } processors ? Phrases.Count(processors, "processor") : null,
            target.UptimeMilliseconds is { } uptime ? $"up {Phrases.Duration(uptime)}" : null,
            target.StopTime is { } time ? $"{(isLive ? "at" : "stopped")} {time[..10]} {time[11..19]} UTC" : null,
            isLive ? "live" : $"{target.Dump} dump".TrimStart(),
        ];
        writer.Line(new Cell(string.Join(", ", parts.Where(part => part is not null)), Emphasis: Emphasis.Quiet));
    }

    private static string Invariant(long number) => number.ToString(CultureInfo.InvariantCulture);
}
