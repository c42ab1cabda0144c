using LockLeak.Kernel;
using LockLeak.Locks;

namespace LockLeak.Reports;

/// <summary>Threads as lines of text: one by itself, those of a lock, and those that wait for each other in a row.</summary>
/// <param name="report">Where they are known from.</param>
/// <param name="writer">Where they go.</param>
/// <param name="verbose">Show how they were found, all of them, and their stacks.</param>
internal sealed class ThreadLines(LockLeakReport report, ReportWriter writer, bool verbose)
{
    /// <summary>Threads listed for one lock without -v.</summary>
    public const int Most = 16;

    private readonly Dictionary<ThreadAddress, ThreadReport> threads = report.Threads.ToDictionary(thread => thread.Thread);
    private readonly Dictionary<LockAddress, LockReport> locks = report.Locks.ToDictionary(node => node.Lock);

    /// <summary>What the report says of a thread.</summary>
    public ThreadReport Thread(ThreadAddress address) =>
        threads.GetValueOrDefault(address) ?? ThreadReport.Unknown(address);

    /// <summary>What it says of a lock; null when nothing.</summary>
    public LockReport? Lock(LockAddress address) => locks.GetValueOrDefault(address);

    /// <summary>A row of a table: who it is, its state, where it started and where it is.</summary>
    public IReadOnlyList<Cell> Row(ThreadAddress address)
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

    /// <summary>The owners or the waiters of a lock.</summary>
    /// <param name="heading">"owners" or "waiters".</param>
    /// <param name="addresses">The threads.</param>
    /// <param name="node">The lock; null where it has been told.</param>
    public void List(string heading, IReadOnlyList<ThreadAddress> addresses, LockReport? node)
    {
        if (addresses.Count == 0)
        {
            return;
        }

        writer.Line($"    {heading,-8}  {Phrases.Count(addresses.Count)}");
        int shown = verbose ? addresses.Count : Math.Min(addresses.Count, Most);
        Dictionary<ThreadAddress, WaiterReport> waiters = WaitersOf(node);
        Dictionary<ThreadAddress, List<FoundBy>> owners = verbose ? OwnersOf(node) : [];
        ReportText.Threads(writer, 6, addresses.Take(shown).Select(thread =>
        {
            WaiterReport? waiter = waiters.GetValueOrDefault(thread);
            string found = verbose && node is not null
                ? $"by {string.Join(", ", (waiter?.FoundBy ?? owners.GetValueOrDefault(thread) ?? []).Select(Words.Of))}" : "";
            return (Thread(thread), (IEnumerable<Cell>)(heading == "waiters" ? [Mode(waiter), found] : [found]));
        }));
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

    /// <summary>
    /// A row for each thread with the lock that it waits for; the owner of that lock is the thread of the next row, and of
    /// the last lock whoever <paramref name="owner"/> says.
    /// </summary>
    public void Line(IReadOnlyList<ThreadAddress> line, IReadOnlyList<LockAddress> lineLocks, string owner)
    {
        var rows = new List<IReadOnlyList<Cell>>();
        for (int i = 0; i < line.Count; i++)
        {
            ThreadReport thread = Thread(line[i]);
            List<Cell> row = [Phrases.Thread(thread.Thread), Phrases.Process(thread), Phrases.State(thread)];
            if (i < lineLocks.Count && Lock(lineLocks[i]) is { } node)
            {
                WaiterReport? waiter = node.Waiters.FirstOrDefault(waiter => waiter.Thread == thread.Thread);
                string mode = Mode(waiter) is { Length: > 0 } known ? $", {known}" : "";
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

    private static Dictionary<ThreadAddress, WaiterReport> WaitersOf(LockReport? node)
    {
        Dictionary<ThreadAddress, WaiterReport> waiters = [];
        foreach (WaiterReport waiter in node?.Waiters ?? [])
        {
            waiters.TryAdd(waiter.Thread.GetValueOrDefault(), waiter);
        }

        return waiters;
    }

    private static Dictionary<ThreadAddress, List<FoundBy>> OwnersOf(LockReport? node)
    {
        Dictionary<ThreadAddress, List<FoundBy>> owners = [];
        foreach (OwnerReport owner in node?.Owners ?? [])
        {
            if (!owners.TryGetValue(owner.Thread, out List<FoundBy>? ways))
            {
                owners.Add(owner.Thread, ways = []);
            }

            ways.Add(owner.FoundBy);
        }

        return owners;
    }

    private static string Mode(WaiterReport? waiter) => waiter?.Mode is { } mode ? Words.Of(mode) : "";
}
