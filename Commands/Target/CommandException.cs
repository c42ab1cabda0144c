namespace LockLeak.Target;

/// <summary>A command cannot go on. The message is the one line that the user sees.</summary>
/// <param name="status">HRESULT for the debugger.</param>
/// <param name="message">What is wrong and what the user can do.</param>
public sealed class CommandException(int status, string message) : Exception(message)
{
    /// <summary>HRESULT for the debugger.</summary>
    public int Status => status;
}
