using LockLeak.Findings;
using LockLeak.Kernel;

namespace LockLeak.Checks;

/// <summary>Compares what the kernel says twice, and tells what of the answer a disagreement puts in doubt.</summary>
/// <param name="runs">What each check has come to.</param>
/// <param name="layout">Where fields lie.</param>
internal sealed class SelfCheck(IReadOnlyList<CheckRun> runs, KernelLayout layout)
{
    /// <summary>Notes about one check; more of them say nothing new.</summary>
    private const int MostNotes = 2;

    /// <summary>What each check has come to, in the order in which they are shown.</summary>
    public IReadOnlyList<CheckRun> Runs => runs;

    /// <summary>Makes all checks.</summary>
    /// <param name="context">What was read.</param>
    /// <param name="again">Looks at the machine anew; null for a dump, which stays as it is.</param>
    public static SelfCheck Run(CheckContext context, Func<CheckContext>? again)
    {
        IReadOnlyList<CheckRun> runs = AllChecks.Run(context);
        if (again is not null && runs.Any(run => run.Result.Disagreed > 0))
        {
            // A machine that runs on is read at different moments, so that its words differ without anything being wrong.
            CheckContext anew = again();
            runs = [.. runs.Zip(AllChecks.Run(anew), (first, second) => first with { Result = first.Result.ConfirmedBy(second.Result) })];
            context.View.Memory.AddCostOf(anew.View.Memory);
        }

        return new SelfCheck(runs, context.View.Layout);
    }

    /// <summary>
    /// The fields that disagreements of a check may come from, without those that another check proves. Empty where nothing
    /// disagrees.
    /// </summary>
    public IReadOnlyList<string> Suspects(CheckRun run)
    {
        if (run.Result.Disagreed == 0)
        {
            return [];
        }

        HashSet<string> confirmed =
            [.. runs.Where(other => other.Result is { Made: > 0, Disagreed: 0 }).SelectMany(other => other.Check.Proves)];
        List<string> fields = [.. run.Check.Fields.Where(layout.Has)];
        List<string> open = [.. fields.Where(field => !confirmed.Contains(field))];
        return open.Count > 0 ? open : fields;
    }

    /// <summary>
    /// Says in notes what disagrees. Threads that a process has and its list has not are a gap: what was not found may be there.
    /// </summary>
    public void Tell(Notes notes)
    {
        foreach (CheckRun run in runs)
        {
            (Check check, CheckResult result) = run;
            if (result.Disagreed == 0 || (check.ToldBy is not null && !result.IsLayoutInDoubt))
            {
                continue;
            }

            Action<string> add = check is ActiveThreads && !result.IsLayoutInDoubt ? notes.AddGap : notes.Add;
            foreach (Disagreement disagreement in result.Disagreements.Take(MostNotes))
            {
                add($"The kernel contradicts itself: {disagreement.Text}");
            }

            if (result.Disagreed > MostNotes || result.IsLayoutInDoubt)
            {
                string suspects = string.Join(", ", Suspects(run));
                notes.Add($"{result.Disagreed} of {result.Made} comparisons of {check.Name} disagree; suspect: {suspects}. !lockleak " +
                    "-check says more.");
            }
        }
    }

    /// <summary>Takes back the certainty of findings that rest on what disagrees.</summary>
    public List<Finding> Weigh(List<Finding> findings) => [.. findings.Select(Weigh)];

    private Finding Weigh(Finding finding)
    {
        CheckRun? doubt = finding.Certainty == Certainty.Certain ? runs.FirstOrDefault(run => IsInDoubt(finding, run)) : null;
        return doubt is null ? finding : finding with
        {
            Certainty = Certainty.Suspect,
            Reason = $"{finding.Reason}{(finding.Reason.IsEmpty ? "" : " ")}This rests on what the kernel says twice and differently: " +
                $"see the notes, or !lockleak -check ({doubt.Check.Name}).",
        };
    }

    private static bool IsInDoubt(Finding finding, CheckRun run)
    {
        (Check check, CheckResult result) = run;
        if (result.IsLayoutInDoubt)
        {
            return true;
        }

        if (result.Disagreed == 0 || check.ToldBy == finding.Kind.Name)
        {
            return false;
        }

        HashSet<ulong> parts = [.. finding.Accused.Select(thread => thread.Value), .. finding.Owners.Select(thread => thread.Value),
            .. finding.AllLocks.Select(node => node.Address.Value), finding.Entry.Value];
        return result.Disagreements.Any(disagreement => disagreement.Subjects.Any(parts.Contains));
    }
}
