namespace LockLeak.DbgEng;

/// <summary>Results of the engine's calls that we tell apart; negative ones are failures.</summary>
public static class HResult
{
    /// <summary>S_OK.</summary>
    public const int Ok = 0;

    /// <summary>S_FALSE.</summary>
    public const int False = 1;

    /// <summary>E_FAIL.</summary>
    public const int Failed = unchecked((int)0x80004005);

    /// <summary>E_NOTIMPL.</summary>
    public const int NotImplemented = unchecked((int)0x80004001);

    /// <summary>E_ABORT.</summary>
    public const int Aborted = unchecked((int)0x80004004);

    /// <summary>E_INVALIDARG.</summary>
    public const int InvalidArgument = unchecked((int)0x80070057);

    /// <summary>E_BOUNDS: behind the last element.</summary>
    public const int Bounds = unchecked((int)0x8000000B);
}
