using System.Globalization;
using System.Text.RegularExpressions;

namespace LockLeak.Build;

/// <summary>How many tests passed and failed, as the summary says with which dotnet test ends.</summary>
internal sealed partial class TestCounts
{
    /// <summary>Tests that passed.</summary>
    public int Passed { get; private set; }

    /// <summary>Tests that failed.</summary>
    public int Failed { get; private set; }

    /// <summary>Tests that could not be run here.</summary>
    public int Skipped { get; private set; }

    /// <summary>Takes a line of its output.</summary>
    public void Read(string line)
    {
        if (Count().Match(line) is not { Success: true } count)
        {
            return;
        }

        int number = int.Parse(count.Groups["number"].Value, CultureInfo.InvariantCulture);
        switch (count.Groups["what"].Value)
        {
            case "succeeded":
                Passed = number;
                break;
            case "failed":
                Failed = number;
                break;
            default:
                Skipped = number;
                break;
        }
    }

    /// <summary>
    /// "3 skipped: they cannot run here" on a line of its own where there are any, then "12 passed, 0 failed", which is always
    /// the last line.
    /// </summary>
    public override string ToString() =>
        $"{(Skipped > 0 ? $"{Skipped} skipped: they cannot run here\n" : "")}{Passed} passed, {Failed} failed";

    // "  succeeded: 12" of the summary of dotnet test on Microsoft.Testing.Platform.
    [GeneratedRegex(@"^\s*(?<what>succeeded|failed|skipped): (?<number>\d+)$")]
    private static partial Regex Count();
}
