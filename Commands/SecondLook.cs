using LockLeak.Analysis;
using LockLeak.Findings;
using LockLeak.Kernel;

namespace LockLeak;

/// <summary>
/// Looks once more at what findings accuse. A machine may run on while it is read (a local kernel session), and what was true
/// of a thread and of its lock at different moments is no evidence.
/// </summary>
internal static class SecondLook
{
    /// <summary>The findings that a fresh look finds as well; each other one leaves a note.</summary>
    public static List<Finding> StillTrue(CommandContext context, List<Finding> findings, BugCheckText? bugCheck, bool isWholeMachine)
    {
        KernelView first = context.View;
        var view = new KernelView(first.Target, first.Layout, context.Console, first.Phases);
        if (findings.Exists(finding => finding.Accused.Concat(finding.Owners).All(thread => thread.Value == 0)))
        {
            // That nobody owns a lock takes a look at everybody.
            context.Scan(view);
        }

        foreach (ThreadAddress thread in findings.SelectMany(finding => finding.Accused.Concat(finding.Waiters).Concat(finding.Owners)))
        {
            view.Thread(thread);
        }

        LockGraph graph = LockGraph.Build(view);
        HashSet<(FindingKind, ThreadAddress, LockAddress?, string)> again =
            [.. Finders.Run(new FindingContext(view, graph, bugCheck, isWholeMachine)).Select(Key)];
        first.Memory.AddCostOf(view.Memory);
        List<Finding> kept = [];
        foreach (Finding finding in findings)
        {
            if (again.Contains(Key(finding)))
            {
                kept.Add(finding);
            }
            else
            {
                first.Notes.Add($"This was so at first and no more at a second look, so it is left out: {finding.Message}");
            }
        }

        return kept;
    }

    /// <summary>What makes two findings the same: what they are about, and not who waits behind it.</summary>
    private static (FindingKind Kind, ThreadAddress Thread, LockAddress? Lock, string Circle) Key(Finding finding) =>
        (finding.Kind, finding.Thread, finding.Lock?.Address, string.Join(' ', finding.Threads.Select(thread => thread.Value).Order()));
}
