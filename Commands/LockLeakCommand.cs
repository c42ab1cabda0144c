using LockLeak.Html;
using LockLeak.Reports;
using LockLeak.Target;

namespace LockLeak;

/// <summary><c>!lockleak</c>: what leaked, who owns it, who waits.</summary>
internal sealed class LockLeakCommand : ICommand
{
    public string Name => "lockleak";

    public string Usage => "!lockleak [-p <pid | image | EPROCESS> | -fast] [-a] [-v] [-check] [-html <file>] [-dot <file>] " +
        "[-json | -text] [-nosym]";

    public int Run(ITarget target, IConsole console, CommandOptions options)
    {
        if (options.Expression.Length > 0)
        {
            throw new CommandException(CommandResult.InvalidArgument, $"Unexpected argument '{options.Expression}'.");
        }

        if (options is { Fast: true, Process: not null } or { Fast: true, Check: true })
        {
            throw new CommandException(CommandResult.InvalidArgument, "-fast walks over no process: it does not go with -p or -check.");
        }

        var context = new CommandContext(target, console, options);
        LockLeakReport report = Investigations.Machine(context, options.Verbose ? ThreadDetail.Stack : ThreadDetail.Location,
            withName: !options.Json);
        context.Write(report, writer => Write(report, writer, options));
        WriteFile(options.HtmlFile, "report", () => HtmlReport.Render(JsonRenderer.Render(report)));
        WriteFile(options.DotFile, "wait-for graph", () => DotRenderer.Render(report));
        return (int?)report.Checks?.Sum(check => check.Disagreed) ?? report.Findings.Count;

        void WriteFile(string? file, string what, Func<string> content)
        {
            if (file is null)
            {
                return;
            }

            try
            {
                File.WriteAllText(file, content());
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
            {
                throw new CommandException(CommandResult.Failed, $"The {what} cannot be written to {file}: {e.Message}");
            }

            console.Write(options.Json ? "" : $"The {what} is in {file}.\n");
        }
    }

    private static void Write(LockLeakReport report, ReportWriter writer, CommandOptions options)
    {
        if (report.Checks is { } checks)
        {
            CheckText.Write(report, checks, writer);
        }
        else
        {
            new LockLeakText(report, writer, options.Verbose, isWholeMachine: options.Process is null).Write();
        }
    }
}
