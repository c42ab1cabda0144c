using LockLeak.Kernel;

namespace LockLeak.Reports;

/// <summary>The text of <c>!threadlocks</c> for one thread: who it is, what it does, and each of its lock entries.</summary>
/// <param name="report">The answer.</param>
/// <param name="writer">Where it goes.</param>
/// <param name="family">Where this kernel keeps lock entries.</param>
/// <param name="verbose">Show raw values and the stack.</param>
internal sealed class ThreadText(ThreadLocksReport report, ReportWriter writer, LockEntryFamily family, bool verbose)
{
    /// <summary>Writes the whole report.</summary>
    public void Write()
    {
        ThreadReport thread = report.Threads[0];
        writer.Write("Thread ").Write(Phrases.Thread(thread.Thread)).Write("  ").Write(Phrases.Process(thread))
            .Line(thread.Name is null ? "" : $"  \"{thread.Name}\"");
        writer.Table(4,
        [
            ["state", string.Join(", ",
                new[] { Phrases.State(thread), Phrases.Reason(thread), Phrases.Waited(thread) }.Where(part => part.Length > 0))],
            .. thread.WaitsFor is { } waits ? (IReadOnlyList<Cell>[])[["waits for", Phrases.Lock(waits)]] : [],
            .. thread.Holds.Select(held => (IReadOnlyList<Cell>)["holds", Phrases.Lock(held.Lock), held.Kind.Name]),
            ["priority", $"{thread.Priority}, base {thread.BasePriority}"],
            ["switches", Phrases.Count(thread.ContextSwitches ?? 0)],
            ["where", string.Join(" ", new[] { Phrases.Started(thread), Phrases.At(thread).Text }.Where(part => part.Length > 0))],
            ["entries", Entries(thread)],
        ]);
        List<IReadOnlyList<Cell>> rows = [.. thread.Entries.Select(Row)];
        if (rows.Count > 0)
        {
            writer.Table(4, [["#", "ENTRY", "", "LOCK", "KIND", "FLAGS"], .. rows]);
        }

        ReportText.Stack(writer, 4, thread);
        writer.Line();
        ReportText.Footer(writer, report);
    }

    private string Entries(ThreadReport thread)
    {
        if (family == LockEntryFamily.None)
        {
            return "this Windows build keeps no lock entries";
        }

        int used = thread.Entries.Count(entry => entry.Relation is not LockRelation.Free and not LockRelation.Orphaned);
        // That it once ran out of them is true of most threads.
        bool isOut = thread.Exhausted == true && used == thread.Entries.Count;
        return $"{used} of {thread.Entries.Count} in use{(isOut ? "; it ran out of them, so it may hold locks that no entry names" : "")}";
    }

    private IReadOnlyList<Cell> Row(EntryReport entry) =>
        [$"{entry.Index}", Phrases.Entry(entry.Entry),
            new Cell(Words.Of(entry.Relation), Emphasis: entry.Relation == LockRelation.Free ? Emphasis.Quiet : Emphasis.None),
         entry.Lock is { } address ? Phrases.Lock(address) : "", entry.Lock is null ? "" : entry.Kind.Name, Flags(entry)];

    private string Flags(EntryReport entry)
    {
        List<string> flags = [];
        if (entry.Relation != LockRelation.Free)
        {
            if (entry.User)
            {
                flags.Add("UserMode");
            }

            flags.Add(entry.InTree ? "InTree" : "not in tree");
            if (entry.Head)
            {
                flags.Add("HeadNode");
            }

            if (entry.Busy)
            {
                flags.Add("Busy");
            }

            if (entry.CrossThreadReleasable)
            {
                flags.Add("CrossThreadReleasable");
            }

            if (entry.SessionId != -1)
            {
                flags.Add($"session {entry.SessionId}");
            }

            if (!entry.Head && entry.CpuPriorityKey != 0)
            {
                flags.Add($"priority {-entry.CpuPriorityKey}");
            }

            if (entry.LeadsTo is { } other)
            {
                flags.Add($"leads to {other}");
            }
        }

        if (entry.Boosts != 0)
        {
            flags.Add($"boosts {entry.Boosts:x}");
        }

        if (verbose)
        {
            flags.Add($"LockUnsafe {Address.Text(entry.LockUnsafe)} EntryFlags {entry.EntryFlags:x8} CrossThreadFlags " +
                $"{entry.CrossThreadFlags:x2}");
        }

        return string.Join(' ', flags);
    }
}
