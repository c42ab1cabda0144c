using LockLeak.Target;

namespace LockLeak;

/// <summary>One debugger command.</summary>
internal interface ICommand
{
    /// <summary>What the user types after '!'.</summary>
    string Name { get; }

    /// <summary>The command line in one line; the options that stand in it are those that the command takes.</summary>
    string Usage { get; }

    /// <summary>Options that it takes, with their dash.</summary>
    sealed IReadOnlySet<string> Options => Usage.Split(' ', '[', ']').Where(word => word.StartsWith('-')).ToHashSet();

    /// <summary>Answers the question.</summary>
    /// <returns>Number of findings.</returns>
    /// <exception cref="CommandException">The question cannot be answered.</exception>
    int Run(ITarget target, IConsole console, CommandOptions options);
}
