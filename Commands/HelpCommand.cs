using LockLeak.Target;

namespace LockLeak;

/// <summary><c>!lockhelp</c> and <c>!LockLeak.help</c>: the help texts, which are files of their own.</summary>
/// <param name="name">Both names lead here: the plain "help" is the debugger's own unless it is qualified.</param>
internal sealed class HelpCommand(string name) : ICommand
{
    public string Name => name;

    public string Usage => $"!{name} [command]";

    public int Run(ITarget target, IConsole console, CommandOptions options)
    {
        string topic = options.Expression.TrimStart('!');
        console.Write(topic.Length == 0 ? Text("lockhelp") : Text(topic));
        return 0;
    }

    /// <summary>The help text of a command.</summary>
    internal static string Text(string topic)
    {
        string resource = $"Help.{(topic == "help" ? "lockhelp" : topic)}.txt";
        using Stream? stream = typeof(HelpCommand).Assembly.GetManifestResourceStream(resource);
        if (stream is null)
        {
            throw new CommandException(CommandResult.InvalidArgument, $"There is no help on '{topic}'.");
        }

        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
