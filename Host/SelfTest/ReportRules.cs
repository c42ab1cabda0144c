using System.Text.Json;

namespace LockLeak.Host;

/// <summary>What holds in every report of !lockleak, whatever the machine: its parts do not contradict each other.</summary>
internal static class ReportRules
{
    /// <summary>The rules that a report breaks, each a sentence; empty for a sound one.</summary>
    public static IReadOnlyList<string> Broken(JsonElement report)
    {
        var broken = new List<string>();
        Dictionary<string, JsonElement> threads = ByAddress(report, "threads", "thread", broken),
        locks = ByAddress(report, "locks", "lock", broken);
        foreach (JsonElement finding in List(report, "findings"))
        {
            string kind = Word(finding, "kind");
            broken.AddRange(Words(finding, "threads").Concat(Words(finding, "owners")).Concat(Words(finding, "waiters"))
                .Append(Word(finding, "thread"))
                .Where(thread => thread.Length > 0 && !threads.ContainsKey(thread))
                    .Select(thread => $"{kind} names thread {thread}, which is not among the threads"));
            broken.AddRange(Words(finding, "locks").Append(Word(finding, "lock"))
                .Where(address => address.Length > 0 && !locks.ContainsKey(address))
                    .Select(address => $"{kind} names lock {address}, which is not among the locks"));
            if (kind == "deadlock")
            {
                string[] circle = [.. Words(finding, "threads")];
                Follow(kind, [.. circle, .. circle.Take(1)], [.. Words(finding, "locks")], locks, broken);
            }

            if (kind == "leaked-entry" && Word(finding, "certainty") == "certain" &&
                threads.GetValueOrDefault(Word(finding, "thread")) is { ValueKind: JsonValueKind.Object } thread &&
                !thread.GetProperty("terminated").GetBoolean())
            {
                broken.Add($"{kind} is certain, and thread {Word(finding, "thread")} has not ended");
            }
        }

        foreach (JsonElement chain in List(report, "chains"))
        {
            Follow("a chain", [.. Words(chain, "threads")], [.. Words(chain, "locks")], locks, broken);
        }

        foreach (JsonElement check in List(report, "checks")
            .Where(check => check.GetProperty("made").GetInt32() != check.GetProperty("agreed").GetInt32() +
            check.GetProperty("disagreed").GetInt32()))
        {
            broken.Add($"the numbers of check {Word(check, "name")} do not add up");
        }

        if (!report.GetProperty("complete").GetBoolean() && !List(report, "notes").Any())
        {
            broken.Add("the report is not complete, and no note says why");
        }

        return broken;
    }

    /// <summary>Each thread of a line has to wait for the lock with its index, and the next one to own that.</summary>
    private static void Follow(string what, string[] threads, string[] addresses, Dictionary<string, JsonElement> locks,
        List<string> broken)
    {
        if (addresses.Length != threads.Length - 1)
        {
            broken.Add($"{what} has {threads.Length} threads and {addresses.Length} locks");
            return;
        }

        for (int i = 0; i < addresses.Length; i++)
        {
            if (!locks.TryGetValue(addresses[i], out JsonElement node))
            {
                broken.Add($"{what} names lock {addresses[i]}, which is not among the locks");
            }
            else if (!List(node, "waiters").Any(waiter => Word(waiter, "thread") == threads[i]))
            {
                broken.Add($"{what}: thread {threads[i]} is no waiter of lock {addresses[i]}");
            }
            else if (!List(node, "owners").Any(owner => Word(owner, "thread") == threads[i + 1]))
            {
                broken.Add($"{what}: thread {threads[i + 1]} is no owner of lock {addresses[i]}");
            }
        }
    }

    private static Dictionary<string, JsonElement> ByAddress(JsonElement report, string list, string key, List<string> broken)
    {
        var found = new Dictionary<string, JsonElement>();
        foreach (JsonElement item in List(report, list).Where(item => !found.TryAdd(Word(item, key), item)))
        {
            broken.Add($"{key} {Word(item, key)} is twice among the {list}");
        }

        return found;
    }

    private static JsonElement.ArrayEnumerator List(JsonElement owner, string name) =>
        owner.TryGetProperty(name, out JsonElement list) ? list.EnumerateArray() : default;

    private static IEnumerable<string> Words(JsonElement owner, string name) => List(owner, name).Select(word => word.GetString() ?? "");

    private static string Word(JsonElement owner, string name) => owner.GetProperty(name).GetString() ?? "";
}
