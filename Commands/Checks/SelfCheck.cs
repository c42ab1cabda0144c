using LockLeak.Findings;
using LockLeak.Kernel;

namespace LockLeak.Checks;

/// <summary>Compares what the kernel says twice, and tells what of the answer a disagreement puts in doubt.</summary>
/// <param name="results">What each check has come to.</param>
/// <param name="layout">Where fields lie.</param>
internal sealed class SelfCheck(IReadOnlyList<CheckResult> results, KernelLayout layout)
{
    /// <summary>Notes about one check; more of them say nothing new.</summary>
    private const int MostNotes = 2;

    /// <summary>What each check has come to, in the order in which they are shown.</summary>
    public IReadOnlyList<CheckResult> Results => results;

    /// <summary>Makes all checks.</summary>
    /// <param name="context">What was read.</param>
    /// <param name="again">Looks at the machine anew; null for a dump, which stays as it is.</param>
    public static SelfCheck Run(CheckContext context, Func<CheckContext>? again)
    {
        IReadOnlyList<CheckResult> results = AllChecks.Run(context);
        if (again is not null && results.Any(result => result.Disagreed > 0))
        {
            // A machine that runs on is read at different moments, so that its words differ without anything being wrong.
            CheckContext anew = again();
            results = [.. results.Zip(AllChecks.Run(anew), (first, second) => first.ConfirmedBy(second))];
            context.View.Memory.AddCostOf(anew.View.Memory);
        }

        return new SelfCheck(results, context.View.Layout);
    }

    /// <summary>
    /// The fields that disagreements of a check may come from, without those that another check proves. Empty where nothing
    /// disagrees.
    /// </summary>
    public IReadOnlyList<string> Suspects(CheckResult result)
    {
        if (result.Disagreed == 0)
        {
            return [];
        }

        HashSet<string> confirmed = [.. results.Where(other => other is { Made: > 0, Disagreed: 0 }).SelectMany(other => other.Check.Proves)];
        List<string> fields = [.. result.Check.Fields.Where(layout.Has)];
        List<string> open = [.. fields.Where(field => !confirmed.Contains(field))];
        return open.Count > 0 ? open : fields;
    }

    /// <summary>
    /// Says in notes what disagrees. Threads that a process has and its list has not are a gap: what was not found may be there.
    /// </summary>
    public void Tell(Notes notes)
    {
        foreach (CheckResult result in results)
        {
            if (result.Disagreed == 0 || (result.Check.ToldBy is not null && !result.IsLayoutInDoubt))
            {
                continue;
            }

            Action<string> add = result.Check is ActiveThreads && !result.IsLayoutInDoubt ? notes.AddGap : notes.Add;
            foreach (Disagreement disagreement in result.Disagreements.Take(MostNotes))
            {
                add($"The kernel contradicts itself: {disagreement.Text}");
            }

            if (result.Disagreed > MostNotes || result.IsLayoutInDoubt)
            {
                notes.Add($"{result.Disagreed} of {result.Made} comparisons of {result.Check.Name} disagree; suspect: {string.Join(", ", Suspects(result))}. !lockleak -check says more.");
            }
        }
    }

    /// <summary>Takes back the certainty of findings that rest on what disagrees.</summary>
    public List<Finding> Weigh(List<Finding> findings) => [.. findings.Select(Weigh)];

    private Finding Weigh(Finding finding)
    {
        CheckResult? doubt = finding.Certainty == Certainty.Certain ? results.FirstOrDefault(result => IsInDoubt(finding, result)) : null;
        return doubt is null ? finding : finding with
        {
            Certainty = Certainty.Suspect,
            Reason = $"{finding.Reason}{(finding.Reason.IsEmpty ? "" : " ")}This rests on what the kernel says twice and differently: see the notes, or !lockleak -check ({doubt.Check.Name}).",
        };
    }

    private static bool IsInDoubt(Finding finding, CheckResult result)
    {
        if (result.IsLayoutInDoubt)
        {
            return true;
        }

        if (result.Disagreed == 0 || result.Check.ToldBy == finding.Kind.Name)
        {
            return false;
        }

        HashSet<ulong> parts = [.. finding.Accused.Select(thread => thread.Value), .. finding.Owners.Select(thread => thread.Value), .. finding.AllLocks.Select(node => node.Address.Value), finding.Entry.Value];
        return result.Disagreements.Any(disagreement => disagreement.Subjects.Any(parts.Contains));
    }
}
