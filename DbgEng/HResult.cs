namespace LockLeak.DbgEng;

/// <summary>The result of the engine's calls that we tell apart from others; negative ones are failures.</summary>
public static class HResult
{
    /// <summary>S_OK.</summary>
    public const int Ok = 0;
}
