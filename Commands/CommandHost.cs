using LockLeak.Target;

namespace LockLeak;

/// <summary>Finds the command, parses its arguments, runs it, and turns every failure into one clear line.</summary>
public static class CommandHost
{
    /// <summary>Runs one command to its end. Lets no exception out.</summary>
    /// <param name="command">The name of the export: "lockleak", "threadlocks", "pushlock", "lockhelp" or "help".</param>
    /// <param name="arguments">What the user typed after the name.</param>
    /// <param name="target">The machine under the debugger.</param>
    /// <param name="console">Where the answer goes.</param>
    public static CommandResult Run(string command, string arguments, ITarget target, IConsole console)
    {
        console.WriteError($"{command}: not written yet.");
        return new CommandResult(CommandResult.Failed, 0);
    }
}

/// <summary>How a command ended.</summary>
/// <param name="Status">HRESULT: S_OK, or what the debugger is to be told.</param>
/// <param name="Findings">The number of findings that were reported.</param>
public readonly record struct CommandResult(int Status, int Findings)
{
    /// <summary>S_OK.</summary>
    public const int Ok = 0;

    /// <summary>E_FAIL: the question could not be answered.</summary>
    public const int Failed = unchecked((int)0x80004005);

    /// <summary>E_INVALIDARG: the command line was wrong.</summary>
    public const int InvalidArgument = unchecked((int)0x80070057);
}
