namespace LockLeak.Kernel;

/// <summary>The debugger's own table of pool tags: which binary allocates memory of a tag.</summary>
/// <remarks>
/// It is pooltag.txt, to which users may add (https://learn.microsoft.com/windows-hardware/drivers/debuggercmds/-pool). A line is
/// "PoolTag - binary-name - Description"; in a tag ? stands for any letter and * for all that follow
/// (https://github.com/kodybrown/rktools2k3/blob/master/pooltag.txt).
/// </remarks>
internal sealed class PoolTagTable(IEnumerable<string> lines)
{
    private const int LongestTag = 4;
    private const string Separator = " - ";
    private const string Unknown = "<unknown>";

    private readonly Dictionary<string, string?> known = [];

    /// <summary>
    /// The binary of a tag, "ntfs.sys" or "nt!mm", by the line that has most of its letters; null when no line has one, or the line says
    /// that it is not known.
    /// </summary>
    /// <param name="tag">Up to four letters, "NtFs".</param>
    public string? OwnerOf(string tag)
    {
        if (!known.TryGetValue(tag, out string? owner))
        {
            int most = -1;
            foreach (string line in lines)
            {
                string[] parts = line.Split(Separator, 3);
                if (parts.Length > 1 && IsName(parts[1].Trim()) && Letters(parts[0].TrimEnd(), tag) is var letters && letters > most)
                {
                    (most, owner) = (letters, parts[1].Trim());
                }
            }

            owner = owner == Unknown ? null : owner;
            known.Add(tag, owner);
        }

        return owner;
    }

    /// <summary>How many letters of a tag stand in a line's pattern; -1 when the pattern is not that of the tag.</summary>
    private static int Letters(string pattern, string tag)
    {
        if (pattern.Length is 0 or > LongestTag)
        {
            return -1;
        }

        int same = 0;
        for (int i = 0; i < LongestTag && Letter(pattern, i) != '*'; i++)
        {
            if (Letter(pattern, i) == Letter(tag, i))
            {
                same++;
            }
            else if (Letter(pattern, i) != '?')
            {
                return -1;
            }
        }

        return same;
    }

    /// <summary>A short tag has blanks at its end.</summary>
    private static char Letter(string tag, int index) => index < tag.Length ? tag[index] : ' ';

    private static bool IsName(string text) => text.Length > 0 && text.All(letter => letter is > ' ' and <= '~');
}
