namespace LockLeak.Kernel;

/// <summary>What the user has to know about an answer besides the answer: what could not be read, what was cut off.</summary>
public sealed class Notes
{
    /// <summary>A broken target could fill the screen; past this number notes are only counted.</summary>
    private const int Limit = 40;

    private readonly List<string> lines = [];
    private readonly HashSet<string> seen = new(StringComparer.Ordinal);
    private int dropped;

    /// <summary>True when a list of processes or threads ended before its end: what was not found may still be there.</summary>
    public bool HasBreaks { get; private set; }

    /// <summary>Adds a line about a list that ended before its end.</summary>
    public void AddBreak(string line)
    {
        HasBreaks = true;
        Add(line);
    }

    /// <summary>Adds a line, once.</summary>
    public void Add(string line)
    {
        if (!seen.Add(line))
        {
            return;
        }

        if (lines.Count < Limit)
        {
            lines.Add(line);
        }
        else
        {
            dropped++;
        }
    }

    /// <summary>All lines in the order in which they came.</summary>
    public IReadOnlyList<string> Lines => dropped == 0 ? lines : [.. lines, $"{dropped} more notes are left out."];
}
