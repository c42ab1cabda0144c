namespace LockLeak.Checks;

/// <summary>One thing that the kernel says in two places, so that a wrong layout or damaged memory shows itself.</summary>
/// <remarks>
/// A check compares what the command has read anyway. What a machine that was just stopped may say differently in two places, because
/// a processor was between two steps, is no disagreement: each check says which states it leaves out.
/// </remarks>
internal abstract class Check
{
    /// <summary>"active-threads" and so on, as JSON and text have it.</summary>
    public abstract string Name { get; }

    /// <summary>The two places, in one line.</summary>
    public abstract string Compares { get; }

    /// <summary>What a disagreement may come from: "_EPROCESS.ActiveThreads"; the names of all Windows versions.</summary>
    public abstract IReadOnlyList<string> Fields { get; }

    /// <summary>
    /// Those of the fields that lie where the types say once all comparisons agree; the others could lie elsewhere and agree by
    /// chance, where they read as 0 for instance.
    /// </summary>
    public virtual IReadOnlyList<string> Proves => [];

    /// <summary>The kind of finding that tells of a single disagreement, which then is no news; null when there is none.</summary>
    public virtual string? ToldBy => null;

    /// <summary>
    /// Makes the comparisons that the memory at hand allows, but for those of each thread and each waiter (<see cref="IThreadCheck"/>,
    /// <see cref="IWaiterCheck"/>).
    /// </summary>
    public virtual void Run(CheckContext context, CheckResult result)
    {
    }
}
