using System.Globalization;
using System.Text;

namespace KernelImages.LockStates.Check;

/// <summary>Results as text: a row for each set and build, and each fault on a line of its own.</summary>
/// <param name="results">What was checked.</param>
public sealed class StateTable(IReadOnlyList<StateResult> results)
{
    /// <summary>A lock that somebody waits for, and nothing is in flight.</summary>
    public static bool IsSteadyAndContended(StateLock item) => item is { IsSteady: true, IsContended: true };

    /// <summary>A lock that nobody waits for, and nothing is in flight.</summary>
    public static bool IsSteadyAndUncontended(StateLock item) => item is { IsSteady: true, IsContended: false };

    /// <summary>A lock at which something is in flight.</summary>
    public static bool IsInFlight(StateLock item) => !item.IsSteady;

    /// <summary>All that is wrong.</summary>
    public IEnumerable<Fault> All => results.SelectMany(result => result.Faults);

    /// <summary>How many locks are right, and how many there are.</summary>
    /// <param name="isWanted">Tells which locks to count.</param>
    public (int Right, int All) Right(Func<StateLock, bool> isWanted) => Count(results, isWanted);

    /// <summary>Faults that say of a healthy machine that something is wrong, or that a lock is where none is.</summary>
    public IEnumerable<Fault> FalseStatements => All.Where(fault => FaultKind.False.Contains(fault.Kind));

    /// <summary>The table. The columns behind the numbers of locks count the locks (or statements) with a fault of that kind.</summary>
    public string Table()
    {
        StringBuilder text = new();
        AppendRow(text, ["set", "build", "waited for", "others", "in flight", .. FaultKind.All]);
        foreach (var row in results.GroupBy(result => (result.State.Set, result.Build)).OrderBy(row => FirstOf(row.Key.Set))
            .ThenBy(row => Version.Parse(row.Key.Build)))
            AppendRow(text, Cells(row.Key.Set, row.Key.Build, [.. row]));
        AppendRow(text, Cells("all", "", results));
        return text.Append(string.Create(CultureInfo.InvariantCulture,
            $"Steady locks right: {Percent(Right(IsSteadyAndContended))} of those waited for, {Percent(Right(IsSteadyAndUncontended))} " +
            $"of the others. Locks in flight: {Percent(Right(IsInFlight))}."))
            .Append(Invariant($" False statements: {FalseStatements.Count()}.\n")).ToString();
    }

    /// <summary>
    /// Every fault once, with the builds on which it occurs:
    /// <c>s021/0 pushlock: owners expected [3 shared], got [1]  (22621 26100)</c>.
    /// </summary>
    /// <param name="isWanted">Tells which faults.</param>
    public string Faults(Func<Fault, bool> isWanted)
    {
        StringBuilder text = new();
        foreach (var same in All.Where(isWanted)
            .GroupBy(fault => (fault.State.Id, fault.Lock, fault.Command, fault.Kind, Comparable(fault))))
        {
            Fault fault = same.First();
            string where = fault.Lock is { } item
                ? LockStateMachine.LockName(fault.State, item) + (fault.Truth!.IsSteady ? "" : " (in flight)") : fault.State.Id;
            text.Append(string.Create(CultureInfo.InvariantCulture, $"{where} {fault.Command.Split(" 0x")[0]}: {fault.Text}  " +
                $"({string.Join(' ', same.Select(one => one.Build.Split('.')[^1]).Distinct())})\n"));
        }
        return text.ToString();
    }

    private static (int Right, int All) Count(IEnumerable<StateResult> results, Func<StateLock, bool> isWanted)
    {
        bool[] locks = [.. from result in results from item in result.State.Locks where isWanted(item) select !HasFault(result, item.Id)];
        return (locks.Count(isRight => isRight), locks.Length);
    }

    private static bool HasFault(StateResult result, int item) =>
        result.Faults.Any(fault => fault.Lock == item && FaultKind.OfLocks.Contains(fault.Kind));

    private static string[] Cells(string set, string build, IReadOnlyList<StateResult> results) =>
    [
        set, build, Fraction(Count(results, IsSteadyAndContended)), Fraction(Count(results, IsSteadyAndUncontended)),
        Fraction(Count(results, IsInFlight)), .. FaultKind.All.Select(kind => Number(results, kind)),
    ];

    private static string Number(IReadOnlyList<StateResult> results, string kind)
    {
        int count = FaultKind.False.Contains(kind)
            ? results.Sum(result => result.Faults.Count(fault => fault.Kind == kind))
            : results.Sum(result => result.Faults.Where(fault => fault.Kind == kind).Select(fault => fault.Lock).Distinct().Count());
        return count == 0 ? "." : Invariant($"{count}");
    }

    private static void AppendRow(StringBuilder text, string[] cells)
    {
        for (int i = 0; i < cells.Length; i++)
            text.Append(i < 2 ? cells[i].PadRight(i == 0 ? 12 : 11)
                : cells[i].PadLeft(i < 5 ? 11 : Math.Max(FaultKind.All[i - 5].Length + 1, 5)));
        text.Append('\n');
    }

    // The addresses of threads and entries differ from build to build.
    private static string Comparable(Fault fault) => FaultKind.False.Contains(fault.Kind) ? fault.Text.Split(' ')[0] : fault.Text;

    private int FirstOf(string set) => results.Index().First(pair => pair.Item.State.Set == set).Index;

    private static string Fraction((int Right, int All) count) => count.All == 0 ? "." : Invariant($"{count.Right}/{count.All}");

    private static string Percent((int Right, int All) count) =>
        Invariant($"{count.Right} of {count.All} ({100.0 * count.Right / Math.Max(count.All, 1):0.0} %)");

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
