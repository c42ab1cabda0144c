namespace KernelImages.Scenarios;

/// <summary>A wait for one or more objects.</summary>
/// <param name="Objects">In the order of the call.</param>
public sealed record WaitSpec(params IReadOnlyList<WaitObject> Objects)
{
    /// <summary>It ends when all of them are signalled (WaitAll), not with the first (WaitAny).</summary>
    public bool All { get; init; }

    /// <summary>It ends with a timeout at the latest: the thread's timer is active.</summary>
    public bool Timed { get; init; }
}

/// <summary>An object that a thread can wait for.</summary>
public abstract record WaitObject;

/// <summary>A mutant of Scenario.Locks, which names the thread among its waiters.</summary>
/// <param name="Lock">Its name.</param>
public sealed record MutantObject(string Lock) : WaitObject;

/// <summary>An event that nobody else knows.</summary>
public sealed record EventObject : WaitObject;

/// <summary>A thread: the wait ends with it.</summary>
/// <param name="Thread">Its name.</param>
public sealed record ThreadObject(string Thread) : WaitObject;

/// <summary>A process: the wait ends with the last of its threads.</summary>
/// <param name="Image">Its image.</param>
public sealed record ProcessObject(string Image) : WaitObject;
