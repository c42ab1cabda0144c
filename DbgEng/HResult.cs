namespace LockLeak.DbgEng;

/// <summary>Results of the engine's calls that we tell apart; negative ones are failures.</summary>
public static class HResult
{
    /// <summary>S_OK.</summary>
    public const int Ok = 0;

    /// <summary>S_FALSE.</summary>
    public const int False = 1;
}
