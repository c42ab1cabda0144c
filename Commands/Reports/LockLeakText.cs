using LockLeak.Analysis;
using LockLeak.Kernel;

namespace LockLeak.Reports;

/// <summary>The text of <c>!lockleak</c>: the answer, then the evidence, then the cost.</summary>
/// <param name="report">The answer.</param>
/// <param name="writer">Where it goes.</param>
/// <param name="verbose">Show raw values, how things were found, and stacks.</param>
/// <param name="isWholeMachine">False when the user asked for some processes only.</param>
internal sealed class LockLeakText(LockLeakReport report, ReportWriter writer, bool verbose, bool isWholeMachine)
{
    /// <summary>Chains shown without -v: the first one usually is the whole story.</summary>
    public const int MostChains = 3;

    private readonly ThreadLines lines = new(report, writer, verbose);

    /// <summary>Writes the whole report.</summary>
    public void Write()
    {
        HeaderText.Write(writer, report.Target);
        WriteBugCheck(report.Target.BugCheck);
        if (report.Findings.Count == 0)
        {
            WriteBlocker();
            writer.Line(!report.Complete || report.Notes.Count > 0
                ? "Nothing found in what could be looked at; the notes below say what was not."
                : isWholeMachine ? "Nothing leaked: no ended thread holds a lock, no thread waits in a circle, and no contended lock " +
                    "lacks its owner."
                : "Nothing leaked in what was asked for: no ended thread of it holds a lock, and none of its threads waits in a circle.");
            writer.Line();
        }

        var findingText = new FindingText(lines, writer, verbose);
        foreach (FindingReport finding in report.Findings)
        {
            findingText.Write(finding);
            writer.Line();
        }

        if (report.Findings.Count > 0)
        {
            WriteBlocker();
        }
        else if (report is { IsContention: true, Complete: true, Notes.Count: 0 })
        {
            HangText.Contention(writer);
        }

        WriteChains();
        HangText.Contentions(writer, report, verbose);
        WriteUnowned();
        ReportText.Footer(writer, report);
    }

    private void WriteBlocker()
    {
        if (report.Blocker is { } blocker)
        {
            HangText.Blocker(writer, blocker);
        }
    }

    /// <summary>The bug check, and what is known of the thread and the lock that it names unless a finding says it.</summary>
    private void WriteBugCheck(BugCheckReport? bugCheck)
    {
        // That of a dump that somebody asked for (0xe2) names nothing, and the answer is further up without it.
        if (bugCheck is null || (bugCheck.Name is null && bugCheck.Parameters.All(parameter => parameter == 0)))
        {
            return;
        }

        bool isExplained = report.Findings.Any(finding =>
            finding.Thread == bugCheck.Thread && (bugCheck.Lock is null || finding.Lock == bugCheck.Lock));
        writer.Line($"Bug check {bugCheck.Code} {bugCheck.Name}".TrimEnd());
        if (verbose || !isExplained)
        {
            writer.Line($"    {bugCheck.Words}");
        }

        if (!isExplained)
        {
            WriteSubject(bugCheck);
        }

        writer.Line();
    }

    private void WriteSubject(BugCheckReport bugCheck)
    {
        LockReport? node = bugCheck.Lock is { } address ? lines.Lock(address) : null;
        writer.Table(4,
        [
            .. bugCheck.Thread is { } thread ? (IReadOnlyList<Cell>[])[lines.Row(thread)] : [],
            .. node is null ? (IReadOnlyList<Cell>[])[]
                : [["lock", Phrases.Lock(node), $"{Phrases.Kind(node)}, {Phrases.LockState(node)}"]],
        ]);
        if (node is not null)
        {
            lines.List("owners", [.. node.Owners.Select(owner => owner.Thread)], node);
            lines.List("waiters", [.. node.Waiters.Select(waiter => waiter.Thread.GetValueOrDefault())], node);
        }
    }

    private void WriteChains()
    {
        // A chain of one step to a thread that a finding is about says nothing new.
        List<ChainReport> chains =
            [.. report.Chains.Where(chain =>
            chain.Threads.Count > 2 || !report.Findings.Any(finding => finding.Thread == chain.Threads[^1]))];
        int shown = verbose ? chains.Count : Math.Min(chains.Count, MostChains);
        foreach (ChainReport chain in chains.Take(shown))
        {
            writer.Line($"{Phrases.Count(chain.Blocked, "thread")} " +
                $"{(chain.Blocked == 1 ? "waits" : "wait")}{(chain.Threads.Count > 2 ? ", directly or not," : "")} for the last thread " +
                "here:");
            lines.Line(chain.Threads, chain.Locks, owner: chain.Owners > 1 ? $"the next and {chain.Owners - 1} more" : "the next");
            WriteEnd(chain.Threads[^1]);
            SiteText.Holders(writer, 4, chain.Sites, [], verbose);
            writer.Line();
        }

        if (shown < chains.Count)
        {
            writer.Line(new Cell($"{Phrases.Count(chains.Count - shown, "more wait chain")} (-v shows all).", Emphasis: Emphasis.Quiet))
                .Line();
        }
    }

    /// <summary>What the last thread of a chain waits for, unless the blocker's line has said it.</summary>
    private void WriteEnd(ThreadAddress thread)
    {
        if (lines.Thread(thread).WaitsOn is { } wait && wait.Kind != Words.Of(WaitEndKind.Object) &&
            (thread != report.Blocker?.Thread || verbose))
        {
            writer.Write("    ").Write(Phrases.Thread(thread)).Write(" ")
                .Line(new Cell(wait.Words,
                wait.Irp is { } irp ? $"!irp {Address.Text(irp)}" : wait.Message is { } message
                    ? $"!alpc /m {Address.Text(message)}" : null));
        }
    }

    /// <summary>Contended locks whose owner is unknown without that being suspicious: Windows 7 and 8 keep no trace of it.</summary>
    private void WriteUnowned()
    {
        IEnumerable<LockReport> ownerless = report.Locks.Where(node => node is { Waiters.Count: > 0, Owners.Count: 0 });
        foreach (LockReport node in ownerless.Where(node => !report.Findings.Any(finding => finding.Lock == node.Lock)))
        {
            writer.Write($"Contended {node.Kind.Noun} ").Write(Phrases.Lock(node))
                .Line($"  {Phrases.Name(node)}{Phrases.LockState(node)}; " +
                $"{(node.OwnerPointers.Count > 0 ? "no thread owns it" : "its owner is unknown")}");
            lines.List("waiters", [.. node.Waiters.Select(waiter => waiter.Thread.GetValueOrDefault())], node);
            writer.Line();
        }
    }
}
