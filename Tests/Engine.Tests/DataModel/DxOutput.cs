using System.Text.RegularExpressions;

namespace LockLeak.Engine.Tests.DataModel;

/// <summary>What <c>dx -r2</c> prints for a list of objects, taken apart.</summary>
internal static partial class DxOutput
{
    /// <summary>As many as dx shows of one list.</summary>
    private const int Page = 100;

    /// <summary>All elements of the list that a query gives.</summary>
    public static IReadOnlyList<IReadOnlyDictionary<string, string>> Ask(Debugger debugger, string query)
    {
        var all = new List<IReadOnlyDictionary<string, string>>();
        List<IReadOnlyDictionary<string, string>> page;
        do
        {
            Answer answer = debugger.Run($"dx -r2 {query}.Skip({all.Count}).Take({Page})");
            Assert.AreEqual("", answer.Errors, query);
            Assert.DoesNotContain("Error:", answer.Output, query);
            page = Elements(answer.Output);
            all.AddRange(page);
        }
        while (page.Count == Page);
        return all;
    }

    /// <summary>The elements of a list, each with its keys as they are printed, without the types.</summary>
    private static List<IReadOnlyDictionary<string, string>> Elements(string output)
    {
        var elements = new List<IReadOnlyDictionary<string, string>>();
        Dictionary<string, string>? element = null;
        foreach (Match line in Line().Matches(output.ReplaceLineEndings("\n")))
        {
            if (line.Groups["indent"].Length == 4)
            {
                elements.Add(element = []);
            }
            else if (line.Groups["indent"].Length == 8)
            {
                element!.Add(line.Groups["key"].Value, Type().Replace(line.Groups["value"].Value, "").TrimEnd());
            }
        }

        return elements;
    }

    [GeneratedRegex(@"^(?<indent> +)(?<key>\S+) *(: (?<value>.*))?$", RegexOptions.Multiline)]
    private static partial Regex Line();

    [GeneratedRegex(@" \[Type: [^]]*\]$")]
    private static partial Regex Type();
}
