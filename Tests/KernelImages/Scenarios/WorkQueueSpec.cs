namespace KernelImages.Scenarios;

/// <summary>A queue of the kernel's worker threads.</summary>
/// <param name="Workers">Names of its threads, in the order of its list.</param>
public sealed record WorkQueueSpec(params IReadOnlyList<string> Workers)
{
    /// <summary>Number of work items that wait.</summary>
    public int WorkItems { get; init; }

    /// <summary>MaxThreads; null for as many as it has.</summary>
    public int? MaxThreads { get; init; }

    /// <summary>One more worker is just being made.</summary>
    public bool IsMakingAWorker { get; init; }
}
