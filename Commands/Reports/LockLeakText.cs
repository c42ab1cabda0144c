using LockLeak.Analysis;
using LockLeak.Code;
using LockLeak.Findings;
using LockLeak.Kernel;
using LockLeak.Locks;

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

    /// <summary>Waiters listed for one lock without -v.</summary>
    public const int MostWaiters = 16;

    private readonly Dictionary<ThreadAddress, ThreadReport> threads = report.Threads.ToDictionary(thread => thread.Thread);
    private readonly Dictionary<LockAddress, LockReport> locks = report.Locks.ToDictionary(node => node.Lock);

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

        foreach (FindingReport finding in report.Findings)
        {
            Write(finding);
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
        LockReport? node = bugCheck.Lock is { } address ? Lock(address) : null;
        writer.Table(4,
        [
            .. bugCheck.Thread is { } thread ? (IReadOnlyList<Cell>[])[Row(thread)] : [],
            .. node is null ? (IReadOnlyList<Cell>[])[]
                : [["lock", Phrases.Lock(node), $"{Phrases.Kind(node)}, {Phrases.LockState(node)}"]],
        ]);
        if (node is not null)
        {
            WriteThreads("owners", [.. node.Owners.Select(owner => owner.Thread)], node);
            WriteThreads("waiters", [.. node.Waiters.Select(waiter => waiter.Thread.GetValueOrDefault())], node);
        }
    }

    private IReadOnlyList<Cell> Row(ThreadAddress address)
    {
        ThreadReport thread = Thread(address);
        if (thread.State is null)
        {
            return ["thread", Phrases.Thread(address), "cannot be read"];
        }

        string[] words = [$"{thread.Image} {thread.Cid}", Phrases.State(thread), Phrases.Reason(thread), Phrases.Started(thread),
            Phrases.At(thread).Text];
        return ["thread", Phrases.Thread(address), string.Join(", ", words.Where(word => word.Length > 0))];
    }

    private void Write(FindingReport finding)
    {
        writer.Write(finding.Certainty switch
        {
            Certainty.Certain => new Cell(finding.Kind.Heading, Emphasis: Emphasis.Wrong),
            Certainty.Suspect => new Cell($"SUSPECT {finding.Kind.Heading}", Emphasis: Emphasis.Doubtful),
        });
        writer.Write("  ");
        ReportText.Sentence(writer, finding.Message);
        if (!finding.Reason.IsEmpty)
        {
            writer.Write("    ");
            ReportText.Sentence(writer, finding.Reason);
        }

        if (finding.Threads.Count > 0)
        {
            WriteLine(finding.Threads, finding.Locks, owner: finding.Threads.Count == 1 ? "itself" : "the first");
            WriteHolders(finding.Sites, finding.SiteNotes);
            WriteThreads("waiters", finding.Waiters, node: null);
        }
        else
        {
            WriteFacts(finding);
        }
    }

    private void WriteHolders(IReadOnlyList<SiteReport> sites, IReadOnlyList<string> notes)
    {
        SiteText.Holders(writer, 4, sites);
        if (verbose)
        {
            SiteText.Ways(writer, 4, [.. sites.Where(site => site.Verdict != SiteVerdict.Holds || site.Through.Count > 0)], notes);
        }
    }

    private void WriteFacts(FindingReport finding)
    {
        var rows = new List<IReadOnlyList<Cell>>();
        if (finding.Entry is { } entry)
        {
            rows.Add(["entry", Phrases.Entry(entry), Entry(finding)]);
        }

        LockReport? node = finding.Lock is { } address ? Lock(address) : null;
        if (node is not null)
        {
            rows.Add(["lock", Phrases.Lock(node), $"{Phrases.Name(node)}{Phrases.LockState(node)}"]);
        }

        if (finding.Thread is { } thread)
        {
            rows.Add(Row(thread));
        }

        writer.Table(4, rows);
        if (verbose || finding.LacksAnImage)
        {
            SiteText.Ways(writer, 4, finding.Sites, finding.SiteNotes);
        }
        else
        {
            SiteText.Line(writer, 4, finding.Sites);
        }

        List<ThreadAddress> otherOwners = [.. finding.Owners.Where(owner => owner != finding.Thread)];
        WriteThreads("owners", otherOwners, node);
        WriteThreads("waiters", [.. finding.Waiters.Where(waiter => waiter != finding.Thread)], node);
        if (verbose && finding.Thread is { } first)
        {
            ReportText.Stack(writer, 6, Thread(first));
        }
    }

    private void WriteThreads(string heading, IReadOnlyList<ThreadAddress> addresses, LockReport? node)
    {
        if (addresses.Count == 0)
        {
            return;
        }

        writer.Line($"    {heading,-8}  {Phrases.Count(addresses.Count)}");
        int shown = verbose ? addresses.Count : Math.Min(addresses.Count, MostWaiters);
        ReportText.Threads(writer, 6, addresses.Take(shown).Select(thread => (Thread(thread), (IEnumerable<Cell>)(heading == "waiters"
            ? [Mode(node, thread), Found(node, thread)]
            : [Found(node, thread)]))));
        if (shown < addresses.Count)
        {
            writer.Line(new Cell($"      and {addresses.Count - shown} more (-v shows all)", Emphasis: Emphasis.Quiet));
        }

        if (verbose)
        {
            foreach (ThreadAddress thread in addresses.Take(shown))
            {
                ReportText.Stack(writer, 6, Thread(thread));
            }
        }
    }

    private static string Mode(LockReport? node, ThreadAddress thread) =>
        node?.Waiters.FirstOrDefault(waiter => waiter.Thread == thread)?.Mode is { } mode ? Words.Of(mode) : "";

    private string Found(LockReport? node, ThreadAddress thread)
    {
        if (!verbose || node is null)
        {
            return "";
        }

        IEnumerable<FoundBy> ways = node.Waiters.FirstOrDefault(waiter => waiter.Thread == thread)?.FoundBy
            ?? [.. node.Owners.Where(owner => owner.Thread == thread).Select(owner => owner.FoundBy)];
        return $"by {string.Join(", ", ways.Select(Words.Of))}";
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
            WriteLine(chain.Threads, chain.Locks, owner: chain.Owners > 1 ? $"the next and {chain.Owners - 1} more" : "the next");
            WriteEnd(chain.Threads[^1]);
            WriteHolders(chain.Sites, []);
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
        if (Thread(thread).WaitsOn is { } wait && wait.Kind != Words.Of(WaitEndKind.Object) &&
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
            WriteThreads("waiters", [.. node.Waiters.Select(waiter => waiter.Thread.GetValueOrDefault())], node);
            writer.Line();
        }
    }

    /// <summary>
    /// A row for each thread with the lock that it waits for; the owner of that lock is the thread of the next row, and of
    /// the last lock whoever <paramref name="owner"/> says.
    /// </summary>
    private void WriteLine(IReadOnlyList<ThreadAddress> line, IReadOnlyList<LockAddress> lineLocks, string owner)
    {
        var rows = new List<IReadOnlyList<Cell>>();
        for (int i = 0; i < line.Count; i++)
        {
            ThreadReport thread = Thread(line[i]);
            List<Cell> row = [Phrases.Thread(thread.Thread), Phrases.Process(thread), Phrases.State(thread)];
            if (i < lineLocks.Count && Lock(lineLocks[i]) is { } node)
            {
                string mode = Mode(node, thread.Thread) is { Length: > 0 } known ? $", {known}" : "";
                row.AddRange([$"waits {Phrases.Waited(thread)} for {Phrases.Kind(node)}{mode}", Phrases.Lock(node),
                    $"{node.Kind.Held} by {(i < lineLocks.Count - 1 ? "the next" : owner)}"]);
            }
            else
            {
                row.AddRange([Phrases.Reason(thread), "", ""]);
            }

            row.AddRange([Phrases.Started(thread), Phrases.At(thread)]);
            rows.Add(row);
        }

        writer.Table(4, rows);
        if (verbose)
        {
            foreach (ThreadAddress thread in line)
            {
                ReportText.Stack(writer, 4, Thread(thread));
            }
        }
    }

    private string Entry(FindingReport finding)
    {
        EntryReport? entry = finding.Thread is { } thread
            ? Thread(thread).Entries.FirstOrDefault(entry => entry.Entry == finding.Entry) : null;
        if (entry is null)
        {
            return "";
        }

        string raw = verbose ? $", LockUnsafe {Address.Text(entry.LockUnsafe)}, EntryFlags {entry.EntryFlags:x8}" : "";
        return $"LockEntries[{entry.Index}] {Words.Of(entry.Relation)}{(entry.InTree ? "" : ", not in tree")}{raw}";
    }

    private ThreadReport Thread(ThreadAddress address) =>
        threads.GetValueOrDefault(address) ?? ThreadReport.Unknown(address);

    private LockReport? Lock(LockAddress address) => locks.GetValueOrDefault(address);
}
