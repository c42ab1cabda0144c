namespace LockLeak.Host;

/// <summary>Something that a watch had not reported before.</summary>
/// <param name="Kind">A finding's kind, or "stuck-waiter".</param>
/// <param name="Certainty">"certain" or "suspect".</param>
/// <param name="Thread">The thread that it is about, or null.</param>
/// <param name="Lock">The lock that it is about, or null.</param>
/// <param name="Message">One sentence.</param>
internal sealed record News(string Kind, string Certainty, string? Thread, string? Lock, string Message)
{
    /// <summary>When it was seen.</summary>
    public DateTimeOffset Time { get; init; } = DateTimeOffset.Now;
}
