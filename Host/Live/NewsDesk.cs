namespace LockLeak.Host;

/// <summary>
/// Compares each look at the machine with the one before, and says what has come up since: a finding, or a thread that has
/// waited too long for the same lock. What went away and comes back is news again.
/// </summary>
/// <param name="stuck">From when on a wait is news.</param>
internal sealed class NewsDesk(TimeSpan stuck)
{
    /// <summary>The wait reasons of locks (_KWAIT_REASON), for builds and threads without lock entries.</summary>
    private static readonly HashSet<string> LockWaits = ["WrResource", "WrPushLock", "WrMutex", "WrFastMutex", "WrGuardedMutex"];

    private HashSet<string> known = [];

    /// <summary>Takes the reports of one look.</summary>
    public IReadOnlyList<News> Take(IReadOnlyCollection<WatchReport> look)
    {
        List<WatchFinding> findings = [.. look.SelectMany(report => report.Findings ?? [])];
        HashSet<string> current = [];
        List<News> news = [];
        foreach (WatchFinding finding in findings)
        {
            string key = string.Join('|', [finding.Kind, finding.Thread, finding.Entry, finding.Lock, .. finding.Threads]);
            Add(key, () => new News(finding.Kind, finding.Certainty, finding.Thread, finding.Lock, finding.Message));
        }

        // A waiter that a finding speaks of has had its line already.
        HashSet<string> told = [.. findings.SelectMany(finding => finding.Waiters.Concat(finding.Threads))];
        List<WatchThread> threads = [.. look.SelectMany(report => report.Threads ?? []).DistinctBy(thread => thread.Thread)];
        foreach (WatchThread thread in threads.Where(thread => IsStuck(thread) && !told.Contains(thread.Thread)))
        {
            WatchEntry? entry = thread.Entries.FirstOrDefault(entry => entry.Relation == "waits");
            Add($"stuck-waiter|{thread.Thread}|{entry?.Lock}",
                () => new News("stuck-waiter", "suspect", thread.Thread, entry?.Lock, Describe(thread, entry, threads)));
        }

        // A look that was cut short does not show that what is missing from it has gone.
        known = look.All(report => report.Complete) ? current : [.. known, .. current];
        return news;

        void Add(string key, Func<News> item)
        {
            if (current.Add(key) && !known.Contains(key))
            {
                news.Add(item());
            }
        }
    }

    private bool IsStuck(WatchThread thread) =>
        thread.State == "Waiting" && thread.WaitMilliseconds >= stuck.TotalMilliseconds &&
        (thread.Entries.Any(entry => entry.Relation == "waits") || LockWaits.Contains(thread.WaitReason ?? ""));

    private static string Describe(WatchThread thread, WatchEntry? entry, IEnumerable<WatchThread> threads)
    {
        string who = $"Thread {Address(thread.Thread)} ({thread.Image ?? "?"} {thread.Pid:x}.{thread.Tid:x}) has waited " +
            $"{thread.WaitMilliseconds / 1000} s";
        if (entry?.Lock is null)
        {
            return $"{who} for a lock ({thread.WaitReason}).";
        }

        List<string> owners = [.. threads.Where(owner => owner.Entries.Any(owned => owned.Relation == "owns" && owned.Lock == entry.Lock))
            .Select(owner => Address(owner.Thread))];
        string owned = owners.Count == 0 ? "no owner known" : $"owned by {string.Join(", ", owners)}";
        return $"{who} for {entry.Kind} {Address(entry.Lock)}, {owned}.";
    }

    /// <summary>"0xffffc78839108040" as the debugger prints it: ffffc788`39108040.</summary>
    private static string Address(string json) => json.Length == 18 ? $"{json[2..10]}`{json[10..]}" : json;
}
