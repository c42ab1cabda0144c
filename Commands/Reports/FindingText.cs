using LockLeak.Findings;
using LockLeak.Kernel;

namespace LockLeak.Reports;

/// <summary>A finding as <c>!lockleak</c> prints it: what is wrong, then who and what it rests on.</summary>
/// <param name="lines">The threads and locks of the report.</param>
/// <param name="writer">Where it goes.</param>
/// <param name="verbose">Show raw values, how things were found, and stacks.</param>
internal sealed class FindingText(ThreadLines lines, ReportWriter writer, bool verbose)
{
    /// <summary>Writes a finding.</summary>
    public void Write(FindingReport finding)
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
            lines.Line(finding.Threads, finding.Locks, owner: finding.Threads.Count == 1 ? "itself" : "the first");
            SiteText.Holders(writer, 4, finding.Sites, finding.SiteNotes, verbose);
            lines.List("waiters", finding.Waiters, node: null);
        }
        else
        {
            WriteFacts(finding);
        }
    }

    private void WriteFacts(FindingReport finding)
    {
        var rows = new List<IReadOnlyList<Cell>>();
        if (finding.Entry is { } entry)
        {
            rows.Add(["entry", Phrases.Entry(entry), Entry(finding)]);
        }

        LockReport? node = finding.Lock is { } address ? lines.Lock(address) : null;
        if (node is not null)
        {
            rows.Add(["lock", Phrases.Lock(node), $"{Phrases.Name(node)}{Phrases.LockState(node)}"]);
        }

        if (finding.Thread is { } thread)
        {
            rows.Add(lines.Row(thread));
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
        lines.List("owners", otherOwners, node);
        lines.List("waiters", [.. finding.Waiters.Where(waiter => waiter != finding.Thread)], node);
        if (verbose && finding.Thread is { } first)
        {
            ReportText.Stack(writer, 6, lines.Thread(first));
        }
    }

    private string Entry(FindingReport finding)
    {
        EntryReport? entry = finding.Thread is { } thread
            ? lines.Thread(thread).Entries.FirstOrDefault(entry => entry.Entry == finding.Entry) : null;
        if (entry is null)
        {
            return "";
        }

        string raw = verbose ? $", LockUnsafe {Address.Text(entry.LockUnsafe)}, EntryFlags {entry.EntryFlags:x8}" : "";
        return $"LockEntries[{entry.Index}] {Words.Of(entry.Relation)}{(entry.InTree ? "" : ", not in tree")}{raw}";
    }
}
