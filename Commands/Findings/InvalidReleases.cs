using LockLeak.Analysis;
using LockLeak.Kernel;
using LockLeak.Locks;

namespace LockLeak.Findings;

/// <summary>Bug checks 0x162, 0x16E and 0xE3: a thread released a lock that it did not own. Says who does.</summary>
internal sealed class InvalidReleases : Finder
{
    public override FindingKind Kind { get; } = new("invalid-release", "INVALID RELEASE", Certainty.Certain);

    /// <summary>The one that the bug check is about, if it is one.</summary>
    public override IEnumerable<Finding> Find(FindingContext context)
    {
        if (context is not { BugCheck: { IsInvalidRelease: true, Lock.Value: not 0 } bugCheck })
        {
            yield break;
        }

        LockNode node = context.Graph.Inspect(bugCheck.Lock, bugCheck.Kind);
        IReadOnlyList<ThreadAddress> owners = FindingContext.OwnersOf(node);
        Sentence truth = owners.Count switch
        {
            0 => FindingContext.Text(
                $"{(node.Kind.HasOwnerField || context.SawEverything ? "no thread owns it" : "its owner is not known")}"),
            1 => FindingContext.Text($"its owner is {context.Describe(owners[0])}"),
            _ => FindingContext.Text($"its {owners.Count} owners are {context.List(owners)}"),
        };
        bool isThread = context.View.Thread(bugCheck.Thread) is not null;
        yield return About(node,
            $"Thread {context.Describe(bugCheck.Thread)} released {FindingContext.Describe(node)}, which it does not own; {truth}.")
            with
        {
            Certainty = isThread ? Certainty.Certain : Certainty.Suspect,
            Thread = bugCheck.Thread,
            Reason = EntryOf(context, bugCheck) is { } entry
                ? FindingContext.Text($"Its lock entry {entry.Address} is for another lock: {entry.Lock}.")
                    : bugCheck.OnBehalfOf.Value != 0
                        ? FindingContext.Text($"It did so on behalf of thread {context.Describe(bugCheck.OnBehalfOf)}.")
                    : isThread ? new()
                    : FindingContext.Text($"Only the bug check says so: no thread can be read at {bugCheck.Thread}."),
        };
    }

    private static LockEntry? EntryOf(FindingContext context, BugCheckText bugCheck) =>
        bugCheck.Entry.Value == 0 ? null
            : context.View.Thread(bugCheck.Thread)?.EntryAt(bugCheck.Entry) is { NamesALock: true } entry ? entry
            : null;
}
