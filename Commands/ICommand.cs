using LockLeak.Target;

namespace LockLeak;

/// <summary>One debugger command.</summary>
internal interface ICommand
{
    /// <summary>What the user types after '!'.</summary>
    string Name { get; }

    /// <summary>The command line in one line.</summary>
    string Usage { get; }

    /// <summary>Options that it knows, with their dash.</summary>
    IReadOnlySet<string> Options { get; }

    /// <summary>Answers the question.</summary>
    /// <returns>Number of findings.</returns>
    /// <exception cref="CommandException">The question cannot be answered.</exception>
    int Run(ITarget target, IConsole console, CommandOptions options);
}
