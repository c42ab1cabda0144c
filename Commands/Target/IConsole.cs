namespace LockLeak.Target;

/// <summary>Where a command writes and what it watches while it works.</summary>
public interface IConsole
{
    /// <summary>True when the reader shows DML, the debugger markup language.</summary>
    bool TakesDml { get; }

    /// <summary>Writes plain text, as it stands; nothing in it is interpreted.</summary>
    void Write(string text);

    /// <summary>Writes DML. Text from the target must have been escaped before.</summary>
    void WriteDml(string dml);

    /// <summary>Writes an error line, which the debugger shows in its error colour.</summary>
    void WriteError(string text);

    /// <summary>Shows how far a long command is, in place of the last such line; the console decides how often it is shown.</summary>
    void Progress(string text);

    /// <summary>False when a line of <see cref="Progress"/> would not be shown now.</summary>
    bool WantsProgress => true;

    /// <summary>True once the user has asked to stop (Ctrl+Break). Stays true until the command ends.</summary>
    bool IsInterrupted { get; }
}
