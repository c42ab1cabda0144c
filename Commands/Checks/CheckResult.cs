using System.Runtime.CompilerServices;
using LockLeak.Kernel;

namespace LockLeak.Checks;

/// <summary>A comparison whose two sides differ.</summary>
/// <param name="Text">One sentence.</param>
/// <param name="Subjects">Addresses of the threads, entries and locks that it is about.</param>
internal sealed record Disagreement(string Text, IReadOnlyList<ulong> Subjects);

/// <summary>What one check has come to.</summary>
internal sealed class CheckResult
{
    /// <summary>Disagreements that are kept; of more than these only the number is known.</summary>
    private const int Kept = 1000;

    private readonly List<Disagreement> disagreements = [];

    /// <summary>Comparisons whose sides agree.</summary>
    public int Agreed { get; private set; }

    /// <summary>Comparisons whose sides differ.</summary>
    public int Disagreed { get; private set; }

    /// <summary>Comparisons in all.</summary>
    public int Made => Agreed + Disagreed;

    /// <summary>The first of those that differ.</summary>
    public IReadOnlyList<Disagreement> Disagreements => disagreements;

    /// <summary>True when so many differ that it is not single structures which are damaged: the fields lie elsewhere.</summary>
    public bool IsLayoutInDoubt => Disagreed > 1 && 2 * Disagreed >= Made;

    /// <summary>Counts comparisons whose sides agree.</summary>
    public void Agree(int times = 1) => Agreed += times;

    /// <summary>Counts a comparison.</summary>
    /// <param name="agrees">True when its sides agree.</param>
    /// <param name="text">What the two sides are, put together only when they differ.</param>
    /// <param name="subjects">Addresses of the threads, entries and locks that it is about.</param>
    public void Compare(bool agrees, [InterpolatedStringHandlerArgument(nameof(agrees))] ref WantedText text,
        params ReadOnlySpan<ulong> subjects)
    {
        if (text.IsWanted)
        {
            Disagree(text.Text(), subjects.ToArray());
        }
        else
        {
            Agree();
        }
    }

    /// <summary>Counts one whose sides differ.</summary>
    /// <param name="text">What the two sides are.</param>
    /// <param name="subjects">Addresses of the threads, entries and locks that it is about.</param>
    public void Disagree(string text, params IReadOnlyList<ulong> subjects)
    {
        Disagreed++;
        if (disagreements.Count < Kept)
        {
            disagreements.Add(new Disagreement(text, subjects));
        }
    }

    /// <summary>The same with only those disagreements that another look has come to as well.</summary>
    public CheckResult ConfirmedBy(CheckResult other)
    {
        var confirmed = new CheckResult { Agreed = Agreed };
        HashSet<string> again = [.. other.disagreements.Select(Key)];
        foreach (Disagreement disagreement in disagreements)
        {
            if (again.Contains(Key(disagreement)))
            {
                confirmed.Disagree(disagreement.Text, disagreement.Subjects);
            }
            else
            {
                confirmed.Agree();
            }
        }

        return confirmed;
    }

    private static string Key(Disagreement disagreement) => string.Join(' ', disagreement.Subjects);
}
