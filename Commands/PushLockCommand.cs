using LockLeak.Kernel;
using LockLeak.Reports;
using LockLeak.Target;

namespace LockLeak;

/// <summary><c>!pushlock</c>: one push lock with its wait blocks, owners and waiters.</summary>
internal sealed class PushLockCommand : ICommand
{
    public string Name => "pushlock";

    public string Usage => "!pushlock <address> [-fast] [-v] [-json | -text] [-nosym]";

    public int Run(ITarget target, IConsole console, CommandOptions options)
    {
        if (options.Expression.Length == 0)
        {
            throw new CommandException(CommandResult.InvalidArgument, "Which push lock? Give its address.");
        }

        var context = new CommandContext(target, console, options);
        PushLockReport report = Investigations.Lock(
            context, new LockAddress(context.Evaluate(options.Expression)), options.Verbose ? ThreadDetail.Stack : ThreadDetail.Location);
        context.Write(report, writer => new PushLockText(report, writer, options.Verbose).Write());
        return 0;
    }
}
