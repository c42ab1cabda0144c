namespace LockLeak.Target;

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
