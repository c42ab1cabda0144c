using LockLeak.Analysis;
using LockLeak.Code;
using LockLeak.Kernel;
using LockLeak.Locks;
using LockLeak.Target;
using Stopwatch = System.Diagnostics.Stopwatch;

namespace LockLeak.Findings;

/// <summary>A place in the code that takes a lock, for a thread that holds it or ended with it.</summary>
/// <param name="Thread">The thread.</param>
/// <param name="Lock">The lock.</param>
/// <param name="Site">The place.</param>
internal sealed record LockSite(ThreadAddress Thread, LockNode Lock, CodeSite Site);

/// <summary>What the code says of the locks of a finding or a chain.</summary>
/// <param name="Sites">The places; for each lock what fits best first.</param>
/// <param name="Notes">What it does not say, and why; each a line.</param>
internal sealed record FoundSites(IReadOnlyList<LockSite> Sites, IReadOnlyList<string> Notes)
{
    /// <summary>True when nothing was found and an image is missing, which the user can help with: the notes say how.</summary>
    public bool LacksAnImage { get; init; }

    /// <summary>Nothing.</summary>
    public static FoundSites None { get; } = new([], []);
}

/// <summary>
/// Asks the code where locks were taken: evidence under a finding, and never a reason for one. Of a thread that still exists the
/// frames of its stack tell it, of one that has ended its start routine.
/// </summary>
/// <param name="view">The machine.</param>
/// <param name="stacks">Where threads are.</param>
internal sealed class LockSites(KernelView view, ThreadStacks stacks)
{
    /// <summary>What all questions of one command may take: a machine may have any number of findings.</summary>
    private const int MostQuestions = 16;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(1);

    private readonly Stopwatch clock = new();
    private readonly Dictionary<(ThreadAddress Thread, LockAddress Lock), CodeAnswer> answers = [];
    private readonly bool isLive = view.Target.Facts.Kind == TargetKind.Live;
    private CodeSites? code;

    /// <summary>What the code says of a finding's locks.</summary>
    public FoundSites Of(Finding finding)
    {
        // On a live machine code comes over the link: only what is certain is worth it.
        if (isLive && finding.Certainty != Certainty.Certain)
        {
            return FoundSites.None;
        }

        int threads = finding.Threads.Count;
        return threads > 0
            ? Ask([.. finding.Threads.Index().Where(_ => finding.Locks.Count == threads)
                .Select(item => (item.Item, finding.Locks[(item.Index + threads - 1) % threads]))])
            : finding.Lock is { } node && (node.IsOwnedBy(finding.Thread) || view.Thread(finding.Thread) is { IsTerminated: true })
                ? Ask([(finding.Thread, node)])
                : FoundSites.None;
    }

    /// <summary>What the code says of the locks of a chain, each owned by the next thread.</summary>
    public FoundSites Of(WaitChain chain) =>
        isLive ? FoundSites.None
            : Ask([.. chain.Locks.Take(chain.Threads.Count - 1).Select((node, index) => (chain.Threads[index + 1], node)).Reverse()]);

    /// <summary>What the code says of a lock's owners.</summary>
    public FoundSites Of(LockNode node) =>
        isLive ? FoundSites.None : Ask([.. node.Owners.Select(owner => (owner.Thread, node)).Take(MostQuestions)]);

    /// <summary>The instructions that refer to a lock in a driver's data: a look at all of the driver's code.</summary>
    public IReadOnlyList<ulong> ReferencesTo(LockAddress address)
    {
        if (isLive || Code.ReferencesTo(address.Value) is not { } found)
        {
            return [];
        }

        view.Memory.AddCost(found.Reads, found.Bytes);
        if (found.Incomplete is { } why)
        {
            view.Notes.Add($"Not all of the driver's code was looked through for lock {address}: {why}.");
        }

        return found.Instructions;
    }

    private FoundSites Ask(IReadOnlyList<(ThreadAddress Thread, LockNode Lock)> questions)
    {
        List<LockSite> sites = [];
        List<string> notes = [];
        bool lacksAnImage = false;
        foreach ((ThreadAddress thread, LockNode node) in questions)
        {
            if (Answer(thread, node) is { } answer)
            {
                lacksAnImage |= answer.LacksAnImage;
                sites.AddRange(answer.Sites.Select(site => new LockSite(thread, node, site)));
                notes.AddRange(answer.Notes);
            }
        }

        return new FoundSites(sites, [.. notes.Distinct()]) { LacksAnImage = lacksAnImage && sites.Count == 0 };
    }

    private CodeAnswer? Answer(ThreadAddress address, LockNode node)
    {
        if (answers.TryGetValue((address, node.Address), out CodeAnswer? known))
        {
            return known;
        }

        if (node.Kind.InCode is not { } kind || view.Thread(address) is not { } thread || answers.Count >= MostQuestions ||
            clock.Elapsed > Limit || view.IsInterrupted)
        {
            return null;
        }

        view.Progress($"looking into the code for {node.Kind} {node.Address}");
        clock.Start();
        Phase before = view.Phases.Begin(Phase.Code);
        CodeAnswer? answer = Ask(thread, new WantedLock(node.Address.Value, kind, node.IsExclusive));
        view.Phases.Begin(before);
        clock.Stop();
        if (answer is not null)
        {
            view.Memory.AddCost(answer.Reads, answer.Bytes);
            answers.Add((address, node.Address), answer);
        }

        return answer;
    }

    private CodeAnswer? Ask(KernelThread thread, WantedLock wanted)
    {
        if (thread.IsTerminated)
        {
            // A thread of a program, and a worker of the kernel, begin in no driver.
            return KernelMemory.IsKernelAddress(thread.StartAddress) &&
                view.Target.Symbols.At(thread.StartAddress) is { IsUnloaded: false, Module: not "nt" }
                ? Code.OfStartRoutine(thread.StartAddress, wanted)
                : null;
        }

        IReadOnlyList<StackFrame> frames = [.. stacks.Of(thread).Select(frame => frame.Frame)];
        return frames.Count == 0 ? null : Code.HeldAt(frames, wanted);
    }

    private CodeSites Code => code ??= new CodeSites(view.Target, () => view.IsInterrupted, CodeLimits.Prompt);
}
