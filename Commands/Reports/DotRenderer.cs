using System.Globalization;
using System.Text;

namespace LockLeak.Reports;

/// <summary>
/// Renders the wait-for graph in the DOT language of Graphviz: an arrow from a thread to the lock that it waits for and
/// from a lock to its owners. Circles and everything that a finding is about are red.
/// </summary>
internal static class DotRenderer
{
    /// <summary>The whole graph.</summary>
    public static string Render(LockLeakReport report)
    {
        HashSet<ulong> red =
        [
            .. report.Findings.SelectMany(finding => finding.Threads.Append(finding.Thread.GetValueOrDefault()))
                .Select(thread => thread.Value),
            .. report.Findings.SelectMany(finding => finding.Locks.Append(finding.Lock.GetValueOrDefault())).Select(node => node.Value),
        ];
        var dot = new StringBuilder("digraph locks {\n  rankdir=LR;\n  node [fontname=\"Consolas\"];\n");
        foreach (ThreadReport thread in report.Threads)
        {
            string at = thread.At ?? thread.StartSymbol ?? "";
            Node(dot, thread.Thread.Value, "box", red.Contains(thread.Thread.Value),
                $"{thread.Thread}\n{thread.Image} {thread.Cid}\n{Phrases.State(thread)} {Phrases.Reason(thread)}\n{at}");
        }

        foreach (LockReport node in report.Locks)
        {
            Node(dot, node.Lock.Value, "ellipse", red.Contains(node.Lock.Value),
                $"{node.Kind}\n{node.Lock}\n{node.Symbol ?? node.Pool?.ToString()}");
            foreach (OwnerReport owner in node.Owners)
            {
                Edge(dot, node.Lock.Value, owner.Thread.Value, red, $"{node.Kind.Held} by");
            }

            foreach (WaiterReport waiter in node.Waiters.Where(waiter => waiter.Thread is not null))
            {
                Edge(dot, waiter.Thread.GetValueOrDefault().Value, node.Lock.Value, red,
                    waiter.Mode is { } mode ? $"waits {Words.Of(mode)}" : "waits");
            }
        }

        return dot.Append("}\n").ToString();
    }

    private static void Node(StringBuilder dot, ulong id, string shape, bool isRed, string label) =>
        dot.Append(CultureInfo.InvariantCulture,
            $"  \"{id:x}\" [shape={shape}{(isRed ? ", color=red" : "")}, label=\"{Escape(label.TrimEnd())}\"];\n");

    private static void Edge(StringBuilder dot, ulong from, ulong to, HashSet<ulong> red, string label) =>
        dot.Append(CultureInfo.InvariantCulture,
            $"  \"{from:x}\" -> \"{to:x}\" [label=\"{label}\"{(red.Contains(from) && red.Contains(to) ? ", color=red" : "")}];\n");

    /// <summary>Quotes and backslashes of a quoted string (DOT grammar); line feeds become the escape that centres a line.</summary>
    private static string Escape(string label) =>
        label.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)
            .Replace("\n", "\\n", StringComparison.Ordinal);
}
