namespace LockLeak.Fleet.Engine;

/// <summary>An attempt at a dump that gave no report, for a reason that another attempt may not meet.</summary>
/// <param name="reason">One line for the user.</param>
/// <param name="retries">How many more attempts are worth their time.</param>
internal sealed class DumpFailure(string reason, int retries) : Exception(reason)
{
    /// <summary>How many attempts may follow the first one.</summary>
    public int Retries { get; } = retries;
}
