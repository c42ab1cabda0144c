using System.Globalization;
using LockLeak.Analysis;
using LockLeak.Kernel;
using LockLeak.Locks;

namespace LockLeak.Findings;

/// <summary>What the finders look at.</summary>
/// <param name="View">The machine as far as it was read.</param>
/// <param name="Graph">Who owns and who waits.</param>
/// <param name="BugCheck">What the machine stopped with, in words; null when it did not.</param>
/// <param name="IsWholeMachine">
/// True when every process was asked for, so that "nobody owns it" means something if nothing was unreadable.
/// </param>
internal sealed record FindingContext(KernelView View, LockGraph Graph, BugCheckText? BugCheck, bool IsWholeMachine)
{
    /// <summary>True when everything was seen: that something was not found then means that it is not there.</summary>
    public bool SawEverything => IsWholeMachine && !View.Notes.HasGaps && !View.IsInterrupted;

    /// <summary>"ffffc788`39108040 (System 4.1928)": a thread for a sentence.</summary>
    public Sentence Describe(ThreadAddress thread)
    {
        if (View.Thread(thread) is not { } known)
        {
            return Text($"{thread}");
        }

        string who = string.Create(CultureInfo.InvariantCulture,
            $"{known.Process?.ImageFileName ?? "?"} {known.UniqueProcess:x}.{known.UniqueThread:x}");
        return Text($"{thread} ({who})");
    }

    /// <summary>"push lock ffffc788`3a0f6f70": a lock for a sentence.</summary>
    public static Sentence Describe(LockNode node) => Text($"{node.Kind.Noun} {node.Address}");

    /// <summary>"1 thread waits", "3 threads wait".</summary>
    public static string Waiting(int threads) =>
        threads == 1 ? "1 thread waits" : string.Create(CultureInfo.InvariantCulture, $"{threads} threads wait");

    /// <summary>Some threads, and how many more there are.</summary>
    public Sentence List(IReadOnlyList<ThreadAddress> threads)
    {
        const int Shown = 3;
        var list = new Sentence();
        foreach ((int index, ThreadAddress thread) in threads.Take(Shown).Index())
        {
            list.AppendLiteral(index == 0 ? "" : ", ");
            list.AppendFormatted(Describe(thread));
        }

        list.AppendLiteral(threads.Count > Shown ? $" and {threads.Count - Shown} more" : "");
        return list;
    }

    /// <summary>The threads that wait for a lock.</summary>
    public static IReadOnlyList<ThreadAddress> WaitersOf(LockNode node) =>
        [.. node.Waiters.Select(waiter => waiter.Thread).Where(thread => thread.Value != 0)];

    /// <summary>The threads that own a lock.</summary>
    public static IReadOnlyList<ThreadAddress> OwnersOf(LockNode node) => [.. node.Owners.Select(owner => owner.Thread)];

    /// <summary>An interpolated string as a sentence.</summary>
    public static Sentence Text(Sentence sentence) => sentence;
}
