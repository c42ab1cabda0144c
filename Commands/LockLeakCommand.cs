using LockLeak.Reports;
using LockLeak.Target;

namespace LockLeak;

/// <summary><c>!lockleak</c>: what leaked, who owns it, who waits.</summary>
internal sealed class LockLeakCommand : ICommand
{
    public string Name => "lockleak";

    public string Usage => "!lockleak [-p <pid | image | EPROCESS>] [-a] [-v] [-dot <file>] [-json | -text] [-nosym]";

    public IReadOnlySet<string> Options { get; } = new HashSet<string> { "-p", "-a", "-v", "-dot", "-json", "-text", "-nosym" };

    public int Run(ITarget target, IConsole console, CommandOptions options)
    {
        if (options.Expression.Length > 0)
        {
            throw new CommandException(CommandResult.InvalidArgument, $"Unexpected argument '{options.Expression}'.");
        }

        var context = new CommandContext(target, console, options);
        LockLeakReport report = Investigations.Machine(context, options.Verbose ? ThreadDetail.Stack : ThreadDetail.Location);
        context.Write(report, writer => new LockLeakText(report, writer, options.Verbose, isWholeMachine: options.Process is null).Write());
        if (options.DotFile is { } file)
        {
            WriteDot(file, report);
            console.Write(options.Json ? "" : $"The wait-for graph is in {file}.\n");
        }

        return report.Findings.Count;
    }

    private static void WriteDot(string file, LockLeakReport report)
    {
        try
        {
            File.WriteAllText(file, DotRenderer.Render(report));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new CommandException(CommandResult.Failed, $"The graph cannot be written to {file}: {e.Message}");
        }
    }
}
