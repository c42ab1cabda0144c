namespace LockLeak.Kernel;

/// <summary>What the user has to know about an answer besides the answer: what could not be read, what was cut off.</summary>
internal sealed class Notes
{
    /// <summary>A broken target could fill the screen; past this number notes are only counted.</summary>
    private const int Limit = 40;

    private readonly List<string> lines = [];
    private readonly HashSet<string> seen = new(StringComparer.Ordinal);
    private int dropped;

    /// <summary>
    /// True when something that the answer needs could not be read: what was not found may still be there, so that its
    /// absence means nothing.
    /// </summary>
    public bool HasGaps { get; private set; }

    /// <summary>Adds a line about something that could not be read and may have changed the answer.</summary>
    public void AddGap(string line)
    {
        HasGaps = true;
        Add(line);
    }

    /// <summary>Adds a line, once.</summary>
    public void Add(string line)
    {
        if (lines.Count == Limit)
        {
            dropped += seen.Contains(line) ? 0 : 1;
        }
        else if (seen.Add(line))
        {
            lines.Add(line);
        }
    }

    /// <summary>All lines in the order in which they came.</summary>
    public IReadOnlyList<string> Lines => dropped == 0 ? lines : [.. lines, $"{dropped} more notes are left out."];
}
