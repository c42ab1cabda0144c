using LockLeak.Target;

namespace LockLeak;

/// <summary>Finds the command, parses its arguments, runs it, and turns every failure into one clear line.</summary>
public static class CommandHost
{
    /// <summary>Longer than any message that repeats nothing long.</summary>
    private const int LongestMessage = 1000;

    /// <summary>All commands; each needs an export of its name.</summary>
    internal static IReadOnlyList<ICommand> Commands { get; } =
        [new LockLeakCommand(), new ThreadLocksCommand(), new PushLockCommand(), new HelpCommand("lockhelp"), new HelpCommand("help")];

    /// <summary>Runs one command to its end. Lets no exception out.</summary>
    /// <param name="command">The name of the export: "lockleak", "threadlocks", "pushlock", "lockhelp" or "help".</param>
    /// <param name="arguments">What the user typed after the name.</param>
    /// <param name="target">The machine under the debugger.</param>
    /// <param name="console">Where the answer goes.</param>
    public static CommandResult Run(string command, string arguments, ITarget target, IConsole console)
    {
        ICommand? known = Commands.FirstOrDefault(candidate => candidate.Name == command);
        if (known is null)
        {
            console.WriteError($"LockLeak has no command '{command}'.\n");
            return new CommandResult(CommandResult.InvalidArgument, 0);
        }

        try
        {
            CommandOptions options = CommandOptions.Parse(arguments, known.Options);
            if (options.Help)
            {
                console.Write(HelpCommand.Text(known.Name));
                return new CommandResult(CommandResult.Ok, 0);
            }

            return new CommandResult(CommandResult.Ok, known.Run(target, console, options));
        }
        catch (CommandException e) when (e.Status == CommandResult.InvalidArgument)
        {
            console.WriteError($"{command}: {Cut(e.Message)}\nUsage: {known.Usage}\n");
            return new CommandResult(e.Status, 0);
        }
        catch (CommandException e)
        {
            console.WriteError($"{command}: {Cut(e.Message)}\n");
            return new CommandResult(e.Status, 0);
        }
#pragma warning disable CA1031 // An exception that leaves an export ends the debugger, so here every one of them ends.
        catch (Exception e)
#pragma warning restore CA1031
        {
            console.WriteError($"{command}: internal error: {e.GetType().Name}: {e.Message} Please report it with the output of " +
                $"'.lastevent' and 'version'.\n");
            return new CommandResult(CommandResult.Failed, 0);
        }
    }

    /// <summary>Messages repeat what the user typed, and a debugger's command line may have 32 KB.</summary>
    private static string Cut(string message) => message.Length <= LongestMessage ? message : $"{message[..LongestMessage]}...";
}
